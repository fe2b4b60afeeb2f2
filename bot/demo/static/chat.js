// The chat of one person: bubbles, cards with buttons, time in the middle. New lines are added, changed ones replaced.

import { withIcons } from "./icons.js";

const GAP = 20; // minutes without a word, after which the time is shown again

export function make(tag, className = "", ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children.filter((c) => c !== null && c !== undefined));
  return node;
}

export class Chat {
  constructor(root, words, on) {
    Object.assign(this, { root, words, on, key: "", nodes: new Map(), picked: null });
    this.sticky = true;
    root.addEventListener("scroll", () => (this.sticky = root.scrollHeight - root.scrollTop - root.clientHeight < 60));
  }

  stick() {
    this.sticky = true;
  }

  show(key, lines, name) {
    const anew = key !== this.key;
    this.root.classList.toggle("still", anew);
    if (anew) this.clear(key, name);
    let before = null;
    for (const line of lines) {
      this.place(line, before);
      before = line;
    }
    if (anew || this.sticky) this.toEnd();
  }

  clear(key, name) {
    this.key = key;
    this.nodes.clear();
    this.root.replaceChildren();
    this.root.dataset.chat = name;
    this.sticky = true;
    if (name === "private") this.root.append(make("p", "note", this.words.private_empty));
  }

  place(line, before) {
    const now = JSON.stringify(line);
    const old = this.nodes.get(line.id);
    if (old && old.json === now) return;
    const node = this.draw(line);
    if (old) {
      const spoken = JSON.stringify(line.segments) !== old.said;
      node.classList.add(spoken ? "changed" : "same");
      old.node.replaceWith(node);
    } else {
      if (!before || before.day !== line.day || line.minute - before.minute > GAP)
        this.root.append(make("p", "when", !before || before.day !== line.day ? `${line.day} ${line.clock}` : line.clock));
      this.root.append(node);
    }
    this.nodes.set(line.id, { json: now, said: JSON.stringify(line.segments), node });
  }

  toEnd() {
    this.root.scrollTop = this.root.scrollHeight;
    requestAnimationFrame(() => (this.root.scrollTop = this.root.scrollHeight));
  }

  draw(line) {
    if (line.opened) return make("p", "note", this.words.opened_private.replace("{name}", line.from.name));
    const row = make("article", `line ${line.mine ? "mine" : ""} ${line.from.key === "bot" ? "bot" : ""}`);
    const said = make("div", "said", make("span", "who", line.from.name), this.bubble(line), this.quoted(line), this.below(line));
    row.append(make("span", `avatar ${line.from.key}`, line.from.letter), said);
    row.dataset.id = line.id;
    return row;
  }

  bubble(line) {
    const bubble = make("div", "bubble");
    for (const ref of line.photos) bubble.append(this.photo(ref));
    const text = make("p", "text");
    for (const segment of line.segments) text.append(this.segment(segment));
    if (text.textContent || text.children.length) bubble.append(text);
    const buttons = line.buttons.filter((row) => row.length);
    for (const row of buttons) bubble.append(make("div", "buttons", ...row.map((b) => this.button(line, b))));
    bubble.addEventListener("click", (event) => {
      if (!event.target.closest("button")) this.pick(line.id);
    });
    return bubble;
  }

  segment(segment) {
    const span = make("span", segment.mention ? `mention ${segment.me ? "me" : ""}` : segment.bold ? "bold" : "");
    span.append(segment.mention ? `@${segment.text}` : withIcons(segment.text));
    return span;
  }

  photo(ref) {
    const image = make("img", "photo");
    image.src = `/static/photo-${encodeURIComponent(ref)}.svg`;
    image.alt = this.words[`photo_${ref}`] || this.words.photo;
    return image;
  }

  button(line, button) {
    const node = make("button", "", button.label);
    node.type = "button";
    node.addEventListener("click", () => this.on.onButton(line, button));
    return node;
  }

  quoted(line) {
    if (!line.reply) return null;
    return make("p", "quoted", withIcons(`${line.reply.name}: ${line.reply.text.replaceAll("\n", " ")}`));
  }

  below(line) {
    const below = make("div", "below");
    if (line.edited) below.append(make("span", "", this.words.edited));
    if (line.silent) below.append(make("span", "silent", this.words.silent));
    below.append(...this.became(line));
    const reply = make("button", "act", this.words.reply);
    reply.addEventListener("click", () => this.on.onReply(line));
    below.append(reply);
    if (line.mine && line.segments.some((s) => s.text)) {
      const change = make("button", "act", this.words.edit);
      change.addEventListener("click", () => this.on.onEdit(line));
      below.append(change);
    }
    for (const act of below.querySelectorAll("button")) act.type = "button";
    return below;
  }

  became(line) {
    const { kind, tickets } = line.became || { kind: "", tickets: [] };
    const word = this.words.marks[kind];
    if (!word) return [];
    if (!tickets.length) return kind === "ignored" && !line.segments.some((s) => s.text) ? [] : [make("span", kind, word)];
    return tickets.map((number) => {
      const link = make("button", `link ${kind}`, word.replace("{number}", number));
      link.addEventListener("click", () => this.on.onTicket(number));
      return link;
    });
  }

  pick(id) {
    const again = this.picked === id;
    for (const node of this.root.querySelectorAll(".picked")) node.classList.remove("picked");
    this.picked = again ? null : id;
    if (!again) this.nodes.get(id).node.classList.add("picked");
    if (this.sticky) this.toEnd();
  }
}
