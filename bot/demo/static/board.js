// The tickets beside the chat: how each stands, why it was opened, what happened to it.

import { make } from "./chat.js";

// Learned words come one by one: together they are one reason.
function gathered(because) {
  const found = new Map();
  for (const { rule, words, weight } of because) {
    const one = found.get(rule) || { rule, words: [], weight: 0 };
    found.set(rule, { rule, words: [...new Set([...one.words, ...words])], weight: one.weight + weight });
  }
  return [...found.values()];
}

export class Board {
  constructor(root, counts, badge, words) {
    Object.assign(this, { root, counts, badge, words, opened: new Set(), json: "" });
  }

  show(tickets) {
    const json = JSON.stringify(tickets);
    if (json === this.json) return;
    this.unfoldNewest(tickets);
    this.json = json;
    this.tickets = tickets;
    this.count(tickets);
    this.draw();
  }

  // The newest matter lies open: at first the one still in hand, later whatever was just registered.
  unfoldNewest(tickets) {
    const newest = tickets.length ? tickets[0].number : 0;
    const first = this.newest === undefined || newest < this.newest;
    const unfolded = first ? tickets.find((t) => t.open)?.number : newest;
    if (newest !== this.newest && unfolded) this.opened = new Set([unfolded]);
    this.newest = newest;
  }

  open(number) {
    this.opened.add(number);
    this.draw();
    this.root.querySelector(`[data-number="${number}"]`)?.scrollIntoView({ behavior: "smooth", block: "start" });
  }

  count(tickets) {
    const open = tickets.filter((t) => t.open).length;
    const late = tickets.filter((t) => t.light === "red").length;
    const done = tickets.filter((t) => !t.open && t.state !== "void").length;
    const say = (key, count) => this.words[key].replace("{count}", count);
    const late_word = late ? [make("b", "late", say("count_late", late))] : [];
    this.counts.replaceChildren(make("span", "", say("count_open", open)), make("span", "", say("count_done", done)), ...late_word);
    this.badge.textContent = open;
    this.badge.hidden = !open;
  }

  draw() {
    if (!this.tickets.length) this.root.replaceChildren(make("p", "none", this.words.tickets_none));
    else this.root.replaceChildren(...this.tickets.map((t) => this.ticket(t)));
  }

  ticket(t) {
    const card = make("details", `ticket ${t.light} ${t.private ? "private" : ""}`);
    card.dataset.number = t.number;
    card.open = this.opened.has(t.number);
    card.append(this.head(t), t.hidden ? make("p", "hidden-note", this.words.private_hidden) : this.inside(t));
    card.addEventListener("toggle", () => (card.open ? this.opened.add(t.number) : this.opened.delete(t.number)));
    return card;
  }

  head(t) {
    const chips = make("span", "chips");
    if (t.urgent) chips.append(make("i", "urgent", this.words.urgent_chip));
    if (t.private) chips.append(make("i", "private", this.words.private_chip));
    if (t.category) chips.append(make("i", "", t.category));
    if (t.households > 1) chips.append(make("i", "many", this.words.households.replace("{count}", t.households)));
    const who = this.words.assignee.replace("{name}", t.assignee || this.words.nobody);
    const due = t.open ? make("span", `due ${t.light}`, this.words.due.replace("{due}", t.due)) : null;
    return make(
      "summary", "",
      make("span", "first", make("b", "number", `#${t.number}`), make("span", "title", t.title), make("span", `state ${t.state}`, t.state_word)),
      chips,
      make("span", "last", make("span", "", who + t.first), due),
    );
  }

  inside(t) {
    const box = make("div", "inside");
    const text = make("blockquote", "", ...this.marked(t), make("cite", "", t.reporter));
    box.append(make("h3", "", this.words.said), text);
    if (t.photos.length) box.append(make("div", "thumbs", ...t.photos.map((ref) => this.thumb(ref))));
    box.append(make("h3", "", this.words.why_head), this.why(t), make("h3", "", this.words.history_head), this.history(t));
    return box;
  }

  thumb(ref) {
    const image = make("img", "thumb");
    image.src = `/static/photo-${encodeURIComponent(ref)}.svg`;
    image.alt = this.words[`photo_${ref}`] || "";
    return image;
  }

  // The words that woke a rule, marked where they stand in the sentence.
  marked(t) {
    const found = [];
    for (const reason of t.because)
      if (reason.weight >= 0 && !reason.learned)
        for (const word of reason.words) {
          const at = word.length > 1 ? t.text.indexOf(word) : -1;
          if (at >= 0) found.push([at, at + word.length]);
        }
    found.sort((a, b) => a[0] - b[0]);
    const parts = [];
    let done = 0;
    for (const [from, to] of found) {
      if (to <= done) continue;
      const begin = Math.max(from, done);
      parts.push(t.text.slice(done, begin), make("mark", "", t.text.slice(begin, to)));
      done = to;
    }
    parts.push(t.text.slice(done));
    return parts;
  }

  why(t) {
    if (t.by_hand) return make("p", "score", this.words.why_by_hand);
    const { open, ask } = this.words.thresholds;
    const numbers = (key) => this.words[key].replace("{score}", t.score).replace("{open}", open).replace("{ask}", ask);
    const list = make("ul", "because");
    const reasons = gathered(t.because);
    const most = Math.max(...reasons.map((r) => Math.abs(r.weight)), 0.1);
    for (const reason of reasons.sort((a, b) => b.weight - a.weight)) {
      const bar = make("i", reason.weight < 0 ? "bar against" : "bar");
      bar.style.width = `${Math.round((44 * Math.abs(reason.weight)) / most)}px`;
      const size = Math.abs(reason.weight).toFixed(2);
      const weight = size === "0.00" ? "" : (reason.weight > 0 ? "+" : "−") + size;
      list.append(make("li", "", make("span", "rule", reason.rule), make("span", "woke", reason.words.join(" ")), make("span", "weight", bar, weight)));
    }
    const urgent = t.urgent ? make("p", "score", numbers("why_urgent")) : null;
    const box = make("div", "", make("p", "score", numbers("why_score")), urgent, list);
    box.append(make("p", "version", this.words.version.replace("{version}", t.version)));
    return box;
  }

  history(t) {
    const rows = t.history.map((e) => make("li", e.kind, make("time", "", e.when), make("span", "", make("b", "", e.what), e.by ? ` ${e.by}` : "", e.note ? make("q", "", e.note) : null)));
    return make("ol", "history", ...rows);
  }
}
