// Tags: <div class="chips-input" data-chips="tags"> around a text field named `tags` whose words are
// parted by commas.  With script each is a chip that can be taken away; the form sends the same field.
import { whenever } from "./markup.js";

const PARTS = /[,，、;；\n]+/;

whenever("[data-chips]", start);

function start(box) {
  if (box.dataset.started) return;
  box.dataset.started = "yes";
  const sent = box.querySelector(`[name="${box.dataset.chips}"]`);
  const typed = sent.cloneNode();
  typed.removeAttribute("name");
  typed.value = "";
  sent.type = "hidden";
  sent.removeAttribute("id");
  box.append(typed);
  let words = parts(sent.value);

  const show = (isChanged = true) => {
    for (const chip of box.querySelectorAll(".chip")) chip.remove();
    typed.before(...words.map(chip));
    sent.value = words.join(", ");
    if (isChanged) sent.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const take = () => {
    words = [...new Set([...words, ...parts(typed.value)])];
    typed.value = "";
    show();
  };
  const chip = (text) => {
    const item = document.createElement("span");
    item.className = "chip";
    item.append(text);
    const close = document.createElement("button");
    close.type = "button";
    close.className = "chip-close";
    close.textContent = "×";
    close.setAttribute("aria-label", `${box.dataset.wordRemove ?? "×"} ${text}`);
    close.addEventListener("click", () => { words = words.filter((each) => each !== text); show(); typed.focus(); });
    item.append(close);
    return item;
  };
  typed.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter" && typed.value.trim()) { event.preventDefault(); take(); }
    if (event.key === "Backspace" && !typed.value && words.length) { words.pop(); show(); }
  });
  typed.addEventListener("input", (event) => { if (!event.isComposing && PARTS.test(typed.value)) take(); });
  typed.addEventListener("change", (event) => { event.stopPropagation(); if (typed.value.trim()) take(); });
  sent.form?.addEventListener("submit", () => { if (typed.value.trim()) take(); });
  show(false);
}

function parts(text) {
  return text.split(PARTS).map((each) => each.trim()).filter(Boolean);
}
