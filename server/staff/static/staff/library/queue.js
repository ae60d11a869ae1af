// The uploads of a page: files are dropped anywhere on it or chosen, wait their turn, and are shown
// with all that one asks of them: how far, how fast, how long.  Without this script the plain form
// takes the files whole.
//
// Markup: form[data-upload] of parts/drop.html, with its words in data-word-* attributes.

import { chosen, dropped } from "./folders.js";
import { Transfer } from "./transfer.js";

const PARALLEL = 2;
const SPEED_WINDOW_MS = 8000;

const form = document.querySelector("form[data-upload]");
if (form) start();

function start() {
  const find = (name) => form.querySelector(`[data-${name}]`);
  const words = form.dataset;
  const rows = new Map();
  const begun = []; // the marks of the speed: [when, bytes in all]
  let depth = 0;
  let later;

  find("upload-send").hidden = true;
  for (const each of document.querySelectorAll("[data-needs-script]")) each.hidden = false;
  for (const input of form.querySelectorAll("input[type=file]")) {
    input.addEventListener("change", () => { add(chosen(input)); input.value = ""; });
  }
  document.addEventListener("dragenter", (event) => { if (hasFiles(event)) { depth += 1; find("drop").classList.add("is-over"); } });
  document.addEventListener("dragleave", () => { depth = Math.max(0, depth - 1); if (!depth) find("drop").classList.remove("is-over"); });
  document.addEventListener("dragover", (event) => { if (hasFiles(event)) event.preventDefault(); });
  document.addEventListener("drop", async (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    depth = 0;
    find("drop").classList.remove("is-over");
    add(await dropped(event.dataTransfer));
  });
  find("queue-add")?.addEventListener("click", toPlaylist);
  for (const event of ["htmx:afterSettle", "htmx:oobAfterSwap"]) document.body.addEventListener(event, follow);
  find("queue-cancel").addEventListener("click", () => { for (const each of rows.keys()) if (!each.isOver) each.cancel(); });
  window.addEventListener("beforeunload", (event) => { if (running().length) event.preventDefault(); });

  function add(found) {
    if (!found.length) { find("queue").hidden = false; find("queue-files").textContent = words.wordEmpty; return; }
    const all = words.replaces ? found.slice(0, 1) : found;
    for (const { file, folders } of all) {
      const transfer = new Transfer(file, fields(folders), words.uploads, form.elements.csrfmiddlewaretoken.value, shown);
      rows.set(transfer, row(transfer));
      shown(transfer);
    }
    find("queue").hidden = false;
    next();
  }

  function fields(folders) {
    const typed = (form.elements.tags?.value ?? "").split(/[,，、;；]/).map((each) => each.trim()).filter(Boolean);
    const tags = find("folder-tags")?.checked ? [...typed, ...folders.map((each) => each.slice(0, 40))] : typed;
    const told = { tags, department: Number(form.elements.department?.value) || null };
    if (words.replaces) told.replaces = Number(words.replaces);
    return told;
  }

  function next() {
    const waiting = [...rows.keys()].filter((each) => each.state === "queued");
    for (const each of waiting.slice(0, Math.max(0, PARALLEL - running().length))) each.run().finally(next);
  }

  function running() {
    return [...rows.keys()].filter((each) => ["sending", "resumed", "waiting", "finishing"].includes(each.state));
  }

  function row(transfer) {
    const made = form.querySelector("template[data-upload-row]").content.cloneNode(true).firstElementChild;
    const part = (name) => made.querySelector(`[data-${name}]`);
    part("name").textContent = transfer.file.name;
    part("bar").max = Math.max(transfer.file.size, 1);
    part("bar").setAttribute("aria-label", transfer.file.name);
    part("cancel").addEventListener("click", () => transfer.cancel());
    part("use").addEventListener("click", () => transfer.use());
    part("keep").addEventListener("click", () => transfer.keep());
    part("again").addEventListener("click", () => { transfer.wanted = null; transfer.become("queued"); next(); });
    find("upload-list").append(made);
    return { made, part, state: "" };
  }

  function shown(transfer) {
    const kept = rows.get(transfer);
    if (!kept) return;
    const { made, part } = kept;
    part("bar").value = transfer.state === "done" ? part("bar").max : transfer.sent;
    part("bar").hidden = transfer.isOver;
    if (transfer.state !== kept.state || transfer.state === "sending") say(transfer, part("state"));
    if (transfer.state !== kept.state) {
      made.dataset.is = transfer.state;
      part("use").hidden = part("keep").hidden = transfer.state !== "already";
      part("again").hidden = !["refused", "cancelled"].includes(transfer.state);
      part("cancel").hidden = transfer.isOver || transfer.state === "already";
      if (transfer.state === "done") arrived();
      document.querySelector(`[data-unfinished="${transfer.print || "-"}"]`)?.remove();
      kept.state = transfer.state;
    }
    summary();
  }

  function say(transfer, place) {
    const { state, detail } = transfer;
    const percent = `${Math.floor((transfer.sent / Math.max(transfer.file.size, 1)) * 100)} %`;
    const said = {
      queued: words.wordQueued, sending: percent, resumed: `${words.wordResumed} · ${percent}`, finishing: percent,
      waiting: words.wordWaiting, cancelled: words.wordCancelled, used: words.wordUsed, done: words.wordDone,
      refused: detail?.message || words.wordRefused, already: words.wordAlready,
    }[state];
    place.classList.toggle("errors", state === "refused");
    place.replaceChildren(said);
    if (detail?.url) place.append(" ", link(detail.url, detail.title ?? transfer.file.name));
  }

  function link(address, text) {
    const made = document.createElement("a");
    made.href = address;
    made.textContent = text;
    return made;
  }

  function summary() {
    const all = [...rows.keys()].filter((each) => !["cancelled", "used"].includes(each.state));
    const open = all.filter((each) => !each.isOver && each.state !== "already");
    const size = all.reduce((sum, each) => sum + each.file.size, 0);
    const sent = all.reduce((sum, each) => sum + (each.state === "done" ? each.file.size : each.sent), 0);
    const bar = find("queue-bar");
    bar.max = Math.max(size, 1);
    bar.value = sent;
    find("queue-cancel").hidden = !open.length;
    const done = all.filter((each) => each.state === "done").length;
    const told = fill(words.wordFiles, { done, all: all.length });
    const end = all.length && done === all.length ? words.wordAll : words.wordSome;
    if (find("queue-next")) find("queue-next").hidden = Boolean(open.length) || !done;
    const text = open.length || !all.length ? told : `${told} · ${end}`;
    if (find("queue-files").textContent !== text) find("queue-files").textContent = text;
    find("queue-speed").textContent = open.length ? pace(sent, size) : bytes(size);
  }

  function pace(sent, size) {
    const now = performance.now();
    begun.push([now, sent]);
    while (begun.length > 2 && begun[0][0] < now - SPEED_WINDOW_MS) begun.shift();
    const [since, before] = begun[0];
    const speed = ((sent - before) * 1000) / Math.max(now - since, 1);
    const parts = [`${bytes(sent)} / ${bytes(size)}`];
    if (speed > 1 && now - since > 500) {
      parts.push(fill(words.wordSpeed, { speed: bytes(speed) }), fill(words.wordLeft, { time: span((size - sent) / speed) }));
    }
    return parts.join(" · ");
  }

  // What has arrived is ticked, and the panel that adds it to a playlist is open.
  function toPlaylist() {
    const came = [...rows.keys()].filter((each) => each.state === "done").map((each) => each.detail.url);
    for (const box of document.querySelectorAll("[data-selection] input[name=assets]")) {
      box.checked = came.some((url) => url.endsWith(`/${box.value}/`));
    }
    const panel = document.querySelector("[data-to-playlist]");
    panel?.dispatchEvent(new Event("change", { bubbles: true }));
    setTimeout(() => { // the click itself closes what is open
      if (!panel) return;
      panel.open = true;
      near(panel, find("queue-add"));
      panel.querySelector("select").focus({ preventScroll: true });
    });
  }

  // The panel of a bar at the foot of the window, beside a button far above it, until it is closed.
  function near(panel, button) {
    const body = panel.querySelector(".bulk-panel");
    const at = button.getBoundingClientRect();
    body.classList.add("bulk-panel-near");
    const over = at.bottom + body.offsetHeight > window.innerHeight;
    body.style.setProperty("--x", `${Math.max(0, Math.min(at.left, window.innerWidth - body.offsetWidth))}px`);
    body.style.setProperty("--y", `${over ? at.top - body.offsetHeight : at.bottom}px`);
    const end = () => { if (!panel.open) { body.classList.remove("bulk-panel-near"); panel.removeEventListener("toggle", end); } };
    panel.addEventListener("toggle", end);
  }

  // What became of a file its tile tells, which the list below renews while it is made ready.
  function follow() {
    for (const [{ state, detail }, kept] of rows) {
      const pk = state === "done" && /(\d+)\/$/.exec(detail?.url ?? "")?.[1];
      const tile = pk && document.getElementById(`asset-${pk}`)?.dataset;
      if (!tile || kept.told === tile.says + (tile.pages ?? "")) continue;
      kept.told = tile.says + (tile.pages ?? "");
      kept.made.dataset.asset = tile.state;
      kept.part("state").replaceChildren(tile.says, " ", link(detail.url, detail.title ?? words.wordOpen));
      if (tile.pages) kept.part("state").append(" ", link(tile.pages, `${words.wordPages} →`));
    }
  }

  function arrived() {
    if (words.replaces) { if (!running().length) location.assign(location.href); return; }
    clearTimeout(later);
    later = setTimeout(() => { // a list that is on its way would miss what comes now
      if (document.querySelector("#results.htmx-request")) arrived();
      else document.body.dispatchEvent(new CustomEvent("uploaded"));
    }, 300);
  }
}

function hasFiles(event) {
  return [...(event.dataTransfer?.types ?? [])].includes("Files");
}

function fill(text, values) {
  return text.replace(/{(\w+)}/g, (_all, name) => values[name]);
}

function bytes(count) {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let at = 0;
  while (count >= 1000 && at < units.length - 1) { count /= 1000; at += 1; }
  return `${count.toFixed(at && count < 10 ? 1 : 0)} ${units[at]}`;
}

function span(seconds) {
  const whole = Math.ceil(seconds);
  const pad = (number) => String(number).padStart(2, "0");
  if (whole >= 3600) return `${Math.floor(whole / 3600)}:${pad(Math.floor((whole % 3600) / 60))}:${pad(whole % 60)}`;
  return `${Math.floor(whole / 60)}:${pad(whole % 60)}`;
}
