// A form of a card: counters at texts, rows that come, go and move without a new page, and rows that
// a draft had and the page has not.
import { whenever } from "../markup.js";
import { toast } from "../toasts.js";

whenever("[data-counted]", (field) => {
  const help = document.getElementById(`${field.id}_helptext`);
  if (!help) return;
  const show = () => { help.textContent = `${[...field.value].length} / ${field.dataset.counted}`; };
  field.addEventListener("input", show);
  field.addEventListener("change", show);
  show();
});

// The page cannot make rows by itself: it lets the server add those that the draft needs, with all
// that the draft says in them.
document.addEventListener("draft:restore", (event) => {
  const form = event.target, told = new Map(event.detail);
  const lacks = [...form.querySelectorAll("[data-rows]")].some((list) => {
    const name = `${list.dataset.rows}.rows`;
    return told.has(name) && told.get(name) !== form.elements[name].value;
  });
  if (!lacks) return;
  event.preventDefault();
  const sent = document.createElement("form");
  Object.assign(sent, { method: "post", hidden: true });
  const kept = ["csrfmiddlewaretoken", "version"].filter((name) => form.elements[name]);
  const pairs = [...event.detail, ...kept.map((name) => [name, form.elements[name].value]), ["do", "show"]];
  for (const [name, value] of pairs) {
    const field = document.createElement("textarea");
    Object.assign(field, { name, value });
    sent.append(field);
  }
  document.body.append(sent);
  sent.submit();
});

// A row that is taken out can come back: the list is asked for again as it was.
let before = null;

document.addEventListener("htmx:beforeRequest", (event) => {
  const button = event.detail.elt, list = button.closest("[data-rows]");
  before = list && button.value.startsWith("drop:") && hasWords(button.closest("tr")) ? pairsOf(list) : null;
});

document.addEventListener("htmx:afterSettle", (event) => {
  const list = event.detail.elt.closest?.("[data-rows]");
  if (!list) return;
  list.closest("form").dispatchEvent(new Event("change", { bubbles: true })); // draft and picture follow
  if (!before) return;
  const was = before;
  before = null;
  toast(list.dataset.taken, { undo: () => bringBack(document.getElementById(list.id), was) });
});

function hasWords(row) {
  return [...row.querySelectorAll("input, textarea")].some((field) => field.type !== "checkbox" && field.value.trim());
}

function pairsOf(list) {
  return Object.fromEntries([...new FormData(list.closest("form"))].filter(([name]) => name.startsWith(`${list.id}.`)));
}

function bringBack(list, was) {
  const form = list.closest("form");
  const others = [...new FormData(form)].filter(([name]) => !name.startsWith(`${list.id}.`) && name !== "csrfmiddlewaretoken");
  const values = { ...Object.fromEntries(others), ...was, do: "show" };
  window.htmx.ajax("POST", location.pathname, { values, target: list, select: `#${list.id}`, swap: "outerHTML" });
}
