// Several items at once: ticked one by one, from one to another with Shift, or all.

import { say } from "./words.js";

export class Selection {
  constructor(form, draft, strip, settings, act) {
    Object.assign(this, { form, draft, strip, settings, act });
    this.bar = form.querySelector("#selection");
    this.all = form.querySelector("#tick-all");
    strip.place.addEventListener("click", (event) => { if (event.target.matches("[data-tick]")) this.tick(event); });
    this.all.addEventListener("change", () => this.tickAll(this.all.checked));
    this.bar.addEventListener("click", (event) => {
      const name = event.target.closest("[data-selected]")?.dataset.selected;
      if (name === "settings") settings.ofItems(this.ids);
      else if (name) act(name, this.ids);
    });
    strip.place.addEventListener("keydown", (event) => {
      const isTyped = event.target.matches("input:not([type=checkbox]), select");
      if (event.key === "Delete" && !isTyped && this.ids.length) { event.preventDefault(); act("remove", this.ids); }
    });
  }

  get ids() { return this.draft.ids.filter((id) => this.strip.ticked.has(id)); }

  tick(event) {
    const id = this.strip.idOf(event.target);
    const [isTicked, ids] = [event.target.checked, this.draft.ids];
    const [from, to] = [ids.indexOf(this.last), ids.indexOf(id)];
    const range = event.shiftKey && from >= 0 ? ids.slice(Math.min(from, to), Math.max(from, to) + 1) : [id];
    for (const each of range) this.strip.ticked[isTicked ? "add" : "delete"](each);
    this.last = id;
    this.strip.show();
    this.show();
  }

  tickAll(isTicked) {
    this.strip.ticked.clear();
    if (isTicked) for (const id of this.draft.ids) this.strip.ticked.add(id);
    this.strip.show();
    this.show();
  }

  show() {
    const [count, whole] = [this.ids.length, this.draft.ids.length];
    this.bar.hidden = whole === 0;
    this.bar.classList.toggle("has-selected", count > 0);
    this.all.checked = count > 0 && count === whole;
    this.all.indeterminate = count > 0 && count < whole;
    this.form.querySelector("#selection-words").textContent = count ? say("selected", count) : say("all");
    for (const button of this.bar.querySelectorAll("[data-selected]")) button.disabled = count === 0;
  }
}
