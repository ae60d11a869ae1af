// The list of screens: how many are ticked, and one tick for all.
const form = document.querySelector("[data-many]");
const boxes = () => [...form.querySelectorAll('[name="screens"]')];

function count() {
  const ticked = boxes().filter((box) => box.checked).length;
  const said = form.querySelector("[data-many-count]");
  if (said) said.value = ticked ? `(${ticked})` : "";
  const all = form.querySelector("[data-all]");
  if (all) {
    all.checked = ticked > 0 && ticked === boxes().length;
    all.indeterminate = ticked > 0 && ticked < boxes().length;
  }
}

form?.addEventListener("change", (event) => {
  if (event.target.matches("[data-all]")) {
    for (const box of boxes()) box.checked = event.target.checked;
  }
  count();
});
if (form) count();
