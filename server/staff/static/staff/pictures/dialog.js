// One dialog in which a picture of the library is chosen by sight and by name (parts/picker.html).
// Whoever asks gets what was picked: `pick` ("a17"; "": none), `title`, `small` (its address).
const PAUSE_MS = 300;

const dialog = document.getElementById("picker");
const search = dialog?.querySelector("input");
const offered = dialog?.querySelector("[data-offered]");
let waiting = 0, asked = 0, taken = null;

if (dialog) {
  search.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(look, PAUSE_MS); });
  dialog.addEventListener("click", (event) => {
    const picked = event.target.closest("[data-pick]");
    if (!picked) return;
    dialog.close();
    taken({ ...picked.dataset });
  });
}

// What the dialog says of no choice, in the reader's language.
export const words = dialog ? { none: dialog.dataset.none, choose: dialog.dataset.choose } : null;

// Open it; `take` is called when somebody has picked, `left` when it closed in whatever way.
export function ask(take, left = () => {}) {
  taken = take;
  search.value = "";
  dialog.addEventListener("close", left, { once: true });
  dialog.showModal();
  look();
}

async function look() {
  const mine = ++asked, address = new URL(dialog.dataset.picturesAt, location);
  address.searchParams.set("q", search.value);
  const answer = await fetch(address, { credentials: "same-origin" }).catch(() => null);
  if (mine !== asked) return;
  if (answer?.ok) offered.innerHTML = await answer.text(); // made by our own template, which escapes
  else offered.textContent = dialog.dataset.lost;
}
