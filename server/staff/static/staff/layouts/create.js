// New layout: the presets take the shape of the chosen screen, and show what will play in them.
const form = document.querySelector("[data-create]");
const faces = JSON.parse(form?.dataset.faces ?? "{}");

function size() {
  const chosen = form.elements.canvas.value;
  const own = [form.elements.width.value, form.elements.height.value].map(Number);
  const [width, height] = chosen === "own" ? own : chosen.split("x").map(Number);
  return { width: width || 1920, height: height || 1080 };
}

/** What was chosen for a kind of part; one that follows the main picture keeps its drawing. */
const playlistOf = (kind) => form.elements[kind === "main" ? "playlist" : `playlist_${kind}`]?.value;

function show() {
  const { width, height } = size();
  form.querySelector("[data-own]").hidden = form.elements.canvas.value !== "own";
  for (const preset of form.querySelectorAll(".preset")) {
    if (!preset.dataset.size) shape(preset.querySelector(".layout-picture"), width, height);
    if (!preset.dataset.size) preset.style.order = (preset.dataset.upright === "1") === height > width ? "0" : "1";
    for (const zone of preset.querySelectorAll(".layout-zone")) picture(zone);
  }
  const used = new Set([...form.querySelectorAll("input[name=preset]:checked ~ .preset-frame .layout-zone")].map(kindOf));
  for (const part of form.querySelectorAll("[data-part]")) part.hidden = !used.has(part.dataset.part);
}

/** Give a picture the size of the screen; its parts keep their shares of it. */
function shape(svg, width, height) {
  const { width: drawnWidth, height: drawnHeight } = (svg.drawn ??= { ...viewOf(svg) });
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.setAttribute("preserveAspectRatio", "xMidYMid meet");
  const ground = svg.querySelector(".layout-canvas");
  for (const [box, sides] of [[ground, ["width", "height"]], ...[...svg.children].slice(1).map((part) => [part, ["x", "y", "width", "height"]])]) {
    for (const side of sides) {
      const share = (box.dataset[side] ??= box.getAttribute(side));
      const level = side === "x" || side === "width";
      box.setAttribute(side, String(level ? (share * width) / drawnWidth : (share * height) / drawnHeight));
    }
  }
}

const viewOf = (svg) => ({ width: svg.viewBox.baseVal.width, height: svg.viewBox.baseVal.height });
const kindOf = (zone) => zone.classList[1].replace("layout-zone-", "");

/** Put the picture of the playlist behind a part, if it has one. */
function picture(zone) {
  const address = faces[playlistOf(kindOf(zone))];
  let image = zone.parentElement.querySelector("image");
  if (!address) return image?.remove();
  if (!image) {
    image = document.createElementNS("http://www.w3.org/2000/svg", "image");
    for (const [name, value] of Object.entries({ width: "100%", height: "100%", preserveAspectRatio: "xMidYMid slice" })) image.setAttribute(name, value);
    zone.after(image);
  }
  if (image.getAttribute("href") !== address) image.setAttribute("href", address);
}

if (form) {
  form.addEventListener("input", ({ target }) => {
    const size = target.name === "preset" && target.closest(".preset").dataset.size;
    if (size) form.elements.canvas.value = size;
    show();
  });
  show();
}
