// Turns the slides of an open page, each after its own time; a hand on it stops that.
const slides = document.querySelector("[data-slides]");
const all = [...slides.querySelectorAll("[data-seconds]")], dots = [...document.querySelectorAll(".portal-dots a")];
const hold = document.querySelector("[data-hold]"), wantsRest = matchMedia("(prefers-reduced-motion: reduce)");
let isHeld = wantsRest.matches, timer = null;

const current = () => Math.round(slides.scrollLeft / (slides.clientWidth || 1));
const isVideoPlaying = () => [...slides.querySelectorAll("video")].some((each) => !each.paused);

function go(to) { slides.scrollTo({ left: to * slides.clientWidth }); }

function plan() {
  clearTimeout(timer);
  dots.forEach((each, n) => { each.classList.toggle("is-current", n === current()); if (n === current()) each.setAttribute("aria-current", "true"); else each.removeAttribute("aria-current"); });
  if (isHeld || all.length < 2) return;
  const seconds = Math.max(5, Number(all[current()]?.dataset.seconds) || 10);
  timer = setTimeout(() => { if (!isVideoPlaying() && !slides.matches(":hover") && !document.hidden) go((current() + 1) % all.length); plan(); }, seconds * 1000);
}

function show() {
  if (!hold) return;
  hold.hidden = false;
  hold.setAttribute("aria-pressed", String(isHeld));
  hold.querySelector("[data-running]").hidden = isHeld;
  hold.querySelector("[data-held]").hidden = !isHeld;
}

hold?.addEventListener("click", () => { isHeld = !isHeld; show(); plan(); });
dots.forEach((each, n) => each.addEventListener("click", (event) => { event.preventDefault(); isHeld = true; show(); go(n); plan(); }));
slides.addEventListener("scrollend", plan);
slides.addEventListener("touchstart", () => { isHeld = true; show(); plan(); }, { passive: true });
slides.addEventListener("keydown", (event) => {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (step) { event.preventDefault(); isHeld = true; show(); go(Math.max(0, Math.min(all.length - 1, current() + step))); plan(); }
});
show();
plan();
