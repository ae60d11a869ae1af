// Pictures of a card are chosen by sight: a button with the picture in the place of each choice, and one
// dialog with the library's pictures and a search.  Without this script the choice itself is there.
import { whenever } from "../markup.js";

const PAUSE_MS = 300;

const dialog = document.getElementById("picker");
const search = dialog?.querySelector("input");
const offered = dialog?.querySelector("[data-offered]");
let chooser = null, waiting = 0, asked = 0;

if (dialog) {
  whenever("select[data-pictures]", enhance);
  search.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(look, PAUSE_MS); });
  dialog.addEventListener("click", (event) => {
    const picked = event.target.closest("[data-pick]");
    if (picked) take(picked.dataset);
  });
}

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
    const now = select.selectedOptions[0], small = now?.dataset.small, title = now?.value ? now.label : dialog.dataset.none;
    button.setAttribute("aria-label", `${select.getAttribute("aria-label")}: ${title}`);
    button.title = title;
    button.replaceChildren(small ? pictureOf(small) : document.createTextNode(now?.value ? title : dialog.dataset.choose));
  };
  select.addEventListener("change", show);
  button.addEventListener("click", () => { chooser = { select, button }; search.value = ""; dialog.showModal(); look(); });
  show();
}

function pictureOf(address) {
  const picture = document.createElement("img");
  Object.assign(picture, { src: address, alt: "" });
  return picture;
}

async function look() {
  const mine = ++asked, address = new URL(dialog.dataset.picturesAt, location);
  address.searchParams.set("q", search.value);
  const answer = await fetch(address, { credentials: "same-origin" }).catch(() => null);
  if (mine !== asked) return;
  if (answer?.ok) offered.innerHTML = await answer.text(); // made by our own template, which escapes
  else offered.textContent = dialog.dataset.lost;
}

function take({ pick, title, small }) {
  const { select, button } = chooser;
  if (![...select.options].some((each) => each.value === pick)) {
    const option = new Option(title, pick);
    if (small) option.dataset.small = small;
    select.add(option);
  }
  select.value = pick;
  dialog.close();
  select.dispatchEvent(new Event("input", { bubbles: true }));
  select.dispatchEvent(new Event("change", { bubbles: true }));
  button.focus();
}
