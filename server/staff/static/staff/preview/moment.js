// The page of one moment: says why a picture could not be drawn, and plays on from there.

import { call } from "../request.js";
import { Player } from "./player.js";

const drawn = document.querySelector("[data-drawn]");
const trouble = document.querySelector("[data-drawn-trouble]");
if (drawn) {
  drawn.addEventListener("error", explain);
  if (drawn.complete && !drawn.naturalWidth) explain();
}

async function explain() {
  const answer = await fetch(drawn.src).catch(() => null);
  if (answer?.ok) return;
  trouble.textContent = (await answer?.text()) ?? "";
  trouble.hidden = !trouble.textContent;
  drawn.closest("figure").hidden = true;
}

const place = document.querySelector("[data-reel]");
if (place) new Player(place.querySelector("[data-player]"), () => call("GET", place.dataset.reel)).reload();

for (const each of document.querySelectorAll("#screen, #of"))
  each.addEventListener("change", () => each.form.requestSubmit());
