// The canvas: draws the zones, and turns pointer and keys into changes of one zone.
import { GRID, HANDLES, moved, sized, within } from "./geometry.js";

const SVG = "http://www.w3.org/2000/svg";

/** How near a line must be to be snapped to, and how large handles are, in pixels of the window. */
const REACH_PX = 8;
const HANDLE_PX = 10;
const TOUCH_PX = 40;

const made = (name, attributes = {}, parent = null) => {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  parent?.append(element);
  return element;
};

export class Canvas {
  #svg;
  #desk;
  #drag = null;
  #guides = [];

  /** `desk` has state, chosen, pictures, view, say(zone), choose(id), place(id, place), done(). */
  constructor(frame, desk) {
    this.#desk = desk;
    this.#svg = made("svg", { class: "layout-picture layout-canvas-live", role: "group" });
    this.#svg.setAttribute("aria-label", frame.querySelector("svg").getAttribute("aria-label"));
    frame.replaceChildren(this.#svg);
    this.#svg.addEventListener("pointerdown", (event) => this.#down(event));
    this.#svg.addEventListener("pointermove", (event) => this.#move(event));
    this.#svg.addEventListener("pointerup", (event) => this.#up(event));
    this.#svg.addEventListener("pointercancel", () => this.cancel());
    this.#svg.addEventListener("keydown", (event) => this.#key(event));
    new ResizeObserver(() => this.draw()).observe(frame);
  }

  /** Pixels of the canvas in one pixel of the window. */
  get #unit() {
    const { width, height } = this.#desk.state; // an upright canvas is limited by its height
    return Math.max(width / Math.max(1, this.#svg.clientWidth), height / Math.max(1, this.#svg.clientHeight));
  }

  draw() {
    const { state, view } = this.#desk;
    const focused = this.#svg.contains(document.activeElement) ? document.activeElement.dataset.id : null;
    this.#svg.setAttribute("viewBox", `0 0 ${state.width} ${state.height}`);
    this.#svg.style.aspectRatio = `${state.width} / ${state.height}`;
    this.#svg.classList.toggle("shows-frame", Boolean(view.frame));
    this.#svg.style.fontSize = `${Math.max(12 * this.#unit, 1)}px`;
    this.#svg.replaceChildren();
    made("rect", { class: "layout-ground", width: "100%", height: "100%", fill: state.background }, this.#svg);
    if (view.frame) made("image", { href: view.frame, width: state.width, height: state.height, preserveAspectRatio: "none" }, this.#svg);
    for (const zone of state.zones.toSorted((a, b) => a.z - b.z)) this.#zone(zone);
    if (view.safe) this.#safe(state);
    this.#lines(state);
    const chosen = state.zones.find((zone) => zone.id === this.#desk.chosen);
    if (chosen) this.#handles(chosen);
    if (focused) this.#svg.querySelector(`[data-id="${focused}"]`)?.focus();
  }

  #zone(zone) {
    const { desk, unit } = { desk: this.#desk, unit: this.#unit };
    const chosen = zone.id === desk.chosen;
    const group = made("g", {
      class: `zone${chosen ? " is-chosen" : ""}${desk.wrong.has(zone.slug) ? " is-wrong" : ""}`,
      tabindex: "0", role: "button", "aria-pressed": String(chosen), "aria-label": desk.say(zone), "data-id": zone.id,
    }, this.#svg);
    const box = made("svg", { x: zone.x, y: zone.y, width: Math.max(1, zone.width), height: Math.max(1, zone.height) }, group);
    made("rect", { class: "layout-zone", width: "100%", height: "100%" }, box);
    const picture = desk.pictures[zone.playlist];
    if (picture && !desk.view.frame) made("image", { href: picture, width: "100%", height: "100%", preserveAspectRatio: "xMidYMid slice" }, box);
    made("rect", { class: "layout-edge", width: "100%", height: "100%" }, box);
    const label = made("foreignObject", { width: "100%", height: "100%" }, box);
    const text = document.createElement("div");
    text.className = "zone-label";
    const name = document.createElement("strong");
    name.textContent = zone.name || zone.slug;
    const size = document.createElement("span");
    size.textContent = `${zone.width} × ${zone.height}`;
    text.append(name, size);
    label.append(text);
    if (zone.height < 44 * unit) text.classList.add("zone-label-low");
  }

  #safe(state) {
    const inset = { x: state.width * 0.05, y: state.height * 0.05, width: state.width * 0.9, height: state.height * 0.9 };
    made("rect", { class: "safe-area", ...inset }, this.#svg);
  }

  #lines(state) {
    for (const { axis, at } of this.#guides) {
      const ends = axis === "x" ? { x1: at, x2: at, y1: 0, y2: state.height } : { x1: 0, x2: state.width, y1: at, y2: at };
      made("line", { class: "guide", ...ends }, this.#svg);
    }
  }

  #handles(zone) {
    const unit = this.#unit;
    for (const handle of HANDLES) {
      const x = zone.x + zone.width * (handle.includes("w") ? 0 : handle.includes("e") ? 1 : 0.5);
      const y = zone.y + zone.height * (handle.includes("n") ? 0 : handle.includes("s") ? 1 : 0.5);
      const group = made("g", { class: `handle handle-${handle}`, "data-handle": handle }, this.#svg);
      const touch = Math.min(TOUCH_PX * unit, Math.max(zone.width, zone.height) / 2);
      made("rect", { class: "handle-touch", x: x - touch / 2, y: y - touch / 2, width: touch, height: touch }, group);
      const size = HANDLE_PX * unit;
      made("rect", { class: "handle-mark", x: x - size / 2, y: y - size / 2, width: size, height: size, rx: 2 * unit }, group);
    }
  }

  #point(event) {
    const place = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.#svg.getScreenCTM().inverse());
    return { x: place.x, y: place.y };
  }

  #down(event) {
    if (event.button !== 0 || this.#drag) return;
    const handle = event.target.closest("[data-handle]")?.dataset.handle ?? null;
    const id = handle ? this.#desk.chosen : event.target.closest("[data-id]")?.dataset.id;
    if (!id) return this.#desk.choose(null);
    event.preventDefault();
    this.#desk.choose(id);
    const zone = this.#desk.state.zones.find((each) => each.id === id);
    this.#drag = { id, handle, from: this.#point(event), zone: { ...zone }, pointer: event.pointerId };
    this.#svg.setPointerCapture(event.pointerId);
    this.#svg.querySelector(`[data-id="${id}"]`)?.focus({ preventScroll: true });
  }

  #move(event) {
    if (!this.#drag || event.pointerId !== this.#drag.pointer) return;
    const { id, handle, from, zone } = this.#drag;
    const to = this.#point(event);
    const { state, view } = this.#desk;
    const others = state.zones.filter((each) => each.id !== id);
    const reach = view.snap && !event.altKey ? REACH_PX * this.#unit : 0;
    const by = [to.x - from.x, to.y - from.y];
    if (!this.#drag.moved && Math.hypot(...by) < 3 * this.#unit) return;
    this.#drag.moved = true;
    const found = handle ? sized(zone, handle, ...by, others, state, reach) : moved(zone, ...by, others, state, reach);
    this.#guides = found.guides;
    this.#desk.place(id, found.place);
  }

  #up(event) {
    if (!this.#drag || event.pointerId !== this.#drag.pointer) return;
    const { moved: hasMoved } = this.#drag;
    this.#drag = null;
    this.#guides = [];
    if (hasMoved) this.#desk.done();
    this.draw();
  }

  /** Put a zone that is being dragged back. */
  cancel() {
    if (!this.#drag) return;
    const { id, zone } = this.#drag;
    this.#drag = null;
    this.#guides = [];
    this.#desk.place(id, zone);
    this.draw();
  }

  #key(event) {
    const id = event.target.closest("[data-id]")?.dataset.id;
    if (!id) return;
    if (event.key === "Escape") return this.cancel();
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      return this.#desk.choose(id);
    }
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!way) return;
    event.preventDefault();
    this.#desk.choose(id);
    const [dx, dy] = way.map((each) => each * (event.shiftKey ? GRID : 1));
    const { state } = this.#desk;
    const zone = state.zones.find((each) => each.id === id);
    const place = event.altKey
      ? sized(zone, "se", dx, dy, [], state, 0).place
      : within({ ...zone, x: zone.x + dx, y: zone.y + dy }, state);
    this.#desk.place(id, place);
    this.#desk.done();
  }
}
