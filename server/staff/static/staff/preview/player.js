// Plays a reel: the timeline as the scheduler made it, with the stage's own picture for each span,
// films by the browser in their zones, and transitions as in the manifest.  Nothing is decided here
// but the position; what is on at a position is looked up in the reel.
//
// Events: `picture` (detail: the span that is shown now).

import { Lost } from "../request.js";
import { Pictures } from "./pictures.js";
import { Glass } from "./glass.js";

const FAST = 8;
const AHEAD = 3;
const NEXT_SHOWN = 4;
const SEEK_MS = 10_000;

export class Player extends EventTarget {
  constructor(root, load) {
    super();
    Object.assign(this, { root, load, at: 0, speed: 1, isPlaying: false });
    this.glass = new Glass(this.part("glass"));
    this.pictures = new Pictures();
    root.addEventListener("click", (event) => this.act(event.target.closest("[data-do]")?.dataset.do));
    root.addEventListener("keydown", (event) => this.key(event));
    this.part("scrub").addEventListener("input", (event) => this.seek(this.reel?.since + Number(event.target.value)));
  }

  part(name) { return this.root.querySelector(`[data-${name}]`); }

  // Takes a new reel; goes on with the same item if it is still there, else from the beginning.
  async reload() {
    const turn = (this.turn = (this.turn ?? 0) + 1);
    let reel;
    try { reel = await this.load(); } catch (error) { this.note(error instanceof Lost ? this.root.dataset.lost : error.message); return; }
    if (turn !== this.turn) return;
    const before = this.span, into = before ? this.at - before.at : 0;
    this.reel = reel;
    this.pictures.of(reel);
    this.glass.shape(reel);
    const same = before && reel.spans.find((each) => each.picture === before.picture);
    this.span = null;
    this.part("scrub").max = Math.max(0, reel.until - reel.since);
    const isEmpty = !reel.spans.some((each) => each.parts.length);
    if (isEmpty) { this.glass.clear(); this.note(this.root.dataset.empty); }
    this.seek(same ? Math.min(same.at + into, same.until - 1) : reel.since);
  }

  act(name) {
    if (name === "play") this.play(!this.isPlaying);
    if (name === "back") this.step(-1);
    if (name === "forward") this.step(1);
    if (name === "speed") this.setSpeed(this.speed === 1 ? FAST : 1);
    if (name === "large") this.large();
  }

  key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const isRange = event.target.matches("input[type=range]");
    const act = {
      " ": () => this.play(!this.isPlaying), k: () => this.play(!this.isPlaying), Home: () => this.seek(this.reel?.since),
      ArrowLeft: () => (event.shiftKey ? this.seek(this.at - SEEK_MS) : this.step(-1)),
      ArrowRight: () => (event.shiftKey ? this.seek(this.at + SEEK_MS) : this.step(1)),
      x: () => this.setSpeed(this.speed === 1 ? FAST : 1), f: () => this.large(),
      Escape: () => this.root.classList.contains("is-large") && this.large(),
    }[event.key];
    if (!act || (event.key === " " && event.target.matches("button")) || (isRange && event.key === "Home")) return;
    event.preventDefault();
    act();
  }

  play(isPlaying) {
    if (!this.reel) return;
    this.isPlaying = isPlaying;
    const button = this.root.querySelector("[data-do=play]");
    button.setAttribute("aria-pressed", isPlaying);
    for (const sign of button.querySelectorAll("[data-sign]")) sign.hidden = (sign.dataset.sign === "pause") !== isPlaying;
    this.last = performance.now();
    this.glass.play(isPlaying ? this.speed : 0);
    if (isPlaying) requestAnimationFrame((now) => this.tick(now));
  }

  setSpeed(speed) {
    this.speed = speed;
    this.part("speed").textContent = speed;
    this.root.querySelector("[data-do=speed]").setAttribute("aria-pressed", speed !== 1);
    if (this.isPlaying) this.glass.play(speed);
  }

  tick(now) {
    if (!this.isPlaying) return;
    const passed = Math.min(now - this.last, 1000) * this.speed;
    this.last = now;
    if (this.isReady) this.to(this.at + passed, true); // a picture that is being drawn is waited for
    requestAnimationFrame((next) => this.tick(next));
  }

  get isReady() { return !this.span || this.pictures.has(this.span) || this.pictures.isBroken; }

  seek(at) {
    if (!this.reel || Number.isNaN(at)) return;
    this.to(Math.min(Math.max(at, this.reel.since), this.reel.until - 1), false);
  }

  step(by) {
    if (!this.reel) return;
    const spans = this.reel.spans, now = spans.indexOf(this.span);
    const next = spans[Math.min(Math.max(now + by, 0), spans.length - 1)];
    if (next) this.seek(next.at);
  }

  to(at, isFlow) {
    if (at >= this.reel.until) { at = this.reel.since; isFlow = false; } // and from the beginning
    this.at = at;
    const span = this.spanAt(at);
    if (span !== this.span) this.enter(span, isFlow);
    if (!isFlow) this.glass.seek(at);
    this.tell();
  }

  spanAt(at) {
    const known = this.span;
    if (known && known.at <= at && at < known.until) return known;
    return this.reel.spans.findLast((each) => each.at <= at) ?? this.reel.spans[0];
  }

  async enter(span, isFlow) {
    const before = this.span;
    this.span = span;
    this.dispatchEvent(new CustomEvent("picture", { detail: span }));
    this.next();
    if (!span?.parts.length && !span?.layout) { if (!span) return; }
    const known = this.pictures.known(span);
    if (!known) this.note(this.root.dataset.drawing);
    const picture = known ?? await this.pictures.get(span).catch((error) => { this.note(error.message); return null; });
    if (this.span !== span || !picture) return;
    this.note("");
    this.glass.show(span, picture, isFlow ? before : null, this.speed);
    this.glass.seek(this.at);
    this.glass.play(this.isPlaying ? this.speed : 0);
    const spans = this.reel.spans, place = spans.indexOf(span);
    this.pictures.ahead(spans.slice(place + 1, place + 1 + AHEAD));
  }

  next() {
    const place = this.reel.spans.indexOf(this.span);
    const coming = this.reel.spans.slice(place + 1, place + 1 + NEXT_SHOWN);
    this.part("next").replaceChildren(...coming.map((span) => {
      const line = document.createElement("li");
      const when = document.createElement("time");
      when.textContent = this.clock(span.at);
      line.append(when, " ", titles(span) || this.root.dataset.nothing);
      return line;
    }));
  }

  tell() {
    this.part("scrub").value = this.at - this.reel.since;
    const text = this.clock(this.at);
    if (this.part("time").textContent !== text) this.part("time").textContent = text;
    this.part("scrub").setAttribute("aria-valuetext", `${text} ${titles(this.span ?? { parts: [] })}`);
  }

  clock(at) {
    this.format ??= new Intl.DateTimeFormat(document.documentElement.lang, { timeZone: this.reel.timezone, hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
    return this.format.format(at);
  }

  note(text) {
    this.part("note").textContent = text;
    this.part("note").hidden = !text;
  }

  large() {
    const isLarge = this.root.classList.toggle("is-large");
    this.root.querySelector("[data-do=large]").setAttribute("aria-pressed", isLarge);
    this.root.focus();
  }
}

function titles(span) {
  return span.parts.map((part) => part.title).join(" · ");
}
