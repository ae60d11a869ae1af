// Somebody deleted the playlist meanwhile: the plain form is sent, and offers to save it anew.

import { say } from "./words.js";

export function goneShown(form) {
  const place = document.getElementById("clashes");
  const card = document.createElement("section");
  card.className = "note note-warning row row-apart";
  const words = document.createElement("span");
  words.textContent = say("gone");
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "button button-main", textContent: say("anew") });
  button.addEventListener("click", () => form.submit());
  card.append(words, button);
  place.replaceChildren(card);
  button.focus();
}
