// Saves a form while it is typed in.  Two ways:
//
//   <form data-autosave data-draft="entry:new">   a draft on the server, for this person alone, until
//                                                 the form is sent and taken (server/desk, drafts.py)
//   <form data-autosave="/playlists/3/save/">     the thing itself: FormData is posted there; answers
//                                                 are those of server/staff/autosaving.py
//
// [data-save-state] in the form says how it stands.  Without a connection everything is kept in this
// browser and sent later.  Editors that hold more than fields: dispatch `change` on the form after a
// change, and listen to `draft:restore` (detail: pairs of name and value; preventDefault to take over).
// A field or fieldset with data-no-draft is left out, as are passwords and files.
import { whenever } from "./markup.js";
import { call, Lost, Refusal } from "./request.js";
import { word } from "./words.js";

const PAUSE_MS = 900;
const AGAIN_MS = 10_000;
const SKIPPED = new Set(["csrfmiddlewaretoken", "version", "_draft"]);
const staff = document.getElementById("words")?.dataset.staff ?? "";

whenever("form[data-autosave]", keep);

function keep(form) {
  if (form.dataset.started) return;
  form.dataset.started = "yes";
  const address = form.dataset.autosave;
  const name = form.dataset.draft || location.pathname;
  const kept = `draft:${staff}:${name}`;
  const drafts = document.getElementById("words").dataset.drafts;
  let timer, running = false, again = false, isStopped = false, before = fingerprint();

  if (!address) hide(form, "_draft", name);
  for (const kind of ["input", "change"]) form.addEventListener(kind, () => later(PAUSE_MS));
  form.addEventListener("submit", () => { clearTimeout(timer); isStopped = true; });
  form.addEventListener("autosave:now", () => { isStopped = false; save(); });
  addEventListener("online", () => { if (localStorage.getItem(kept)) save(); });
  addEventListener("pagehide", () => { if (!isStopped && fingerprint() !== before) remember(); });
  offer();

  function later(pause) {
    if (isStopped) return;
    clearTimeout(timer);
    timer = setTimeout(save, pause);
  }

  async function save() {
    if (isStopped || !form.isConnected) return;
    const now = fingerprint();
    if (now === before && !localStorage.getItem(kept)) return;
    if (running) { again = true; return; }
    running = true;
    say("saving", word("saving"));
    try {
      const answer = address ? await call("POST", address, new FormData(form)) : await call("POST", drafts, draft());
      before = now;
      localStorage.removeItem(kept);
      if (answer.version !== undefined) setVersion(answer.version);
      say("saved", word(address ? "saved" : "drafted", clock(answer.saved_at)));
      form.dispatchEvent(new CustomEvent("autosave:saved", { detail: answer, bubbles: true }));
    } catch (error) {
      failed(error);
    } finally {
      running = false;
      if (again) { again = false; later(0); }
    }
  }

  function failed(error) {
    if (error instanceof Refusal) {
      say("refused", error.told?.conflict ? word("overtaken") : error.message);
      if (error.status === 401) remember();
      if (error.told?.conflict) conflict(error.told);
    } else if (error instanceof Lost) {
      remember();
      say("waiting", word("waiting"));
      later(AGAIN_MS);
    } else throw error;
  }

  // Somebody else has saved: both sides are shown, and saving stops until the person decides.
  function conflict(told) {
    isStopped = true;
    setVersion(told.version);
    let place = document.querySelector("[data-autosave-conflict]");
    if (!place) {
      place = document.createElement("div");
      place.dataset.autosaveConflict = "";
      form.before(place);
    }
    place.innerHTML = told.conflict; // made by our own template, which escapes
    place.tabIndex = -1;
    place.focus();
    place.querySelector("[data-keep-mine]")?.addEventListener("click", () => {
      place.replaceChildren();
      form.dispatchEvent(new Event("autosave:now"));
    });
  }

  function draft() {
    return { key: name, fields: pairs(), version: Number(form.elements.version?.value) || null };
  }

  function remember() {
    try { localStorage.setItem(kept, JSON.stringify({ ...draft(), at: new Date().toISOString() })); } catch { /* full */ }
  }

  async function offer() {
    let found = JSON.parse(localStorage.getItem(kept) ?? "null");
    if (!address && !found) found = await call("GET", `${drafts}?key=${encodeURIComponent(name)}`).catch(() => null);
    if (!found?.fields) return;
    if (JSON.stringify(found.fields) === fingerprint()) { forget(); return; }
    const bar = document.getElementById("draft-offer").content.cloneNode(true).firstElementChild;
    bar.querySelector("[data-at]").textContent = clock(found.at);
    bar.querySelector("[data-restore]").addEventListener("click", () => { bar.remove(); restore(found.fields); later(0); });
    bar.querySelector("[data-forget]").addEventListener("click", () => { bar.remove(); forget(); });
    form.before(bar);
  }

  function forget() {
    localStorage.removeItem(kept);
    if (!address) call("DELETE", `${drafts}?key=${encodeURIComponent(name)}`).catch(() => {});
  }

  function restore(fields) {
    const event = new CustomEvent("draft:restore", { detail: fields, cancelable: true, bubbles: true });
    if (!form.dispatchEvent(event)) return;
    const values = new Map();
    for (const [field, value] of fields) values.set(field, [...(values.get(field) ?? []), value]);
    for (const field of form.elements) {
      if (!isKept(field)) continue;
      const wanted = values.get(field.name) ?? [];
      if (["checkbox", "radio"].includes(field.type)) field.checked = wanted.includes(field.value);
      else if (field.multiple) for (const option of field.options) option.selected = wanted.includes(option.value);
      else if (wanted.length) field.value = wanted.shift();
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  function isKept(field) {
    return field.name && !SKIPPED.has(field.name) && !["password", "file", "submit", "button"].includes(field.type)
      && !field.closest("[data-no-draft]");
  }

  function pairs() {
    const names = new Set([...form.elements].filter(isKept).map((field) => field.name));
    return [...new FormData(form)].filter(([field, value]) => names.has(field) && typeof value === "string");
  }

  function fingerprint() { return JSON.stringify(pairs()); }

  function setVersion(version) { if (form.elements.version) form.elements.version.value = version; }

  function say(state, text) {
    const place = form.querySelector("[data-save-state]") ?? document.querySelector(`[data-save-state="${form.id}"]`);
    if (place) Object.assign(place, { textContent: text }).dataset.state = state;
  }
}

function hide(form, name, value) {
  const hidden = document.createElement("input");
  Object.assign(hidden, { type: "hidden", name, value });
  form.append(hidden);
}

function clock(instant) {
  const at = instant ? new Date(instant) : new Date();
  return at.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hour12: false });
}
