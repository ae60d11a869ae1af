// Short words at the edge of the page.  From the server: messages of the page, or the event `toasts`
// in HX-Trigger (server/staff/toasts.py).  From scripts: toast("Saved.", {undo: () => …}).
//
// What is good news goes by itself; what went wrong, or can be undone, stays longer or until closed.
import { seal } from "./request.js";
import { word } from "./words.js";

const SHORT_MS = 8_000;
const LONG_MS = 30_000;
const list = document.getElementById("toasts");

export function toast(text, { tone = "success", undo, undoLabel } = {}) {
  const item = document.createElement("li");
  item.className = `toast note note-${tone}`;
  const said = document.createElement("span");
  said.className = "toast-text";
  said.textContent = text;
  item.append(said);
  if (undo) item.append(undoing(undo, undoLabel ?? word("undo"), item));
  list.append(item);
  settle(item);
  return item;
}

function undoing(undo, label, item) {
  const button = document.createElement("button");
  button.className = "button button-small toast-undo";
  button.textContent = label;
  if (typeof undo === "function") {
    button.type = "button";
    button.addEventListener("click", () => { item.remove(); undo(); });
    return button;
  }
  const form = document.createElement("form");
  form.method = "post";
  form.action = undo;
  const hidden = document.createElement("input");
  hidden.type = "hidden";
  hidden.name = "csrfmiddlewaretoken";
  hidden.value = seal();
  form.append(hidden, button);
  return form;
}

// Give a toast its way out: a button, and time unless it is an error or somebody looks at it.
function settle(item) {
  const close = document.createElement("button");
  close.type = "button";
  close.className = "toast-close";
  close.setAttribute("aria-label", word("close"));
  close.append(sign(word("closeIcon")));
  close.addEventListener("click", () => item.remove());
  item.append(close);
  if (item.matches(".note-error, .note-warning")) return;
  let timer;
  const start = () => { timer = setTimeout(() => item.remove(), item.querySelector(".toast-undo") ? LONG_MS : SHORT_MS); };
  for (const kind of ["pointerenter", "focusin"]) item.addEventListener(kind, () => clearTimeout(timer));
  for (const kind of ["pointerleave", "focusout"]) item.addEventListener(kind, start);
  start();
}

export function sign(address) {
  const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  picture.setAttribute("class", "icon");
  picture.setAttribute("aria-hidden", "true");
  use.setAttribute("href", address);
  picture.append(use);
  return picture;
}

for (const item of list?.querySelectorAll(".toast") ?? []) settle(item);
document.body.addEventListener("toasts", (event) => {
  for (const { text, tone, undo, undo_label: undoLabel } of event.detail.said) toast(text, { tone, undo, undoLabel });
});
document.addEventListener("htmx:responseError", (event) => {
  let told;
  try { told = JSON.parse(event.detail.xhr.responseText).error.message; } catch { told = word("refused"); }
  if (event.detail.requestConfig.verb !== "get") toast(told, { tone: "error" });
});
document.addEventListener("htmx:sendError", (event) => {
  if (event.detail.requestConfig?.verb !== "get") toast(word("lost"), { tone: "error" });
});
