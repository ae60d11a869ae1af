// Both changed the same value to different ones: both are shown, and the person takes one.

import { identity } from "./patch.js";
import { announce, say } from "./words.js";

export function clashesShown({ clashes, by }, draft, things, settled) {
  const place = document.getElementById("clashes");
  const open = new Set(clashes);
  const card = document.createElement("section");
  card.className = "card stack clashes";
  const title = document.createElement("h2");
  title.textContent = say("both", by || say("somebody"));
  card.append(title, ...clashes.map((clash) => row(clash)));
  place.replaceChildren(card);
  card.tabIndex = -1;
  card.focus();
  announce(title.textContent);

  function row(clash) {
    const item = clash.item && draft.item(clash.item);
    const line = document.createElement("div");
    line.className = "row row-apart";
    const what = document.createElement("span");
    what.textContent = [item && things[item.asset]?.title, fieldWord(clash)].filter(Boolean).join(" · ");
    const choice = document.createElement("span");
    choice.className = "row";
    choice.append(button("mine", clash, clash.mine), button("other", clash, clash.theirs));
    line.append(what, choice);
    return line;

    function button(name, each, value) {
      const made = document.createElement("button");
      made.type = "button";
      made.className = name === "mine" ? "button button-main" : "button";
      made.textContent = each.field === "items" ? say(name) : `${say(name)}: ${shown(each.field, value)}`;
      made.addEventListener("click", () => {
        put(each, value);
        line.remove();
        open.delete(each);
        if (!open.size) { place.replaceChildren(); settled(); }
      });
      return made;
    }
  }

  function put(clash, value) {
    draft.change("", (list) => {
      if (clash.field === "items") list.items = inOrder(list.items, value);
      else if (clash.item) { const item = list.items.find((each) => identity(each) === clash.item); if (item) item[clash.field] = value; }
      else list[clash.field] = value;
    });
  }
}

function inOrder(items, ids) {
  const known = new Map(items.map((item) => [identity(item), item]));
  const sorted = ids.filter((id) => known.has(id)).map((id) => known.get(id));
  return items.map((item) => (ids.includes(identity(item)) ? sorted.shift() : item));
}

function fieldWord({ field }) {
  if (field === "items") return say("orderClash");
  return say({ page: "pageField" }[field] ?? field.replace("default_", ""));
}

function shown(field, value) {
  if (value === null || value === "") return say("none");
  if (field.endsWith("_ms")) return `${value / 1000} s`;
  const option = document.querySelector(`#settings [data-set="${field}"] option[value="${value}"]`);
  return option?.textContent ?? String(value);
}
