// Before an emergency goes: the picture follows what is typed, and the button waits for the word.
// Without this script the page works as well; the server checks everything again.

const form = document.querySelector("[data-emergency]");
const preview = document.querySelector("[data-preview]");
const says = document.querySelector("[data-preview-says]");

// What the card would say now: written words, or prepared ones with their blanks filled.
function words() {
  const prepared = form.querySelector("[data-prepared]");
  if (!prepared) {
    return Object.fromEntries(
      ["title", "body", "issuer", "hazard"].map((name) => [name, form.elements[name]?.value ?? ""]),
    );
  }
  const { title, body, issuer, hazard } = prepared.dataset;
  return { title: filled(title), body: filled(body), issuer, hazard };
}

function filled(text) {
  return text.replace(/\{([^{}\n]{1,20})\}/g, (blank, name) => {
    const label = [...form.querySelectorAll("label")].find((each) => each.textContent.trim() === name);
    return label?.control?.value.trim() || blank;
  });
}

let asked = "";

async function draw() {
  const query = new URLSearchParams({ ...words(), drill: preview.dataset.drill });
  if (preview.dataset.picture) query.set("picture", preview.dataset.picture);
  const address = `${preview.dataset.preview}?${query}`;
  if (address === asked) return;
  asked = address;
  const answer = await fetch(address);
  if (address !== asked) return;
  says.hidden = answer.ok;
  if (!answer.ok) {
    says.textContent = await answer.text();
    return;
  }
  for (const picture of preview.querySelectorAll("img")) {
    picture.src = picture.classList.contains("upright") ? `${address}&upright=1` : address;
  }
}

let waiting = 0;

function drawSoon() {
  clearTimeout(waiting);
  waiting = setTimeout(draw, 400);
}

if (form && preview) {
  for (const kind of ["input", "change"]) form.addEventListener(kind, (event) => {
    if (event.target.name !== "typed") drawSoon();
  });
}

const typed = form?.elements.typed;
const go = form?.querySelector(".button-go");

if (typed && go) {
  const neverGoes = go.disabled;
  const endsAt = form.querySelector("[data-ends-at]");
  const isPlaced = () => form.querySelector("[name=groups]:checked, [name=screens]:checked, [name=everywhere]:checked");
  const accepted = form.dataset.words.toLowerCase().split("|");
  const isTyped = () => accepted.includes(typed.value.trim().toLowerCase());

  function judge() {
    go.disabled = neverGoes || !isTyped() || !isPlaced();
    const why = form.querySelector("[data-go-why]");
    if (why) why.textContent = neverGoes || !go.disabled ? "" : isPlaced() ? why.dataset.word : why.dataset.place;
    endsAt.hidden = form.querySelector("[name=ends]:checked")?.value !== "at";
  }

  form.addEventListener("input", judge);
  form.addEventListener("change", judge);
  form.addEventListener("submit", () => setTimeout(() => { go.disabled = true; }));
  window.addEventListener("pageshow", judge);
  judge();
}
