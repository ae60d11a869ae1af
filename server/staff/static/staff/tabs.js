// Tabs within a page: [role=tablist] with buttons [role=tab][aria-controls].  Without script all panels
// show, one below the other.  Arrows, Home and End move; the one that is open stays so after a reload.
import { whenever } from "./markup.js";

whenever("[role=tablist]", start);

function start(list) {
  const tabs = [...list.querySelectorAll("[role=tab]")];
  if (!tabs.length || list.dataset.started) return;
  list.dataset.started = "yes";
  const key = list.id && `tab:${location.pathname}#${list.id}`;
  const choose = (tab) => {
    for (const each of tabs) {
      const isChosen = each === tab;
      each.setAttribute("aria-selected", String(isChosen));
      each.tabIndex = isChosen ? 0 : -1;
      document.getElementById(each.getAttribute("aria-controls")).hidden = !isChosen;
    }
    if (key) sessionStorage.setItem(key, tab.id);
  };
  list.hidden = false;
  for (const tab of tabs) tab.addEventListener("click", () => choose(tab));
  list.addEventListener("keydown", (event) => {
    const at = tabs.indexOf(event.target);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const tab = tabs[(to + tabs.length) % tabs.length];
    choose(tab);
    tab.focus();
  });
  choose(tabs.find((each) => key && each.id === sessionStorage.getItem(key)) ?? tabs.find((each) => each.getAttribute("aria-selected") === "true") ?? tabs[0]);
}
