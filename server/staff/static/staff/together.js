// Who else has this page open, and whether it changed meanwhile: asks every few seconds while somebody
// looks at it.  What is typed stays as it is.
//
//   {% together "playlist" playlist.pk playlist.version %}   →  <div class="together" data-together="playlist:3" …>
//
// The version is that of the page's field `version` if there is one, since autosave moves it on.
// Without a version only people are told of: the page hears of changes by itself.
import { call, Refusal } from "./request.js";

const EVERY_MS = 6_000;

for (const place of document.querySelectorAll("[data-together]")) watch(place);
document.addEventListener("htmx:load", (event) => {
  for (const place of event.detail.elt.querySelectorAll?.("[data-together]") ?? []) watch(place);
});

function watch(place) {
  let shown = "";
  const ask = async () => {
    if (document.visibilityState !== "visible" || !place.isConnected) return;
    const version = place.dataset.version && (document.querySelector("form [name=version]")?.value || place.dataset.version);
    const body = new URLSearchParams({ page: place.dataset.together, version });
    try {
      const html = await call("POST", place.dataset.address, body, { headers: { Accept: "text/html" } });
      if (html.trim() !== shown) place.innerHTML = shown = html.trim(); // our own template, which escapes
    } catch (error) { // the next round asks again
      if (error instanceof Refusal && error.status === 404) gone();
    }
  };
  const gone = () => {
    clearInterval(timer);
    const note = document.createElement("p");
    note.className = "note note-warning";
    note.textContent = place.dataset.gone;
    if (place.dataset.gone) place.replaceChildren(note);
  };
  ask();
  const timer = setInterval(ask, EVERY_MS);
  document.addEventListener("visibilitychange", ask);
  addEventListener("pagehide", () => {
    clearInterval(timer);
    navigator.sendBeacon(place.dataset.address, new URLSearchParams({
      page: place.dataset.together, leaves: "1", csrfmiddlewaretoken: document.querySelector("meta[name=csrf]").content,
    }));
  });
}
