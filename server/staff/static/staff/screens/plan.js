// A floor plan: pins are dragged, or moved by the arrow keys; each move is kept at once.
const plan = document.querySelector("[data-plan]");
const width = Number(plan.dataset.width);
const height = Number(plan.dataset.height);
const within = (value) => Math.min(1000, Math.max(0, Math.round(value)));

function put(pin, x, y) {
  pin.dataset.x = within(x);
  pin.dataset.y = within(y);
  const left = (pin.dataset.x * width) / 1000;
  const top = (pin.dataset.y * height) / 1000;
  pin.setAttribute("transform", `translate(${left} ${top})`);
}

async function keep(pin) {
  const body = new URLSearchParams({ screen: pin.dataset.pin, x: pin.dataset.x, y: pin.dataset.y });
  const token = document.querySelector('meta[name="csrf"]').content;
  const headers = { "X-CSRFToken": token, "X-Requested-With": "fetch" };
  const answer = await fetch(plan.dataset.plan, { method: "POST", body, headers });
  if (!answer.ok) location.reload();
  for (const name of ["x", "y"]) {
    const form = document.querySelector(`form:has([name="screen"][value="${pin.dataset.pin}"])`);
    const field = form?.querySelector(`[name="${name}"]`);
    if (field) field.value = pin.dataset[name];
  }
}

function at(event) {
  const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(plan.getScreenCTM().inverse());
  return [(point.x / width) * 1000, (point.y / height) * 1000];
}

let held = null;
let moved = false;
plan.addEventListener("pointerdown", (event) => {
  held = event.target.closest("[data-pin]");
  moved = false;
  if (held) plan.setPointerCapture(event.pointerId);
});
plan.addEventListener("pointermove", (event) => {
  if (!held) return;
  moved = true;
  put(held, ...at(event));
});
plan.addEventListener("pointerup", () => {
  if (held && moved) keep(held);
  else if (held) location.assign(held.getAttribute("href"));
  held = null;
});
plan.addEventListener("dragstart", (event) => event.preventDefault());
plan.addEventListener("click", (event) => {
  if (moved) event.preventDefault();
});

const STEPS = { ArrowLeft: [-5, 0], ArrowRight: [5, 0], ArrowUp: [0, -5], ArrowDown: [0, 5] };
plan.addEventListener("keydown", (event) => {
  const pin = event.target.closest("[data-pin]");
  const step = pin && STEPS[event.key];
  if (!step) return;
  event.preventDefault();
  put(pin, Number(pin.dataset.x) + step[0], Number(pin.dataset.y) + step[1]);
  keep(pin);
});
