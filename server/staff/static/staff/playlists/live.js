// The live preview of the draft: the server compiles what is in the page, saved or not, and hands
// over the timeline that the scheduler makes of it.

import { call } from "../request.js";
import { Player } from "../preview/player.js";
import { copy } from "./patch.js";

const PAUSE_MS = 600;
const LEAST_MINUTES = 2;
const MOST_MINUTES = 60;

export class LivePreview {
  constructor(form, draft) {
    Object.assign(this, { form, draft });
    this.on = form.querySelector("#preview-on");
    this.player = new Player(form.querySelector("[data-player]"), () => this.load());
    for (const kind of ["change", "adopt"]) draft.addEventListener(kind, () => this.later());
    const aside = form.querySelector(".list-preview"); // the library below it knows its height by this
    new ResizeObserver(() => form.style.setProperty("--preview-height", `${aside.offsetHeight}px`)).observe(aside);
    this.on.addEventListener("change", () => this.player.reload());
    this.player.addEventListener("picture", ({ detail }) => this.mark(detail));
    this.player.reload();
  }

  later() {
    const text = JSON.stringify(this.draft.list);
    if (text === this.shown) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.player.reload(), PAUSE_MS);
  }

  async load() {
    const mine = copy(this.draft.list);
    this.shown = JSON.stringify(mine);
    const reel = await call("POST", this.form.dataset.reel, { mine, on: this.on.value, minutes: this.minutes });
    this.names = reel.names;
    return reel;
  }

  // Two rounds, so that the end meets the beginning once.
  get minutes() {
    const whole = Number(this.form.querySelector("#run-time").dataset.ms) || 0;
    return Math.min(MOST_MINUTES, Math.max(LEAST_MINUTES, Math.ceil((2 * whole) / 60_000)));
  }

  // The row of what is shown just now.
  mark(span) {
    const ids = new Set((span?.parts ?? []).map((part) => this.names[part.item.replace(/^(?:t\d+\.)?(i\d+).*$/, "$1")]));
    for (const row of this.form.querySelectorAll(".clip")) row.classList.toggle("is-on-air", ids.has(row.dataset.item));
  }
}
