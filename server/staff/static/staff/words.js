// The words that scripts say, in the reader's language: the data of <template id="words">.
const words = document.getElementById("words")?.dataset ?? {};

export function word(name, value = "") {
  return (words[name] ?? "").replace("{1}", value);
}
