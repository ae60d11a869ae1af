// The page picker: click or space chooses, Shift chooses all between, arrow keys move.
//
// Markup: form[data-picker] with a checkbox for each page, in order.

const form = document.querySelector("form[data-picker]");
if (form) start();

function start() {
  const boxes = [...form.querySelectorAll("input[name=page]")];
  let last = null;

  for (const each of form.querySelectorAll("[data-needs-script]")) each.hidden = false;
  for (const box of boxes) box.addEventListener("click", (event) => pick(box, event.shiftKey));
  form.addEventListener("keydown", move);
  for (const button of form.querySelectorAll("[data-pick]")) button.addEventListener("click", () => {
    const how = { all: () => true, none: () => false, turn: (was) => !was }[button.dataset.pick];
    for (const each of boxes) each.checked = how(each.checked);
    count();
  });
  // A label's click carries no Shift to its box in every browser: keep it.
  form.addEventListener("click", (event) => {
    const label = event.target.closest(".page-pick");
    if (label && event.shiftKey && event.target.tagName !== "INPUT") {
      event.preventDefault();
      const box = label.querySelector("input");
      box.checked = !box.checked;
      box.focus();
      pick(box, true);
    }
  });
  count();

  function pick(box, isRange) {
    if (isRange && last) {
      const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
      for (const each of boxes.slice(from, to + 1)) each.checked = box.checked;
    }
    last = box;
    count();
  }

  function move(event) {
    const at = boxes.indexOf(event.target);
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: across(), ArrowUp: -across(), Home: -at, End: boxes.length }[event.key];
    if (at < 0 || step === undefined) return;
    event.preventDefault();
    const to = boxes[Math.min(Math.max(at + step, 0), boxes.length - 1)];
    to.focus();
    if (event.shiftKey) { to.checked = boxes[at].checked; count(); }
  }

  // How many pages stand side by side.
  function across() {
    const tops = boxes.map((each) => each.closest("li").offsetTop);
    const second = tops.findIndex((top) => top > tops[0]);
    return second < 0 ? boxes.length : second;
  }

  function count() {
    const n = boxes.filter((each) => each.checked).length;
    form.querySelector("[data-picked]").textContent = form.dataset.wordPicked.replace("{n}", n).replace("{all}", boxes.length);
  }
}
