// One dialog for two uses: values for the items that are ticked, and what new items of this list
// begin with ("and for all that is in it" gives them to those too).

import { identity } from "./patch.js";
import { preset } from "./lengths.js";
import { secondsIn } from "./strip.js";
import { say } from "./words.js";

export class Settings {
  constructor(form, draft) {
    Object.assign(this, { form, draft });
    this.dialog = document.getElementById("settings");
    form.querySelector("#defaults").addEventListener("click", () => this.ofList());
    this.dialog.addEventListener("close", () => { if (this.dialog.returnValue) this.done(this.dialog.returnValue); });
    this.dialog.querySelector("[data-set=seconds]").addEventListener("input", (event) => {
      event.target.setCustomValidity(secondsIn(event.target.value) === undefined ? say("secondsWrong") : "");
    });
  }

  field(name) { return this.dialog.querySelector(`[data-set=${name}]`); }

  ofItems(ids) {
    this.done = () => this.toItems(ids);
    this.open(say("forSelected", ids.length), say("forSelectedWords"), {}, false);
  }

  ofList() {
    const { default_duration_ms: ms, default_fit: fit, default_transition: transition, default_transition_ms } = this.draft.list;
    const now = { seconds: ms === null ? "" : ms / 1000, fit, transition, transition_ms: default_transition_ms };
    this.done = (how) => this.toList(how === "all");
    this.open(say("forList"), say("forListWords"), now, true);
  }

  open(title, words, values, isOfList) {
    document.getElementById("settings-title").textContent = title;
    document.getElementById("settings-words").textContent = words;
    for (const field of this.dialog.querySelectorAll("[data-set]")) field.value = values[field.dataset.set] ?? "";
    for (const each of this.dialog.querySelectorAll("[data-of-items]")) each.hidden = isOfList;
    document.getElementById("settings-all").hidden = !isOfList;
    this.dialog.returnValue = "";
    this.dialog.showModal();
  }

  get values() {
    const value = (name) => this.field(name).value;
    const found = {};
    if (value("seconds").trim()) found.duration_ms = secondsIn(value("seconds"));
    for (const name of ["fit", "transition"]) if (value(name)) found[name] = value(name);
    if (value("transition_ms")) found.transition_ms = Number(value("transition_ms"));
    if (value("weight")) found.weight = Number(value("weight"));
    if (value("muted")) found.is_muted = value("muted") === "1";
    if (value("preset")) [found.valid_from, found.valid_until] = preset(value("preset"), this.form.dataset.today);
    return found;
  }

  toItems(ids) {
    const values = this.values;
    this.draft.change("", (list) => {
      for (const item of list.items) if (ids.includes(identity(item))) Object.assign(item, values);
    });
  }

  toList(isForAll) {
    const values = this.values;
    this.draft.change("", (list) => {
      list.default_duration_ms = values.duration_ms ?? null;
      for (const name of ["fit", "transition", "transition_ms"]) if (name in values) list[`default_${name}`] = values[name];
      if (isForAll) for (const item of list.items) Object.assign(item, values);
    });
  }
}
