// The form of an entry, in the panel of the week or on a page of its own: while it is filled in,
// the server says in words what it would do, and buttons offer ways out of what it would hide.

import { call } from "../request.js";

const PAUSE_MS = 350;

/** What asks for a part of a page instead of the page. */
export const PART = { headers: { "X-Part": "1", Accept: "application/json, text/html" } };

/** Make a form say what it would do.  Returns a function that ends it. */
export function foretell(root) {
  const form = root.querySelector("#entry-form");
  if (!form?.dataset.look) return () => {};
  const place = form.querySelector("[data-foreseen]");
  let waiting = 0;
  let asking = null;
  const ask = async () => {
    asking?.abort();
    asking = new AbortController();
    try {
      const { signal } = asking;
      const html = await call("POST", form.dataset.look, new FormData(form), { signal, ...PART });
      place.innerHTML = html;
    } catch (error) {
      if (error.name !== "AbortError") place.textContent = "";
    }
  };
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, PAUSE_MS);
  };
  form.addEventListener("input", soon);
  form.addEventListener("click", (event) => {
    const way = event.target.closest("[data-way]");
    if (!way) return;
    take(form, way.dataset.way, way.value);
    ask();
  });
  return () => { clearTimeout(waiting); asking?.abort(); };
}

/** Set a field as a way out says; a priority that has no word is a number of its own. */
function take(form, name, value) {
  form.elements[name].value = value;
  if (name === "priority") {
    const level = form.elements.level;
    level.value = [...level.options].some((each) => each.value === value) ? value : "other";
  }
  form.elements[name].closest(".field")?.scrollIntoView({ block: "nearest" });
}

document.documentElement.classList.add("has-script");
const page = document.querySelector("[data-entry-page]");
if (page) foretell(page);
