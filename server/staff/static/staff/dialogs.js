// Dialogs where something must be said or typed first.  Never for "are you sure": undo is better.
//
//   <a href="/page/that/does/it/without/script" data-opens="withdraw">…</a>
//   <dialog class="dialog" id="withdraw" aria-labelledby="…"><form method="post" data-word="撤播">…
//
// In a form with `data-word` the button [data-needs-word] works once the field [data-types-word] holds
// that word; the server asks for it again.  [data-closes] closes.  An answer of htmx that brings a
// dialog with `data-open-now` opens it.
import { whenever } from "./markup.js";

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  const found = opener && document.getElementById(opener.dataset.opens);
  if (found) {
    event.preventDefault();
    found.showModal();
  } else if (event.target.closest("[data-closes]")) {
    event.target.closest("dialog")?.close();
  } else if (event.target.matches("dialog.dialog") && isOutside(event)) {
    event.target.close();
  }
});

function isOutside({ target, clientX, clientY }) {
  const box = target.getBoundingClientRect();
  return clientX < box.left || clientX > box.right || clientY < box.top || clientY > box.bottom;
}

function weigh(form) {
  const typed = form.querySelector("[data-types-word]")?.value.trim();
  for (const button of form.querySelectorAll("[data-needs-word]")) button.disabled = typed !== form.dataset.word;
}

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-word]");
  if (form) weigh(form);
});
whenever("form[data-word]", weigh);
whenever("dialog[data-open-now]:not([open])", (dialog) => dialog.showModal());
