// The week: turn it, take hold of its blocks by mouse, touch or keyboard, and see what became of
// it.  Without script every block is a link to its form, and weeks turn by links too.

import { call, Lost, Refusal } from "../request.js";
import { toast } from "../toasts.js";
import { word } from "../words.js";
import { Drag } from "./drag.js";
import { PART } from "./entry.js";
import { Panel } from "./panel.js";
import { minutes, wall } from "./positions.js";

const STEP = 15;
const FINE = 5;
const DAY = 1440;
const SETTLE_MS = 600;

const root = document.querySelector("[data-week-page]");

class Week {
  constructor(root) {
    this.root = root;
    this.holder = root.querySelector("#week");
    this.address = location.href;
    this.panel = new Panel(root.querySelector("[data-panel]"), () => this.draw());
    this.ask = document.querySelector("[data-ask-scope]");
    root.addEventListener("click", (event) => this.clicked(event));
    root.addEventListener("submit", (event) => this.act(event));
    root.addEventListener("keydown", (event) => this.pressed(event));
    root.addEventListener("change", (event) => {
      if (event.target.id === "place") event.target.form.requestSubmit();
    });
    document.querySelector("[data-new]")?.addEventListener("click", (event) => {
      event.preventDefault();
      this.panel.open(event.currentTarget.href);
    });
    this.drawn();
    this.toNow();
    setInterval(() => this.tick(), 30_000);
  }

  /** The address of a new entry, for this screen or group. */
  get create() {
    const { create, place } = this.week.dataset;
    return `${create}?${place}`;
  }

  get week() { return this.holder.querySelector("[data-week]"); }

  /** After each drawing: what needs script is shown. */
  drawn() {
    new Drag(this.week, (what) => this.dropped(what));
    for (const each of this.week.querySelectorAll("[data-print], [data-hint]")) each.hidden = false;
    this.week.querySelector("[data-go]").hidden = true;
    this.root.toggleAttribute("data-ready", true);
  }

  toNow() {
    const scroll = this.week.querySelector("[data-week-scroll]");
    const today = scroll.querySelector(".is-today") ?? scroll.querySelector(".day");
    scroll.scrollLeft = today.offsetLeft - scroll.querySelector(".axis").offsetWidth;
    const line = scroll.querySelector("[data-now]");
    if (line) scroll.scrollTop = line.offsetTop - scroll.clientHeight / 2;
  }

  tick() {
    const line = this.week.querySelector("[data-now]");
    if (!line) return;
    const minute = Number(line.dataset.h) * 60 + Number(line.dataset.m) + 0.5;
    line.dataset.h = Math.floor(Math.min(minute, DAY - 1) / 60);
    line.dataset.m = Math.floor(minute % 60);
  }

  /** Fetch the week anew, at its address or another, and keep where it was scrolled to. */
  async draw(address = this.address) {
    let html;
    try {
      html = await call("GET", address, undefined, PART);
    } catch (error) {
      // Without a connection the week stays as it stands; else the page itself says what is wrong.
      return error instanceof Lost ? this.lost(() => this.draw(address)) : location.assign(address);
    }
    const before = this.week.querySelector("[data-week-scroll]");
    const [top, left] = [before.scrollTop, before.scrollLeft];
    this.holder.innerHTML = html;
    const after = this.week.querySelector("[data-week-scroll]");
    [after.scrollTop, after.scrollLeft] = [top, left];
    this.address = address;
    this.drawn();
  }

  /** Say that the server is out of reach, with a button to do the same again. */
  lost(again) {
    toast(word("lost"), { tone: "error", undo: again, undoLabel: this.week.dataset.again });
  }

  clicked(event) {
    const turn = event.target.closest("[data-turn]");
    if (turn) {
      event.preventDefault();
      history.pushState(null, "", turn.href);
      return this.draw(turn.href);
    }
    if (event.target.closest("[data-print]")) return print();
    const block = event.target.closest("a[data-block][href]:not([data-look-only])");
    if (block && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      this.open(block);
    }
  }

  open(block) {
    const scope = block.hasAttribute("data-repeats") ? "&scope=one" : "";
    this.panel.open(block.href + scope, block);
  }

  /** Forms of the week itself. */
  async act(event) {
    const form = event.target;
    if (form.method !== "post" || form.closest("[data-panel]")) return;
    event.preventDefault();
    form.closest("details")?.removeAttribute("open");
    await this.send(form.action, new FormData(form));
  }

  async send(address, body) {
    try {
      await call("POST", address, body, PART);
    } catch (error) {
      if (error instanceof Lost) return this.lost(() => this.send(address, body));
      if (!(error instanceof Refusal)) throw error; // what was refused is said in a toast
    }
    await this.draw();
  }

  async dropped({ kind, begin, end, block }) {
    if (kind === "move") return this.shift(block, begin, minutes(end) - minutes(begin));
    const query = new URLSearchParams({ from: begin, to: end });
    await this.panel.open(`${this.create}&${query}`);
  }

  /** Move a block to begin at a wall time and last so many minutes; ask which, if it repeats. */
  async shift(block, begin, length) {
    const scope = block.hasAttribute("data-repeats") ? await this.which() : "all";
    if (!scope) return this.draw();
    const body = new FormData();
    const told = { at: block.dataset.at, to: `${begin}:00`, minutes: length, scope,
      version: block.dataset.version };
    for (const [name, value] of Object.entries(told)) body.set(name, value);
    await this.send(new URL("move/", new URL(block.getAttribute("href"), location.href)), body);
    this.unheld(block);
    this.week.querySelector(`[data-starts="${begin}"][href]`)?.focus();
  }

  /** A block that could not be moved says its own hours again. */
  unheld(block) {
    if (block.isConnected && block.dataset.hours) {
      block.querySelector(".block-hours").textContent = block.dataset.hours;
    }
  }

  which() {
    return new Promise((chosen) => {
      this.ask.returnValue = "";
      this.ask.addEventListener("close", () => chosen(this.ask.returnValue), { once: true });
      this.ask.showModal();
    });
  }

  /** Keys on a block: arrows move it, with Shift they change its length; Alt makes steps fine. */
  pressed(event) {
    const block = event.target.closest("[data-block]");
    const by = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!block || !by || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    if (!block.hasAttribute("data-can-change")) return;
    const step = event.altKey ? FINE : STEP;
    const held = this.held?.block === block ? this.held : {
      block, begin: minutes(block.dataset.starts),
      length: minutes(block.dataset.ends) - minutes(block.dataset.starts),
    };
    if (event.shiftKey) held.length = Math.max(step, held.length + by[0] * step);
    else held.begin += by[0] * step + by[1] * DAY;
    this.held = held;
    block.dataset.hours ??= block.querySelector(".block-hours").textContent;
    block.querySelector(".block-hours").textContent =
      `${wall(held.begin).slice(5).replace("T", " ")}–${wall(held.begin + held.length).slice(11)}`;
    clearTimeout(this.settling);
    this.settling = setTimeout(() => this.settle(), SETTLE_MS);
  }

  settle() {
    const { block, begin, length } = this.held;
    this.held = null;
    this.shift(block, wall(begin), length);
  }
}

if (root) {
  const week = new Week(root);
  addEventListener("popstate", () => week.draw(location.href));
}
