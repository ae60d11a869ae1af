// Finds markup in what htmx has put into the page: the element itself, and all within it.
export function every(root, selector) {
  const own = root.matches?.(selector) ? [root] : [];
  return [...own, ...root.querySelectorAll(selector)];
}

// Calls `start` with each element that is there now, and with each that comes later.
export function whenever(selector, start) {
  for (const each of every(document, selector)) start(each);
  document.addEventListener("htmx:load", (event) => { for (const each of every(event.detail.elt, selector)) start(each); });
}
