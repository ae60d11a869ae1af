// Saves the draft by itself, a moment after each change, and hears what others saved.  What both
// changed is put together by the server; only what both changed to different values is asked about.
// Without a connection everything is kept in this browser and sent later.

import { call, Lost, Refusal } from "../request.js";
import { copy, identity, isSame } from "./patch.js";
import { say } from "./words.js";

const PAUSE_MS = 700;
const ASK_MS = 5_000;
const AGAIN_MS = 8_000;
const KEEPALIVE_BYTES = 60_000;

export class Saver extends EventTarget {
  constructor(form, draft, things, state) {
    super();
    Object.assign(this, { form, draft, things });
    this.version = state.version;
    this.base = copy(state.stored);
    this.kept = `playlist:${location.pathname}`;
    this.clashes = [];
    draft.addEventListener("change", () => this.later(PAUSE_MS));
    addEventListener("online", () => this.later(0));
    addEventListener("pagehide", () => this.leave());
    document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") this.ask(); });
    setInterval(() => this.ask(), ASK_MS);
    this.recover();
  }

  get isDirty() { return !isSame(this.base, this.draft.list); }

  later(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), pause);
  }

  async save() {
    if (!this.isDirty || this.isStopped || this.clashes.length) return;
    if (this.running) { this.again = true; return; }
    this.running = true;
    const sent = copy(this.draft.list);
    this.tell("saving", say("saving"));
    try {
      const answer = await call("POST", this.form.dataset.save, { version: this.version, base: this.base, mine: sent });
      this.take(answer, sent);
      this.tell("saved", say("saved", answer.changed_at));
      this.dispatchEvent(new CustomEvent("saved"));
      if (answer.is_merged) this.dispatchEvent(new CustomEvent("theirs", { detail: { by: answer.changed_by, isMerged: true } }));
    } catch (error) {
      this.failed(error, sent);
    } finally {
      this.running = false;
      if (this.again || (this.isDirty && !this.trouble)) { this.again = false; this.later(PAUSE_MS); }
    }
  }

  take(answer, sent) {
    this.trouble = null;
    this.version = answer.version;
    this.base = copy(answer.stored);
    Object.assign(this.things, answer.assets);
    this.form.elements.version.value = answer.version;
    localStorage.removeItem(this.kept);
    this.draft.adopt(answer.mine ?? answer.stored, sent);
  }

  failed(error, sent) {
    if (error instanceof Lost) {
      this.trouble = "lost";
      this.remember();
      this.tell("waiting", say("waiting"));
      setTimeout(() => this.save(), AGAIN_MS);
    } else if (error instanceof Refusal) {
      this.refused(error, sent);
    } else throw error;
  }

  refused(error, sent) {
    const told = error.told ?? {};
    if (told.clashes?.length) {
      this.take(told, sent);
      this.clashes = told.clashes;
      this.tell("refused", say("refused"));
      this.dispatchEvent(new CustomEvent("clash", { detail: { clashes: told.clashes, by: told.changed_by } }));
      return;
    }
    this.trouble = "refused";
    this.remember();
    this.tell("refused", error.message);
    if (error.status === 404) { this.isStopped = true; this.dispatchEvent(new CustomEvent("gone")); }
    const details = told.error?.details ?? {};
    this.dispatchEvent(new CustomEvent("mistakes", { detail: Object.entries(details).map(([field, text]) => {
      const place = /^items\.(\d+)$/.exec(field);
      const item = place && sent.items[place[1] - 1];
      return [item ? identity(item) : "", text];
    }) }));
  }

  settled() { this.clashes = []; this.later(0); }

  // What others saved: taken as it is if nothing waits here, put together by saving if it does.
  async ask() {
    if (document.visibilityState !== "visible" || this.running || this.isStopped || this.clashes.length) return;
    if (this.isDirty) { if (this.trouble !== "refused") this.save(); return; }
    const moving = this.draft.list.items.map((item) => item.asset).filter((pk) => ["received", "processing"].includes(this.things[pk]?.state));
    const query = new URLSearchParams({ version: this.version, assets: [...new Set(moving)].join(",") });
    try {
      const answer = await call("GET", `${this.form.dataset.state}?${query}`);
      if (!answer || this.running) return;
      const isNew = answer.version !== this.version;
      if (isNew && this.isDirty) { this.save(); return; }
      if (isNew) this.take(answer, this.draft.list);
      else { Object.assign(this.things, answer.assets); this.draft.tell("adopt"); }
      if (isNew) this.dispatchEvent(new CustomEvent("theirs", { detail: { by: answer.changed_by, isMerged: false } }));
    } catch (error) {
      if (error instanceof Refusal && error.status === 404) { this.isStopped = true; this.dispatchEvent(new CustomEvent("gone")); }
      else if (!(error instanceof Lost || error instanceof Refusal)) throw error;
    }
  }

  remember() {
    const told = { version: this.version, base: this.base, mine: this.draft.list };
    try { localStorage.setItem(this.kept, JSON.stringify(told)); } catch { /* full: the page still has it */ }
  }

  // What a browser kept when it was closed without a connection: put together with what is stored.
  recover() {
    const kept = JSON.parse(localStorage.getItem(this.kept) ?? "null");
    if (!kept || isSame(kept.mine, this.base)) { localStorage.removeItem(this.kept); return; }
    this.version = kept.version;
    this.base = kept.base;
    this.draft.adopt(kept.mine, this.draft.list);
    this.dispatchEvent(new CustomEvent("recovered"));
    this.later(0);
  }

  leave() {
    if (!this.isDirty || this.isStopped) return;
    this.remember();
    const body = JSON.stringify({ version: this.version, base: this.base, mine: this.draft.list });
    if (body.length > KEEPALIVE_BYTES) return;
    const seal = this.form.elements.csrfmiddlewaretoken.value;
    fetch(this.form.dataset.save, { method: "POST", body, keepalive: true, headers: { "X-CSRFToken": seal, "Content-Type": "application/json" } }).catch(() => {});
  }

  tell(state, text) {
    const place = document.getElementById("saved-state");
    place.textContent = text;
    place.dataset.state = state;
  }
}
