// Refreshes a list without flicker: <ul data-keyed hx-get="…" hx-trigger="every 15s" hx-swap="none">.
// What came is compared child by child, by `id`: what says the same stays as it is, with its pictures
// and its focus; a new picture is there before it is shown.  While nobody looks, nothing is asked.
// The request says by `upto` how many are shown.  An answer of 286 is the last one: htmx asks no more.
const said = new WeakMap();

for (const list of document.querySelectorAll("[data-keyed]")) note(list);

document.addEventListener("htmx:configRequest", ({ target, detail }) => {
  if (target.matches("[data-keyed]")) detail.parameters.upto = target.querySelectorAll(":scope > [id]:not(.wall-more)").length;
});
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.matches("[data-keyed]") && document.hidden) event.preventDefault();
});
document.addEventListener("htmx:beforeSwap", ({ target, detail }) => {
  if (target.matches("[data-keyed]") && [200, 286].includes(detail.xhr.status)) merge(target, detail.serverResponse);
});
document.addEventListener("htmx:load", ({ detail }) => {
  if (detail.elt.parentElement?.matches("[data-keyed]")) said.set(detail.elt, detail.elt.outerHTML);
  for (const list of detail.elt.querySelectorAll?.("[data-keyed]") ?? []) note(list);
});

function note(list) {
  for (const child of list.children) if (!said.has(child)) said.set(child, child.outerHTML);
}

async function merge(list, html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  const fresh = [...template.content.children].filter((each) => each.id && !each.hasAttribute("hx-swap-oob"));
  const held = new Map([...list.children].map((each) => [each.id, each]));
  const wanted = fresh.map((child) => {
    const text = child.outerHTML, old = held.get(child.id);
    if (old && said.get(old) === text) return old;
    said.set(child, text);
    return child;
  });
  await Promise.allSettled(wanted.filter((each) => !each.isConnected).flatMap((each) => [...each.querySelectorAll("img")]
    .filter((picture) => isSeen(held.get(each.id)) && picture.src).map((picture) => { picture.loading = "eager"; return picture.decode(); })));
  wanted.forEach((child, at) => {
    if (list.children[at] === child) return;
    const old = held.get(child.id);
    if (!child.isConnected && old && list.children[at] === old) old.replaceWith(child);
    else list.insertBefore(child, list.children[at] ?? null);
    globalThis.htmx?.process(child);
  });
  for (const child of [...list.children]) if (!wanted.includes(child)) child.remove();
}

function isSeen(element) {
  const box = element?.getBoundingClientRect();
  return box && box.bottom > 0 && box.top < innerHeight;
}
