// Several assets at once: how many are chosen, all of a page, and a range with Shift.

let last = null;

document.addEventListener("click", (event) => {
  const box = event.target.closest?.("[data-selection] input[name=assets]");
  if (!box) return;
  if (event.shiftKey && last?.isConnected) {
    const all = boxes(box.form);
    const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
    for (const each of all.slice(from, to + 1)) each.checked = box.checked;
  }
  last = box;
  count(box.form);
});

document.addEventListener("change", (event) => {
  const all = event.target.closest?.("[data-all]");
  if (all) for (const each of boxes(all.form)) each.checked = all.checked;
  const form = event.target.closest?.("[data-selection]");
  if (form) count(form);
});

// One panel at a time, and away with Escape or a click beside it.
document.addEventListener("click", (event) => close((panel) => panel.contains(event.target)));
document.addEventListener("keydown", (event) => { if (event.key === "Escape") close(() => false); });

document.addEventListener("htmx:afterSwap", ready);
ready();

function ready() {
  for (const each of document.querySelectorAll("[data-needs-script]")) each.hidden = false;
  for (const each of document.querySelectorAll("[data-without-script]")) each.hidden = true;
  for (const each of document.querySelectorAll("[data-selection]")) count(each);
}

function close(isKept) {
  for (const each of document.querySelectorAll(".bulk-act[open]")) if (!isKept(each)) each.open = false;
}

function boxes(form) {
  return [...form.querySelectorAll("input[name=assets]")];
}

function count(form) {
  const n = boxes(form).filter((each) => each.checked).length;
  const place = form.querySelector("[data-count]");
  if (place && n) place.textContent = form.dataset.wordChosen.replace("{n}", n);
}
