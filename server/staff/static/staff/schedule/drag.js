// Drag in the week: over an empty place for a new entry, a block to move it, its lower edge to make
// it longer or shorter.  Snaps to a quarter of an hour, with Shift to five minutes.  By touch a
// long press takes hold, so that swipes still turn the days.

import { DAY, clock, hoursOf, minutes, place, wall } from "./positions.js";

const SNAP = 15;
const FINE = 5;
const HOLD_MS = 450;
const EDGE_PX = 9;
const STILL_PX = 5;

export class Drag {
  /** `dropped(what)`: {kind: "new" | "move", begin, end, block} with wall times. */
  constructor(week, dropped) {
    this.week = week;
    this.scroll = week.querySelector("[data-week-scroll]");
    this.dropped = dropped;
    this.scroll.addEventListener("pointerdown", (event) => this.down(event));
    this.scroll.addEventListener("dragstart", (event) => event.preventDefault());
  }

  down(event) {
    if (event.button !== 0 || !this.week.hasAttribute("data-can-arrange")) return;
    const body = event.target.closest("[data-day-body]");
    if (!body) return;
    const block = event.target.closest("[data-block]");
    if (block && !block.hasAttribute("data-can-change")) return;
    this.hold = { event, body, block, at: this.minute(body, event), x: event.clientX, y: event.clientY };
    const listening = new AbortController();
    this.listening = listening;
    const more = { signal: listening.signal };
    addEventListener("pointermove", (moved) => this.move(moved), more);
    addEventListener("pointerup", (up) => this.up(up), more);
    addEventListener("pointercancel", () => this.stop(), more);
    addEventListener("keydown", (key) => key.key === "Escape" && this.stop(), more);
    if (event.pointerType === "touch") {
      this.timer = setTimeout(() => this.begin(), HOLD_MS);
      addEventListener("touchmove", (touch) => this.ghost && touch.preventDefault(),
        { ...more, passive: false });
      addEventListener("contextmenu", (menu) => menu.preventDefault(), more);
    }
  }

  /** The minute of the day under the pointer. */
  minute(body, event) {
    const box = body.getBoundingClientRect();
    const [first, last] = hoursOf(this.week);
    const share = (event.clientY - box.top) / box.height;
    return Math.min(last, Math.max(first, first + share * (last - first)));
  }

  begin() {
    const { block, body, event } = this.hold;
    this.ghost = document.createElement("div");
    this.ghost.className = "ghost";
    this.scroll.classList.add("is-dragging");
    if (block) {
      this.from = minutes(block.dataset.starts);
      this.length = minutes(block.dataset.ends) - this.from;
      const below = block.getBoundingClientRect().bottom - event.clientY;
      this.resizes = below < EDGE_PX && !block.classList.contains("goes-on");
    }
    body.append(this.ghost);
    if (event.pointerType === "touch") navigator.vibrate?.(15);
    this.draw(event);
  }

  move(event) {
    if (event.pointerId !== this.hold.event.pointerId) return;
    const far = Math.hypot(event.clientX - this.hold.x, event.clientY - this.hold.y) > STILL_PX;
    if (!this.ghost && far) {
      if (event.pointerType === "touch") return this.stop();
      this.begin();
    }
    if (this.ghost) this.draw(event);
  }

  draw(event) {
    const snap = event.shiftKey ? FINE : SNAP;
    const round = (minute) => Math.round(minute / snap) * snap;
    const { block, body, at } = this.hold;
    const under = document.elementsFromPoint(event.clientX, event.clientY)
      .find((each) => each.matches?.("[data-day-body]"));
    const target = (block && !this.resizes && under) || body;
    const now = this.minute(target, event);
    const midnight = minutes(`${target.closest("[data-day]").dataset.day}T00:00`);
    if (!block) {
      const [from, to] = [Math.min(at, now), Math.max(at, now)];
      const begin = Math.floor(from / snap) * snap;
      this.span = [midnight + begin, midnight + Math.max(begin + snap, Math.ceil(to / snap) * snap)];
    } else if (this.resizes) {
      const end = Math.max(this.from + snap, midnight + round(now));
      this.span = [this.from, end];
    } else {
      const home = minutes(`${body.closest("[data-day]").dataset.day}T00:00`);
      const by = round(midnight + now - home - at);
      this.span = [this.from + by, this.from + by + this.length];
    }
    this.show(target, midnight);
  }

  show(body, midnight) {
    const [begin, end] = this.span.map((each) => each - midnight);
    body.append(this.ghost);
    place(this.ghost, Math.max(0, begin), Math.min(DAY, Math.max(end, 1)));
    const [from, to] = this.span.map((each) => clock(((each % DAY) + DAY) % DAY));
    this.ghost.textContent = `${from}–${to}`;
  }

  up(event) {
    if (event.pointerId !== this.hold.event.pointerId) return;
    const { block } = this.hold;
    const [span, dragged] = [this.span, Boolean(this.ghost)];
    this.stop();
    if (!dragged || !span) return;
    addEventListener("click", (click) => click.preventDefault(), { capture: true, once: true });
    setTimeout(() => removeEventListener("click", () => {}, { capture: true }));
    this.dropped({ kind: block ? "move" : "new", begin: wall(span[0]), end: wall(span[1]), block });
  }

  stop() {
    clearTimeout(this.timer);
    this.listening?.abort();
    this.ghost?.remove();
    this.ghost = null;
    this.span = null;
    this.scroll.classList.remove("is-dragging");
  }
}
