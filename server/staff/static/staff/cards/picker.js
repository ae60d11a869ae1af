// Pictures of a card are chosen by sight: a button with the picture in the place of each choice.
// Without this script the choice itself is there.
import { whenever } from "../markup.js";
import { ask, words } from "../pictures/dialog.js";

if (words) whenever("select[data-pictures]", enhance);

function enhance(select) {
  if (select.hidden) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "picture-button";
  select.hidden = true;
  select.after(button);
  // A label leads to the choice, which is hidden: it leads to the button.
  document.querySelector(`label[for="${select.id}"]`)?.addEventListener("click", () => button.focus());
  const show = () => {
    const now = select.selectedOptions[0], small = now?.dataset.small, title = now?.value ? now.label : words.none;
    button.setAttribute("aria-label", `${select.getAttribute("aria-label")}: ${title}`);
    button.title = title;
    button.replaceChildren(small ? pictureOf(small) : document.createTextNode(now?.value ? title : words.choose));
  };
  select.addEventListener("change", show);
  button.addEventListener("click", () => ask((picked) => { take(select, picked); button.focus(); }));
  show();
}

function pictureOf(address) {
  const picture = document.createElement("img");
  Object.assign(picture, { src: address, alt: "" });
  return picture;
}

function take(select, { pick, title, small }) {
  if (![...select.options].some((each) => each.value === pick)) {
    const option = new Option(title, pick);
    if (small) option.dataset.small = small;
    select.add(option);
  }
  select.value = pick;
  select.dispatchEvent(new Event("input", { bubbles: true }));
  select.dispatchEvent(new Event("change", { bubbles: true }));
}
