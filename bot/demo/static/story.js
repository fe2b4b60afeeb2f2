// The story that plays itself: each step is done through the same page that the visitor uses. It can be stopped.

const TYPE = 55; // ms a character
const READ = 3600; // ms to look at what came of a step

export class Story {
  constructor(steps, root, stage) {
    Object.assign(this, { steps, root, stage, run: 0, playing: false, skip: null });
    root.querySelector("#stop").onclick = () => this.stop();
    root.querySelector("#next").onclick = () => this.skip && this.skip();
  }

  stop() {
    this.run += 1;
    this.playing = false;
    this.root.hidden = true;
    if (this.skip) this.skip();
  }

  async play() {
    this.stop();
    const mine = this.run;
    this.playing = true;
    await this.stage.restart();
    for (const [i, step] of this.steps.entries()) {
      if (mine !== this.run) return;
      await this.stage.become(step.who, step.chat);
      this.caption(step.caption, i);
      await this.pause(1500);
      if (mine !== this.run) return;
      await this.act(step, mine);
      await this.pause(READ);
    }
    if (mine !== this.run) return;
    this.caption(this.stage.words.story_end, this.steps.length - 1);
    await this.pause(READ);
    if (mine === this.run) this.stop();
  }

  caption(text, at) {
    this.root.hidden = false;
    this.root.querySelector("#caption").textContent = text;
    this.root.querySelector("#steps").textContent = `${at + 1} / ${this.steps.length}`;
  }

  async act(step, mine) {
    if (step.answers) {
      const found = this.stage.findLine(step.chat, step.answers);
      if (found) this.stage.quoteLine(found.line);
    }
    if (step.say && (await this.type(step.say, mine))) await this.stage.sendText(step.say);
    if (step.press) await this.stage.pressOn(step.chat, step.press);
    if (step.move) await this.stage.wander(step.move);
  }

  async type(text, mine) {
    const field = this.stage.typing;
    for (let i = 1; i <= text.length; i += 1) {
      if (mine !== this.run) return (field.value = "") !== "";
      field.value = text.slice(0, i);
      await new Promise((done) => setTimeout(done, TYPE));
    }
    return true;
  }

  pause(ms) {
    return new Promise((done) => {
      const timer = setTimeout(done, ms);
      this.skip = () => {
        clearTimeout(timer);
        done();
      };
    });
  }
}
