// What the page asks of the server: acts of people, and news of the room.

async function post(path, body) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  }).catch(() => null);
  return answer !== null && answer.ok;
}

export const say = (who, chat, text, replyTo, photo) => post("/say", { who, chat, text, reply_to: replyTo, photo });
export const edit = (who, chat, message, text) => post("/edit", { who, chat, message, text });
export const press = (who, chat, message, action) => post("/press", { who, chat, message, action });
export const start = (who, parameter) => post("/start", { who, parameter });
export const move = (who, to) => post("/move", { who, to });
export const reset = (who) => post("/reset", { who });

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

// Asks for news for ever; `again` drops the waiting request, as when the visitor becomes somebody else.
export function watch(who, onNews, onLost) {
  let asking = new AbortController();
  let waiting = [];
  let mark = "";

  async function ask() {
    const mine = (asking = new AbortController());
    const answer = await fetch(`/view?who=${who()}&seen=${encodeURIComponent(mark)}`, { signal: mine.signal });
    if (!answer.ok) throw new Error(String(answer.status));
    const view = await answer.json();
    if (mine.signal.aborted) return;
    mark = view.mark;
    onNews(view);
    onLost(false);
    for (const done of waiting.splice(0)) done(view);
  }

  async function forEver() {
    let failed = 0;
    for (;;) {
      try {
        await ask();
        failed = 0;
      } catch (fault) {
        if (fault.name === "AbortError") continue;
        failed += 1;
        if (failed > 2) onLost(true);
        await pause(Math.min(500 * failed, 3000));
      }
    }
  }
  queueMicrotask(forEver);

  return {
    again() {
      mark = "";
      const told = new Promise((done) => waiting.push(done));
      asking.abort();
      return told;
    },
  };
}
