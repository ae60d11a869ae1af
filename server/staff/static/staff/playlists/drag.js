// Moving by pointer (mouse, pen, finger) without any library: rows within the strip, and things from
// the library into it.  A gap shows where it will be; the page scrolls at its edges; Escape cancels.
// By keyboard: Alt+↑ and Alt+↓ on a row.

const THRESHOLD_PX = 5;
const EDGE_PX = 72;
const FASTEST_PX = 18;

export class Drag {
  // `begin(event)` says what is dragged: {ids | asset, ghost} or null; `drop(what, place)` does it.
  constructor(place, begin, drop) {
    Object.assign(this, { place, begin, drop });
  }

  listen(root) {
    root.addEventListener("pointerdown", (event) => this.down(event));
  }

  down(event) {
    if (event.button !== 0 || this.active) return;
    const what = this.begin(event);
    if (!what) return;
    const from = [event.clientX, event.clientY];
    const source = event.target;
    const stop = new AbortController();
    const options = { signal: stop.signal };
    const end = (isDropped) => {
      stop.abort();
      if (this.active) this.finish(isDropped);
    };
    window.addEventListener("pointermove", (moved) => {
      if (moved.pointerId !== event.pointerId) return;
      const far = Math.hypot(moved.clientX - from[0], moved.clientY - from[1]);
      if (!this.active && far > THRESHOLD_PX) this.start(what, source);
      if (this.active) this.move(moved.clientX, moved.clientY);
    }, options);
    window.addEventListener("pointerup", () => end(true), options);
    window.addEventListener("pointercancel", () => end(false), options);
    window.addEventListener("blur", () => end(false), options);
    window.addEventListener("keydown", (pressed) => { if (pressed.key === "Escape" && this.active) { pressed.preventDefault(); end(false); } }, options);
    window.addEventListener("touchmove", (touched) => { if (this.active) touched.preventDefault(); }, { ...options, passive: false });
    if (event.pointerType === "mouse") event.preventDefault(); // no selection of text
  }

  start(what, source) {
    const ghost = what.ghost.cloneNode(true);
    const size = what.ghost.getBoundingClientRect();
    ghost.classList.add("drag-ghost");
    ghost.inert = true;
    for (const field of ghost.querySelectorAll("[name]")) field.removeAttribute("name");
    ghost.style.width = `${Math.min(size.width, 360)}px`;
    if (what.ids?.length > 1) ghost.dataset.count = what.ids.length;
    const gap = document.createElement("li");
    gap.className = "clip-gap";
    gap.style.height = `${Math.min(what.ids ? size.height : 88, 120)}px`;
    document.body.append(ghost);
    document.body.classList.add("is-dragging");
    for (const id of what.ids ?? []) this.rowOf(id)?.classList.add("is-dragged");
    this.active = { what, ghost, gap, source, at: null };
    if (what.ids) what.ghost.before(gap);
    const scroll = () => {
      if (!this.active) return;
      this.scroll();
      requestAnimationFrame(scroll);
    };
    requestAnimationFrame(scroll);
  }

  rowOf(id) { return [...this.place.children].find((each) => each.dataset.item === id); }

  move(x, y) {
    const { ghost } = this.active;
    this.active.at = [x, y];
    ghost.style.transform = `translate(${x + 12}px, ${y + 8}px)`;
    this.point(x, y);
  }

  // Puts the gap where the pointer is; outside the strip there is none for what comes from elsewhere.
  point(x, y) {
    const { what, gap } = this.active;
    const zone = this.place.parentElement.getBoundingClientRect();
    const isOver = x > zone.left - 24 && x < zone.right + 24;
    if (!isOver) { if (!what.ids) gap.remove(); return; }
    const rows = [...this.place.children].filter((each) => each !== gap && !each.classList.contains("is-dragged"));
    const next = rows.find((each) => { const box = each.getBoundingClientRect(); return y < box.top + box.height / 2; });
    if (next) { if (gap.nextElementSibling !== next) next.before(gap); }
    else if (this.place.lastElementChild !== gap) this.place.append(gap);
  }

  scroll() {
    const at = this.active?.at;
    if (!at) return;
    const [x, y] = at;
    const below = y - (innerHeight - EDGE_PX), above = EDGE_PX - y;
    const by = below > 0 ? below : above > 0 ? -above : 0;
    if (!by) return;
    window.scrollBy(0, Math.sign(by) * Math.min(FASTEST_PX, Math.abs(by) / 4));
    this.point(x, y);
  }

  finish(isDropped) {
    const { what, ghost, gap } = this.active;
    const kept = [...this.place.children].filter((each) => each === gap || !each.classList.contains("is-dragged"));
    const place = kept.indexOf(gap);
    this.active = null;
    ghost.remove();
    gap.remove();
    document.body.classList.remove("is-dragging");
    for (const each of this.place.children) each.classList.remove("is-dragged");
    if (isDropped && place >= 0) this.drop(what, place);
    // The click that follows a drag is none.
    const swallow = (event) => { event.preventDefault(); event.stopPropagation(); };
    window.addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => window.removeEventListener("click", swallow, { capture: true }), 0);
  }
}
