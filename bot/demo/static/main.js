// The page: keeps the picture of the server's room, lets the visitor be one of four people, and shows what they see.

import { say as send, press, start, edit, move, reset, watch } from "./net.js";
import { Chat } from "./chat.js";
import { Board } from "./board.js";
import { Story } from "./story.js";
import { withIcons } from "./icons.js";

const $ = (id) => document.getElementById(id);
const words = JSON.parse($("words").textContent);
const narrow = matchMedia("(max-width: 899px)");

const state = { who: "wang", chat: "residents", view: null, answers: null, edits: null };
const seen = {}; // "room/who/chat" -> number of the newest message that was looked at
const toasted = {}; // "room/who" -> number of the last toast that was shown

const chat = new Chat($("lines"), words, {
  onButton: (line, button) => pressed(line, button),
  onReply: (line) => quote(line, false),
  onEdit: (line) => quote(line, true),
  onTicket: (number) => openTicket(number),
});
const board = new Board($("tickets"), $("counts"), $("open-count"), words);
const feed = watch(() => state.who, shown, (lost) => ($("lost").hidden = !lost));
const story = new Story(words.story, $("story"), {
  become, sendText, pressOn, wander, restart, typing: $("text"), quoteLine: (line) => quote(line, false),
  findLine: (chatName, action) => findLine(chatName, action), shownMark: () => state.view && state.view.mark, words,
});

function shown(view) {
  if (view.who !== state.who) return;
  state.view = view;
  if (!view.chats[state.chat]) state.chat = "residents";
  markSeen();
  for (const [id, value] of [["day", view.day], ["clock", view.clock], ["phone-day", view.day], ["phone-clock", view.clock]])
    $(id).textContent = value;
  drawChats();
  drawPeople();
  chat.show(`${view.room}/${state.who}/${state.chat}`, view.chats[state.chat], state.chat);
  board.show(view.tickets);
  showToasts(view);
}

function markSeen() {
  seen[`${state.view.room}/${state.who}/${state.chat}`] = state.view.newest[state.who][state.chat];
}

function isNew(who, name) {
  const key = `${state.view.room}/${who}/${name}`;
  if (!(key in seen)) seen[key] = firstLook ? state.view.newest[who][name] : 0;
  return state.view.newest[who][name] > seen[key];
}

let firstLook = true;
let firstRoom = null;

function drawChats() {
  if (firstRoom !== state.view.room) {
    firstRoom = state.view.room;
    firstLook = true; // what happened before the visitor came is not news
    for (const [who, chats] of Object.entries(state.view.newest)) for (const name of Object.keys(chats)) isNew(who, name);
    firstLook = false;
  }
  const titles = { residents: words.chat_residents, staff: words.chat_staff, private: words.chat_private };
  $("chats").replaceChildren(
    ...Object.keys(state.view.chats).map((name) => {
      const tab = document.createElement("button");
      tab.type = "button";
      tab.role = "tab";
      tab.ariaSelected = String(name === state.chat);
      tab.textContent = titles[name];
      if (name !== state.chat && isNew(state.who, name)) tab.append(dot());
      tab.onclick = () => go(name);
      return tab;
    }),
  );
  const title = { residents: words.town.residents_group, staff: words.town.staff_group, private: words.town.bot };
  $("chat-title").textContent = title[state.chat];
  $("text").placeholder = state.chat === "private" ? words.placeholder_private : words.placeholder;
}

function dot() {
  const dot = document.createElement("i");
  dot.className = "dot";
  return dot;
}

function drawPeople() {
  for (const button of $("people").children) {
    const who = button.dataset.who;
    button.ariaChecked = String(who === state.who);
    button.querySelector(".dot").hidden = !(who !== state.who && isNew(who, "private"));
  }
}

function drawSamples() {
  const fitting = words.samples.filter((s) => s.chat === state.chat && s.who.includes(state.who));
  const head = document.createElement("span");
  head.textContent = words.samples_head;
  $("samples").replaceChildren(
    head,
    ...fitting.map((sample) => {
      const chip = document.createElement("button");
      chip.type = "button";
      chip.title = sample.text;
      chip.className = `chip ${sample.kind}`;
      chip.textContent = sample.label;
      chip.onclick = () => send(state.who, state.chat, sample.text, null, sample.photo || null);
      return chip;
    }),
  );
  $("samples").hidden = fitting.length === 0;
}

function become(who, name = null) {
  const changed = who !== state.who;
  state.who = who;
  if (name) state.chat = name;
  else if (changed && state.chat === "private") state.chat = "residents";
  quote(null, false);
  drawSamples();
  for (const button of $("people").children) button.ariaChecked = String(button.dataset.who === who);
  return changed ? feed.again() : Promise.resolve(state.view && shown(state.view));
}

function go(name) {
  state.chat = name;
  quote(null, false);
  drawSamples();
  shown(state.view);
}

function quote(line, editing) {
  state.answers = line && !editing ? line : null;
  state.edits = line && editing ? line : null;
  $("quoting").hidden = !line;
  if (!line) return;
  const text = line.segments.map((s) => s.text).join("");
  const shownText = editing ? words.editing : `${line.from.name}: ${text.replaceAll("\n", " ")}`;
  $("quoting").querySelector("span").replaceChildren(withIcons(shownText));
  if (editing) $("text").value = text;
  if (!story.playing) $("text").focus();
}

async function sendText(text) {
  const { answers, edits } = state;
  quote(null, false);
  $("text").value = "";
  chat.stick();
  if (edits) await edit(state.who, state.chat, edits.id, text);
  else await send(state.who, state.chat, text, answers && answers.id, null);
}

async function pressed(line, button) {
  if (button.start === null) return press(state.who, state.chat, line.id, button.action);
  await become(state.who, "private");
  return start(state.who, button.start);
}

function findLine(name, action) {
  const lines = (state.view && state.view.chats[name]) || [];
  for (const line of [...lines].reverse())
    for (const button of line.buttons.flat())
      if (button.action === action || button.start === action) return { line, button };
  return null;
}

function pressOn(name, action) {
  const found = findLine(name, action);
  return found ? pressed(found.line, found.button) : Promise.resolve();
}

async function wander(to) {
  $("moves").classList.add("busy");
  await move(state.who, to);
  $("moves").classList.remove("busy");
}

async function restart() {
  await reset(state.who);
  await feed.again();
}

function openTicket(number) {
  pane("tickets");
  board.open(number);
}

function pane(name) {
  document.body.dataset.pane = name;
}

let toastTimer = 0;
function showToasts(view) {
  const key = `${view.room}/${view.who}`;
  const last = view.toasts.at(-1);
  const fresh = key in toasted && last && last[0] > toasted[key];
  toasted[key] = last ? last[0] : 0;
  if (!fresh) return;
  $("toast").textContent = last[1];
  $("toast").hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => ($("toast").hidden = true), 3800);
}

$("people").onclick = (event) => {
  const button = event.target.closest("[data-who]");
  if (!button) return;
  story.stop();
  if (narrow.matches) pane("chat");
  become(button.dataset.who);
};
$("moves").onclick = (event) => {
  const to = event.target.dataset.to;
  if (!to) return;
  story.stop();
  chat.stick();
  if (narrow.matches) pane("chat");
  wander(to);
};
$("panes").onclick = (event) => {
  const button = event.target.closest("[data-pane]");
  if (button) pane(button.dataset.pane);
};
$("composer").onsubmit = (event) => {
  event.preventDefault();
  if ($("text").value.trim()) sendText($("text").value);
};
$("camera").onclick = () => ($("photos").hidden = !$("photos").hidden);
$("photos").onclick = (event) => {
  const button = event.target.closest("[data-photo]");
  if (!button) return;
  $("photos").hidden = true;
  const answers = state.answers;
  const text = $("text").value;
  $("text").value = "";
  quote(null, false);
  chat.stick();
  send(state.who, state.chat, text, answers && answers.id, button.dataset.photo);
};
$("quoting").querySelector("button").onclick = () => {
  if (state.edits) $("text").value = "";
  quote(null, false);
};
$("play").onclick = () => {
  if (narrow.matches) pane("chat");
  story.play();
};
$("reset").onclick = () => {
  if (!confirm(words.reset_sure)) return;
  story.stop();
  if (narrow.matches) pane("chat");
  restart();
};

become("wang", "residents");
