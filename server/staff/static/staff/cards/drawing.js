// The picture of a card follows what is typed: after each pause the server draws it anew.  The last good
// picture stays while something does not fit.  Without this script the button asks for it.
import { seal } from "../request.js";

const PAUSE_MS = 600;

const frame = document.querySelector("[data-card-drawn]");
const form = frame && document.getElementById(frame.dataset.form);
const picture = frame?.querySelector("[data-drawing]");
const reason = frame?.querySelector("[data-not-drawn]");
const says = frame?.querySelector("[data-drawing-says]");
const shapes = frame?.querySelector("[data-shapes]");

let waiting = 0, asked = 0;

const shape = () => shapes.querySelector(":checked").value;

async function draw() {
  const mine = ++asked, address = new URL(frame.dataset.cardDrawn, location);
  address.searchParams.set("shape", shape());
  const headers = { "X-CSRFToken": seal() };
  const answer = await fetch(address, { method: "POST", body: new FormData(form), headers, credentials: "same-origin" }).catch(() => null);
  // 204: the server has let this wish go for a newer one; nothing comes of a lost connection, either.
  if (mine !== asked || !answer || answer.status === 204) return;
  reason.hidden = answer.ok;
  if (!answer.ok) {
    reason.textContent = answer.status < 500 || answer.status === 503 ? await answer.text() : "";
    reason.hidden = !reason.textContent;
    return;
  }
  const old = picture.src;
  picture.src = URL.createObjectURL(await answer.blob());
  says.textContent = frame.dataset.said;
  if (old.startsWith("blob:")) URL.revokeObjectURL(old);
}

function drawSoon() {
  clearTimeout(waiting);
  waiting = setTimeout(draw, PAUSE_MS);
}

if (form) {
  frame.querySelector("[data-draw]").hidden = true;
  for (const kind of ["input", "change"]) form.addEventListener(kind, drawSoon);
  shapes.hidden = false;
  shapes.addEventListener("change", () => {
    frame.dataset.shape = shape();
    draw();
  });
  if ("typed" in frame.dataset) drawSoon();
}
