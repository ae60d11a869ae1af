// A form of a card: counters at texts, and rows that a draft had and the page has not.
import { whenever } from "../markup.js";

whenever("[data-counted]", (field) => {
  const help = document.getElementById(`${field.id}_helptext`);
  if (!help) return;
  const show = () => { help.textContent = `${[...field.value].length} / ${field.dataset.counted}`; };
  field.addEventListener("input", show);
  field.addEventListener("change", show);
  show();
});

// The page cannot make rows by itself: it lets the server add those that the draft needs, with all
// that the draft says in them.
document.addEventListener("draft:restore", (event) => {
  const form = event.target, told = new Map(event.detail);
  const lacks = [...form.querySelectorAll("[data-rows]")].some((list) => {
    const name = `${list.dataset.rows}.rows`;
    return told.has(name) && told.get(name) !== form.elements[name].value;
  });
  if (!lacks) return;
  event.preventDefault();
  const sent = document.createElement("form");
  Object.assign(sent, { method: "post", hidden: true });
  const kept = ["csrfmiddlewaretoken", "version"].filter((name) => form.elements[name]);
  const pairs = [...event.detail, ...kept.map((name) => [name, form.elements[name].value]), ["do", "show"]];
  for (const [name, value] of pairs) {
    const field = document.createElement("textarea");
    Object.assign(field, { name, value });
    sent.append(field);
  }
  document.body.append(sent);
  sent.submit();
});
