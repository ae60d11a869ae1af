// The stage's pictures for a reel, kept by what is in them: one that was seen before, in whatever
// reel, is there at once.  Asked for one after the other, what is shown now before what comes next.

import { Lost, Refusal } from "../request.js";

const KEPT = 60;
const TRIES = 4;
const PAUSE_MS = 1200;

export class Pictures {
  constructor() {
    this.kept = new Map(); // picture → object URL
    this.asked = new Map();
    this.queue = Promise.resolve();
    this.isBroken = false;
  }

  of(reel) {
    this.reel = reel;
    this.isBroken = false;
    this.wanted = [];
  }

  has(span) { return this.kept.has(span.picture); }

  known(span) { return this.kept.get(span.picture) ?? null; }

  get(span) {
    const known = this.kept.get(span.picture);
    if (known) return Promise.resolve(known);
    const asked = this.asked.get(span.picture) ?? this.fetch(span, this.reel).finally(() => this.asked.delete(span.picture));
    this.asked.set(span.picture, asked);
    return asked;
  }

  ahead(spans) {
    if (this.isBroken) return;
    this.wanted = spans.filter((each) => !this.has(each) && !this.asked.has(each.picture));
    this.pull();
  }

  async pull() {
    if (this.pulling) return;
    this.pulling = true;
    while (this.wanted.length && !this.isBroken) await this.get(this.wanted.shift()).catch(() => {});
    this.pulling = false;
  }

  async fetch(span, reel) {
    const query = new URLSearchParams({ of: reel.of, at: span.drawn });
    for (let tries = 1; ; tries += 1) {
      const answer = await fetch(`${reel.frames}?${query}`, { headers: { Accept: "image/png, application/json" } }).catch(() => null);
      if (answer?.ok) return this.keep(span.picture, await answer.blob());
      const told = await answer?.json().catch(() => null);
      const isPassing = answer && answer.status === 503 && told?.error?.code === "BUSY";
      if (isPassing && tries < TRIES) { await new Promise((resume) => setTimeout(resume, PAUSE_MS)); continue; }
      this.isBroken = true;
      throw answer ? new Refusal(answer.status, told) : new Lost("");
    }
  }

  keep(picture, blob) {
    const address = URL.createObjectURL(blob);
    this.kept.set(picture, address);
    if (this.kept.size > KEPT) {
      const [oldest, gone] = this.kept.entries().next().value;
      this.kept.delete(oldest);
      URL.revokeObjectURL(gone);
    }
    return address;
  }
}
