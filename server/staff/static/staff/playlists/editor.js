// The editor of a playlist: puts draft, strip, library, saving and live preview together.
// Without script the same page is a plain form.

import { toast } from "../toasts.js";
import { clashesShown } from "./clashes.js";
import { Draft, newKey } from "./draft.js";
import { Drag } from "./drag.js";
import { goneShown } from "./gone.js";
import { Library } from "./library.js";
import { identity } from "./patch.js";
import { LivePreview } from "./live.js";
import { Saver } from "./saver.js";
import { Selection } from "./selection.js";
import { Settings } from "./settings.js";
import { Strip } from "./strip.js";
import { announce, say } from "./words.js";

const form = document.getElementById("list-editor");
const data = (id) => JSON.parse(document.getElementById(id).dataset.value);

const state = data("list-state");
const things = { ...data("list-assets"), ...state.assets };
const draft = new Draft(state.stored);
if ("editable" in form.dataset) edit();
new LivePreview(form, draft);

function edit() {
  for (const each of document.querySelectorAll(".needs-script")) each.hidden = false;
  for (const each of form.querySelectorAll(".no-script")) each.hidden = true;
  const strip = new Strip(form, draft, things);
  const saver = new Saver(form, draft, things, state);
  const settings = new Settings(form, draft);
  const selection = new Selection(form, draft, strip, settings, act);
  const library = new Library(form, things, (assets, place) => add(assets, place));
  for (const kind of ["change", "adopt"]) draft.addEventListener(kind, () => { strip.show(); selection.show(); shown(); });
  drags(strip, selection, library);
  keys(strip);
  fields();
  heard(saver, strip);
  form.addEventListener("submit", (event) => { if (!event.submitter?.hasAttribute("data-plain")) event.preventDefault(); });
  form.addEventListener("click", (event) => clicked(event, strip));
  selection.show();
  shown();

  function shown() {
    form.querySelector("#undo").disabled = !draft.done.length;
    form.querySelector("#redo").disabled = !draft.undone.length;
    const name = form.querySelector("#name"), order = form.querySelector("#order");
    if (name !== document.activeElement) name.value = draft.list.name;
    order.value = draft.list.order;
    document.querySelector("[data-list-name]").textContent = draft.list.name;
  }
}

function fields() {
  form.querySelector("#name").addEventListener("input", (event) => {
    if (event.target.value.trim()) draft.change("name", (list) => { list.name = event.target.value; });
  });
  form.querySelector("#order").addEventListener("change", (event) => draft.change("", (list) => { list.order = event.target.value; }));
  form.querySelector("#undo").addEventListener("click", undo);
  form.querySelector("#redo").addEventListener("click", redo);
}

function undo() { if (draft.undo()) announce(say("undone")); }
function redo() { if (draft.redo()) announce(say("redone")); }

// Adds assets at a place (the end, if none is given); of documents the pages that were picked.
function add(assets, place = draft.list.items.length) {
  const { default_duration_ms, default_fit, default_transition, default_transition_ms } = draft.list;
  const made = assets.flatMap((asset) => (things[asset]?.picked?.length ? things[asset].picked : [null]).map((page) => ({
    asset, pk: null, page,
    duration_ms: things[asset]?.is_film ? null : default_duration_ms,
    weight: 1, fit: default_fit, transition: default_transition, transition_ms: default_transition_ms,
    is_muted: false, valid_from: "", valid_until: "", key: newKey(),
  })));
  draft.change("", (list) => list.items.splice(place, 0, ...made));
  announce(say("added", made.map((item) => things[item.asset]?.title).join(", ")));
  return made.map(identity);
}

function move(ids, place) {
  draft.change("", (list) => {
    const moved = list.items.filter((item) => ids.includes(identity(item)));
    const others = list.items.filter((item) => !ids.includes(identity(item)));
    others.splice(Math.max(0, Math.min(place, others.length)), 0, ...moved);
    list.items = others;
  });
  const at = draft.ids.indexOf(ids[0]) + 1;
  announce(say("moved", things[draft.item(ids[0]).asset]?.title, at, draft.ids.length));
}

function remove(ids) {
  draft.change("", (list) => { list.items = list.items.filter((item) => !ids.includes(identity(item))); });
  toast(say("taken", ids.length), { undo, undoLabel: say("undo") });
}

function duplicate(ids) {
  draft.change("", (list) => {
    list.items = list.items.flatMap((item) => ids.includes(identity(item)) ? [item, { ...item, pk: null, key: newKey() }] : [item]);
  });
}

function act(name, ids) {
  if (!ids.length) return;
  const at = draft.ids.indexOf(ids[0]);
  if (name === "up") move(ids, at - 1);
  if (name === "down") move(ids, at + 1);
  if (name === "top") move(ids, 0);
  if (name === "remove") remove(ids);
  if (name === "duplicate") duplicate(ids);
}

function clicked(event, strip) {
  const button = event.target.closest("[data-act]");
  if (!button) return;
  event.preventDefault();
  const id = strip.idOf(button);
  const name = button.dataset.act;
  const next = name === "remove" && draft.ids[draft.ids.indexOf(id) + 1];
  act(name, [id]);
  if (next) strip.rows.get(next)?.querySelector("[data-act=remove]")?.focus();
}

function drags(strip, selection, library) {
  const into = strip.place;
  const drop = (what, place) => (what.ids ? move(what.ids, place) : add(what.assets, place));
  const rows = new Drag(into, (event) => {
    const isMouse = event.pointerType === "mouse";
    const held = event.target.closest(isMouse ? "[data-grip], .clip-picture" : "[data-grip]");
    const id = held && strip.idOf(held);
    if (!id) return null;
    const ids = strip.ticked.has(id) ? draft.ids.filter((each) => strip.ticked.has(each)) : [id];
    return { ids, ghost: strip.rows.get(id) };
  }, drop);
  rows.listen(into);
  new Drag(into, (event) => {
    const offer = event.target.closest(".offer");
    if (!offer || event.pointerType === "touch" || event.target.closest("button")) return null;
    return { assets: [Number(offer.dataset.asset)], ghost: offer };
  }, drop).listen(library.place);
}

function keys(strip) {
  strip.place.addEventListener("keydown", (event) => {
    const id = strip.idOf(event.target);
    if (!id || !event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    const ids = strip.ticked.has(id) ? draft.ids.filter((each) => strip.ticked.has(each)) : [id];
    const at = draft.ids.indexOf(ids[0]);
    const to = at + (event.key === "ArrowUp" ? -1 : 1);
    if (to < 0 || to > draft.ids.length - ids.length) return;
    const focused = event.target;
    move(ids, to);
    focused.focus();
    strip.rows.get(id).scrollIntoView({ block: "nearest" });
  });
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || document.querySelector("dialog[open]")) return;
    const key = event.key.toLowerCase();
    if (key === "z" && !event.shiftKey) { event.preventDefault(); undo(); }
    if (key === "y" || (key === "z" && event.shiftKey)) { event.preventDefault(); redo(); }
  });
}

// What others did, and what the server would not take.
function heard(saver, strip) {
  saver.addEventListener("theirs", ({ detail }) => {
    toast(say(detail.isMerged ? "merged" : "theirs", detail.by || say("somebody")), { tone: "info" });
  });
  saver.addEventListener("recovered", () => toast(say("recovered")));
  saver.addEventListener("clash", ({ detail }) => clashesShown(detail, draft, things, () => saver.settled()));
  saver.addEventListener("gone", () => goneShown(form));
  saver.addEventListener("mistakes", ({ detail }) => {
    for (const [id, text] of detail) if (id) strip.errors.set(id, text);
    strip.show();
  });
  saver.addEventListener("saved", () => {
    for (const id of strip.errors.keys()) if (!id.endsWith("/seconds")) strip.errors.delete(id);
  });
}
