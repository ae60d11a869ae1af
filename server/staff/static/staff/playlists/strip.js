// The strip: one row for each item, made of the same markup as the plain form, so that the form can
// be sent as it is at any time.  Shows the draft, and turns what is typed into steps of it.

import { identity } from "./patch.js";
import { clock, lengthOf, percent, preset, round, validity } from "./lengths.js";
import { say } from "./words.js";

const LONGEST_MS = 86_400_000;

export class Strip {
  constructor(form, draft, things) {
    Object.assign(this, { form, draft, things });
    this.place = form.querySelector("#clips");
    this.template = document.getElementById("item-template");
    this.rows = new Map();
    this.ticked = new Set();
    this.errors = new Map();
    draft.ids.forEach((id, at) => { const row = this.place.children[at]; if (row) this.keep(id, row); });
    this.place.addEventListener("input", (event) => this.typed(event));
    this.place.addEventListener("change", (event) => this.typed(event));
    this.show();
  }

  keep(id, row) {
    row.dataset.item = id;
    this.rows.set(id, row);
    for (const each of row.querySelectorAll(".needs-script")) each.hidden = false;
    return row;
  }

  idOf(element) { return element.closest?.(".clip")?.dataset.item; }

  show() {
    const focused = document.activeElement;
    const ids = this.draft.ids;
    for (const [id, row] of this.rows) if (!ids.includes(id)) { row.remove(); this.rows.delete(id); this.ticked.delete(id); }
    this.sums = round(this.draft.list.items, this.things, this.now(), identity);
    this.draft.list.items.forEach((item, at) => {
      const id = identity(item);
      const row = this.rows.get(id) ?? this.keep(id, this.template.content.cloneNode(true).firstElementChild);
      const there = this.place.querySelectorAll(".clip")[at]; // beside the gap of a drag, if there is one
      if (there !== row) this.place.insertBefore(row, there ?? null);
      this.fill(row, item, at);
    });
    if (focused?.isConnected && focused !== document.activeElement && this.place.contains(focused)) focused.focus({ preventScroll: true });
    this.form.querySelector("#clips-empty").hidden = ids.length > 0;
    this.sumUp();
  }

  // The organisation's wall time of this moment, to the minute: the browser may be elsewhere.
  now() {
    const shift = Number(this.form.dataset.shift) || 0;
    return new Date(Date.now() + shift).toISOString().slice(0, 16);
  }

  fill(row, item, at) {
    const thing = this.things[item.asset] ?? { title: "–", pages: [], state: "ready" };
    const part = (name) => row.querySelector(`[data-${name}]`);
    const put = (name, value) => {
      const field = row.querySelector(`[name=item_${name}]`);
      if (field && field !== document.activeElement && field.value !== String(value)) choose(field, String(value));
    };
    if (part("number")) part("number").textContent = at + 1;
    part("title").textContent = thing.title;
    part("title").href = `/library/${item.asset}/`;
    this.picture(part("picture"), item, thing);
    this.pages(row.querySelector("[name=item_page]"), thing);
    for (const each of row.querySelectorAll("[data-only]")) {
      each.hidden = each.dataset.only === "document" ? thing.kind !== "document" : !thing.has_sound;
    }
    const seconds = row.querySelector("[name=item_seconds]");
    seconds.placeholder = String((thing.length_ms ?? 10_000) / 1000);
    put("pk", item.pk ?? "");
    put("key", item.key ?? "");
    put("asset", item.asset);
    put("page", item.page ?? "");
    if (!this.errors.has(`${row.dataset.item}/seconds`)) put("seconds", item.duration_ms === null ? "" : item.duration_ms / 1000);
    for (const name of ["weight", "fit", "transition", "transition_ms"]) put(name, item[name]);
    put("muted", item.is_muted ? "1" : "");
    put("from", item.valid_from);
    put("until", item.valid_until);
    this.marks(part("marks"), item, thing);
    this.share(row, item, thing);
    this.acts(row, thing, at);
    const error = this.errors.get(`${row.dataset.item}/seconds`) ?? this.errors.get(row.dataset.item);
    part("errors").textContent = error ?? "";
    part("errors").hidden = !error;
    const tick = part("tick");
    if (tick) tick.checked = this.ticked.has(row.dataset.item);
    row.classList.toggle("is-ticked", this.ticked.has(row.dataset.item));
  }

  picture(place, item, thing) {
    const address = (item.page && thing.pictures?.[item.page]) || thing.picture;
    let image = place.querySelector("img");
    if (!address) { place.replaceChildren(thing.kind_word ?? ""); return; }
    if (!image) {
      image = document.createElement("img");
      Object.assign(image, { alt: "", draggable: false, loading: "lazy" });
      place.replaceChildren(image);
    }
    if (image.getAttribute("src") !== address) image.src = address;
  }

  pages(select, thing) {
    if (!select || select.options.length > thing.pages.length) return;
    for (const page of thing.pages.slice(select.options.length - 1)) select.add(new Option(page, page));
  }

  marks(place, item, thing) {
    const marks = [];
    if (thing.state !== "ready") marks.push([thing.state === "processing" ? `${thing.state_word} ${thing.percent} %` : thing.state_word, thing.state === "failed" ? "bad" : "warn"]);
    if (thing.trouble) marks.push([thing.trouble, "bad"]);
    const valid = validity(item, this.now());
    if (valid === "over") marks.push([say("over"), "bad"]);
    else if (valid === "to-come") marks.push([say("toCome"), "warn"]);
    if (item.page) marks.push([say("page", item.page), ""]);
    else if (thing.pages?.length > 1) marks.push([say("pages", thing.pages.length), ""]);
    if (item.weight > 1) marks.push([say("times", item.weight), ""]);
    if (item.is_muted && thing.has_sound) marks.push([say("muted"), ""]);
    if (item.valid_from) marks.push([say("from", day(item.valid_from)), ""]);
    if (item.valid_until) marks.push([say("until", day(item.valid_until)), ""]);
    else if (thing.until) marks.push([say("assetUntil", thing.until), "warn"]);
    place.replaceChildren(...marks.map(([text, tone]) => {
      const mark = document.createElement("span");
      mark.className = tone ? `badge badge-${tone}` : "mark";
      mark.textContent = text;
      return mark;
    }));
  }

  share(row, item, thing) {
    const share = this.sums.shares.get(row.dataset.item);
    const text = clock(lengthOf(item, thing) * item.weight);
    row.querySelector("[data-share]").textContent = share === undefined ? "–" : `${text} · ${say("share", percent(share))}`;
    row.style.setProperty("--share", share ?? 0);
  }

  acts(row, thing, at) {
    const last = this.draft.list.items.length - 1;
    for (const button of row.querySelectorAll("[data-act]")) {
      const act = button.dataset.act;
      if (act === "up") button.disabled = at === 0;
      if (act === "down") button.disabled = at === last;
      if (button.name) button.value = `${act}:${at + 1}`;
      button.setAttribute("aria-label", `${thing.title}: ${button.title}`);
    }
    row.querySelector("[data-grip]")?.setAttribute("aria-label", thing.title);
    row.querySelector("[data-tick]")?.setAttribute("aria-label", thing.title);
  }

  sumUp() {
    const { round: whole, idle } = this.sums;
    const count = this.draft.list.items.length;
    Object.assign(this.form.querySelector("#run-time"), { textContent: clock(whole) }).dataset.ms = whole;
    const words = [say("round"), say("items", count)];
    if (idle) words.push(say("idle", idle));
    this.form.querySelector("#run-words").textContent = words.join(" · ");
  }

  typed(event) {
    const field = event.target;
    const id = this.idOf(field);
    if (!id || !this.draft.item(id)) return;
    if (field.matches("[data-preset]")) {
      if (field.value) this.set(id, "preset", (item) => { [item.valid_from, item.valid_until] = preset(field.value, this.form.dataset.today); });
      field.value = "";
      return;
    }
    const name = field.name?.replace("item_", "");
    if (name === "seconds") return this.seconds(id, field);
    const value = {
      page: () => Number(field.value) || null, weight: () => Number(field.value), fit: () => field.value,
      transition: () => field.value, transition_ms: () => Number(field.value), muted: () => field.value === "1",
      from: () => field.value, until: () => field.value,
    }[name]?.();
    if (value === undefined || (name === "weight" && !(value >= 1 && value <= 20))) return;
    const known = { muted: "is_muted", from: "valid_from", until: "valid_until" }[name] ?? name;
    this.set(id, known, (item) => { item[known] = value; });
  }

  seconds(id, field) {
    const typed = secondsIn(field.value);
    if (typed === undefined) this.errors.set(`${id}/seconds`, say("secondsWrong"));
    else this.errors.delete(`${id}/seconds`);
    field.setAttribute("aria-invalid", typed === undefined);
    if (typed === undefined) this.show();
    else this.set(id, "duration_ms", (item) => { item.duration_ms = typed; });
    this.show();
  }

  set(id, name, edit) {
    this.draft.change(`${id}/${name}`, (list) => edit(list.items.find((each) => identity(each) === id)));
  }
}

// Milliseconds; null for none; undefined for what is no such time.  「7.5」「７．５」「7,5」「1:30」
export function secondsIn(text) {
  const plain = text.normalize("NFKC").trim().replace(",", ".").replace("：", ":");
  if (!plain) return null;
  const found = /^(?:(\d{1,4}):)?(\d{1,5}(?:\.\d{1,3})?)$/.exec(plain);
  if (!found) return undefined;
  const ms = Math.round((Number(found[1] ?? 0) * 60 + Number(found[2])) * 1000);
  return ms >= 100 && ms <= LONGEST_MS ? ms : undefined;
}

function choose(field, value) {
  if (field.tagName === "SELECT" && ![...field.options].some((option) => option.value === value)) {
    field.add(new Option(field.name === "item_transition_ms" ? `${value / 1000} s` : value, value));
  }
  field.value = value;
}

function day(wall) {
  return wall.endsWith("T00:00") ? wall.slice(0, 10) : wall.replace("T", " ");
}
