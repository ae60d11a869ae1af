// The editor of a layout: brings the form, the canvas, undo and the advice of the server together.
import { Canvas } from "./canvas.js";
import { Cards } from "./cards.js";
import { fitted, within } from "./geometry.js";
import { History } from "./history.js";
import { toast } from "../toasts.js";

/** How long after a change the server is asked what looks wrong, in milliseconds. */
const ADVICE_AFTER_MS = 400;

const form = document.querySelector("#layout");
const words = JSON.parse(form.dataset.words);
const say = (template, values) => template.replace(/\{(\w+)\}/g, (_all, name) => String(values[name]));

class Desk {
  chosen = null;
  wrong = new Set();
  view = { snap: true, safe: false, frame: null };
  pictures = JSON.parse(form.dataset.pictures);
  #advice = null;

  constructor() {
    this.cards = new Cards(form.querySelector("[data-zone-list]"), (id) => this.choose(id));
    this.state = this.read();
    this.history = new History(this.state);
    this.canvas = new Canvas(form.querySelector("[data-canvas]"), this);
    this.chosen = this.state.zones[0]?.id ?? null;
    this.show();
  }

  read() {
    const side = (name) => Math.max(16, Number.parseInt(form.elements[name].value, 10) || 16);
    return {
      width: side("width"), height: side("height"), background: form.elements.background.value,
      zones: this.cards.read(),
    };
  }

  get zone() {
    return this.state.zones.find((each) => each.id === this.chosen) ?? null;
  }

  say(zone) {
    return say(words.at, { ...zone, title: zone.name || zone.slug });
  }

  choose(id) {
    if (this.chosen === id) return;
    this.chosen = id;
    this.show();
  }

  /** Lay a zone somewhere, without a step of undo yet. */
  place(id, place) {
    const { x, y, width, height } = place;
    this.state.zones = this.state.zones.map((zone) => (zone.id === id ? { ...zone, x, y, width, height } : zone));
    this.cards.write(this.state.zones);
    this.canvas.draw();
  }

  /** What was done is one step that can be undone. */
  done() {
    if (!this.history.keep(this.state)) return;
    this.show();
    this.keep();
  }

  /** Put a state of the past, or a new one, everywhere. */
  put(state) {
    if (!state) return;
    this.state = state;
    for (const name of ["width", "height", "background"]) form.elements[name].value = String(state[name]);
    this.cards.write(state.zones);
    if (!this.zone) this.chosen = state.zones[0]?.id ?? null;
    this.show();
    this.keep();
  }

  /** Let the draft be kept (autosave.js), and the server say what looks wrong. */
  keep() {
    form.dispatchEvent(new CustomEvent("change", { detail: "desk" }));
    this.askAdvice();
  }

  change(zones) {
    this.state = { ...this.state, zones };
    this.cards.write(zones);
    this.done();
  }

  show() {
    this.cards.choose(this.chosen);
    this.canvas.draw();
    for (const button of form.querySelectorAll("[data-needs-zone]")) button.disabled = !this.zone;
    form.querySelector("[data-act=undo]").disabled = !this.history.canUndo;
    form.querySelector("[data-act=redo]").disabled = !this.history.canRedo;
    showSize(this.state);
  }

  askAdvice() {
    clearTimeout(this.#advice);
    this.#advice = setTimeout(() => this.#ask(), ADVICE_AFTER_MS);
  }

  async #ask() {
    const frame = form.querySelector("[data-view=frame]");
    if (frame?.checked) showFrame(frame);
    const answer = await fetch(form.dataset.check, { method: "POST", body: new FormData(form) }).catch(() => null);
    if (!answer?.ok) return;
    form.querySelector("[data-advice]").innerHTML = await answer.text();
    this.mark();
  }

  /** Mark the zones that the advice is about. */
  mark() {
    const told = [...form.querySelectorAll(".cautions [data-zones]")].flatMap((each) => each.dataset.zones.split(" "));
    this.wrong = new Set(told.filter(Boolean));
    this.canvas.draw();
  }
}

function showSize(state) {
  const size = form.querySelector("#size");
  const value = `${state.width}x${state.height}`;
  size.value = [...size.options].some((each) => each.value === value) ? value : "";
}

const desk = new Desk();

const level = (zones, pick) => pick(...zones.map((zone) => zone.z), 0);

const acts = {
  undo: () => desk.put(desk.history.undo()),
  redo: () => desk.put(desk.history.redo()),
  add: () => add({ name: freeName(words.zone), width: desk.state.width / 4, height: desk.state.height / 4 }),
  duplicate: () => desk.zone && add({ ...desk.zone, name: say(words.copy, { title: desk.zone.name || desk.zone.slug }) }, 32),
  front: () => raise(level(desk.state.zones, Math.max) + 1),
  back: () => raise(level(desk.state.zones, Math.min) - 1),
  remove,
};

function freeName(stem) {
  const taken = new Set(desk.state.zones.map((zone) => zone.name));
  let number = desk.state.zones.length + 1;
  while (taken.has(`${stem} ${number}`)) number += 1;
  return `${stem} ${number}`;
}

function add(from, by = 0) {
  const { state } = desk;
  const size = { width: Math.round(from.width), height: Math.round(from.height) };
  const place = within({ x: (from.x ?? Math.round((state.width - size.width) / 2)) + by, y: (from.y ?? Math.round((state.height - size.height) / 2)) + by, ...size }, state);
  const playlist = from.playlist ?? state.zones[0]?.playlist ?? Object.keys(desk.pictures)[0] ?? firstPlaylist();
  const zone = { ...place, id: desk.cards.next(), slug: freeSlug(), name: from.name.slice(0, 60), playlist, z: level(state.zones, Math.max) + 1 };
  desk.chosen = zone.id;
  desk.change([...state.zones, zone]);
}

function freeSlug() {
  const taken = new Set(desk.state.zones.map((zone) => zone.slug));
  let number = desk.state.zones.length + 1;
  while (taken.has(`zone-${number}`)) number += 1;
  return `zone-${number}`;
}

const firstPlaylist = () => form.querySelector("[name=zone_playlist]")?.value ?? "";

/** Put the chosen zone on a level, and count the levels anew from 0. */
function raise(z) {
  if (!desk.zone) return;
  const lifted = desk.state.zones.map((zone) => (zone.id === desk.chosen ? { ...zone, z } : zone));
  const order = lifted.toSorted((a, b) => a.z - b.z).map((zone) => zone.id);
  desk.change(lifted.map((zone) => ({ ...zone, z: order.indexOf(zone.id) })));
}

function remove() {
  const gone = desk.zone;
  if (!gone) return;
  desk.chosen = null;
  desk.change(desk.state.zones.filter((zone) => zone.id !== gone.id));
  toast(say(words.removed, { title: gone.name || gone.slug }), { undo: acts.undo });
}

form.querySelector("[data-toolbar]").addEventListener("click", (event) => {
  const button = event.target.closest("[data-act]");
  if (button) acts[button.dataset.act]();
});

form.addEventListener("click", (event) => {
  const button = event.target.closest("[data-remove]");
  if (!button) return;
  event.preventDefault();
  desk.choose(button.closest("[data-zone]").dataset.zone);
  remove();
});

let frameTurn = 0;
for (const box of form.querySelectorAll("[data-view]")) {
  box.addEventListener("change", () => {
    const name = box.dataset.view;
    if (name === "frame") return showFrame(box);
    desk.view[name] = box.checked;
    desk.canvas.draw();
  });
}

/** What is drawn, saved or not, as the stage shows it; it takes a moment, and follows each change. */
async function showFrame(box) {
  const turn = (frameTurn += 1);
  if (!box.checked) return putFrame(null);
  const answer = await fetch(form.dataset.frame, { method: "POST", body: new FormData(form) }).catch(() => null);
  const told = answer?.ok ? await answer.blob() : await answer?.text();
  if (turn !== frameTurn) return; // it was changed meanwhile
  if (answer?.ok) return putFrame(URL.createObjectURL(told));
  box.checked = false;
  putFrame(null);
  toast(told || words.frame, { tone: "warning" });
}

function putFrame(address) {
  if (desk.view.frame) URL.revokeObjectURL(desk.view.frame);
  desk.view.frame = address;
  desk.canvas.draw();
}

// What is typed is drawn as it is typed, and is a step of undo when the field is left.
form.addEventListener("input", (event) => {
  if (!event.target.name) return;
  if (["width", "height"].includes(event.target.name)) return;
  desk.state = desk.read();
  desk.cards.write(desk.state.zones);
  desk.canvas.draw();
});
form.addEventListener("change", (event) => {
  if (event.detail === "desk") return;
  if (["inches", "distance"].includes(event.target.name)) return desk.askAdvice();
  if (["width", "height"].includes(event.target.name)) return resize(desk.read());
  if (event.target.name) desk.done();
});

form.querySelector("#size").addEventListener("change", (event) => {
  const [width, height] = event.target.value.split("x").map(Number);
  if (width && height) resize({ ...desk.state, width, height });
});

/** Another canvas: the zones come along; the frame of the one before would be out of shape. */
function resize(wanted) {
  putFrame(null);
  const zones = fitted(desk.state.zones, desk.state, wanted);
  for (const name of ["width", "height"]) form.elements[name].value = String(wanted[name]);
  desk.state = { ...desk.state, width: wanted.width, height: wanted.height };
  desk.change(zones);
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.matches?.("input, select, textarea");
  const command = event.ctrlKey || event.metaKey;
  const named = { z: event.shiftKey ? "redo" : "undo", y: "redo", d: "duplicate" }[event.key.toLowerCase()];
  const plain = { Delete: "remove", Backspace: "remove", "]": "front", "[": "back" }[event.key];
  const act = command ? named : event.target.closest?.("[data-canvas]") ? plain : null;
  if (!act || (typing && command)) return;
  event.preventDefault();
  acts[act]();
});

// A draft that was kept: the zones of then, as one step that can be undone.
form.addEventListener("draft:restore", (event) => {
  event.preventDefault();
  const values = new Map();
  for (const [name, value] of event.detail) values.set(name, [...(values.get(name) ?? []), value]);
  const column = (name, nth) => values.get(`zone_${name}`)?.[nth] ?? "";
  const number = (name, nth) => Number.parseInt(column(name, nth), 10) || 0;
  const zones = (values.get("zone_slug") ?? []).map((slug, nth) => ({
    id: desk.cards.next(), slug, name: column("name", nth), playlist: column("playlist", nth),
    ...Object.fromEntries(["x", "y", "width", "height", "z"].map((name) => [name, number(name, nth)])),
  }));
  for (const name of ["name", "width", "height", "background"]) {
    if (values.has(name)) form.elements[name].value = values.get(name)[0];
  }
  const { width, height, background } = desk.read();
  desk.state = { width, height, background, zones };
  desk.chosen = zones[0]?.id ?? null;
  desk.change(zones);
});

for (const hidden of form.querySelectorAll("[data-toolbar], [data-keys], [data-sizes]")) hidden.hidden = false;
desk.mark();
