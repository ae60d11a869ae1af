// Two keys that every page knows: / goes to its search, ? shows all keys (parts/keys.html).
// Never while somebody types, and never with Ctrl, Alt or Meta: those belong to the browser.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return;
  if (event.key === "?") document.getElementById("keys")?.showModal();
  else if (event.key === "/") toSearch(event);
});

function isTyping(element) {
  return element.isContentEditable || element.closest("input, textarea, select, dialog[open]") !== null;
}

function toSearch(event) {
  const field = [...document.querySelectorAll('main input[type="search"]')].find((each) => each.checkVisibility());
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.select();
}
