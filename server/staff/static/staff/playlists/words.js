// The words that the editor of playlists says, in the reader's language (parts/words.html).
const words = document.getElementById("list-words").dataset;

export function say(name, ...values) {
  return values.reduce((text, value, at) => text.replace(`{${at + 1}}`, () => value), words[name] ?? name);
}

// What a person who does not see the list is told of it.
export function announce(text) {
  const place = document.getElementById("announcer");
  place.textContent = "";
  requestAnimationFrame(() => { place.textContent = text; });
}
