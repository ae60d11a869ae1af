// Choosing a part of a video on its strip: two handles, exact numbers beside them, the picture
// above.  The numbers are what is sent; without this script they are typed.
//
// Markup: form[data-trim] with its length and the part that the video above shows, in milliseconds.

const SMALL_MS = 40;
const LARGE_MS = 1000;
const LEAST_MS = 500;

const form = document.querySelector("form[data-trim]");
if (form) start();

function start() {
  const length = Number(form.dataset.length);
  const shown = [Number(form.dataset.shownFrom), Number(form.dataset.shownUntil)];
  const video = form.querySelector("[data-video]");
  const strip = form.querySelector("[data-strip]");
  const fields = { begin: form.elements.begin, end: form.elements.end };
  const handles = Object.fromEntries([...form.querySelectorAll("[data-handle]")].map((each) => [each.dataset.handle, each]));
  const part = { begin: read(fields.begin.value) ?? 0, end: read(fields.end.value) ?? length };

  for (const [which, field] of Object.entries(fields)) {
    field.addEventListener("change", () => { const at = read(field.value); if (at !== null) move(which, at); else show(); });
  }
  for (const [which, handle] of Object.entries(handles)) {
    handle.hidden = false;
    handle.addEventListener("pointerdown", (event) => { event.preventDefault(); handle.setPointerCapture(event.pointerId); handle.focus(); });
    handle.addEventListener("pointermove", (event) => { if (handle.hasPointerCapture(event.pointerId)) move(which, along(event.clientX)); });
    handle.addEventListener("keydown", (event) => {
      const size = event.shiftKey ? LARGE_MS : SMALL_MS;
      const to = { ArrowLeft: part[which] - size, ArrowDown: part[which] - size, ArrowRight: part[which] + size, ArrowUp: part[which] + size, Home: 0, End: length }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      move(which, to);
    });
  }
  for (const button of form.querySelectorAll("[data-here]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      if (button.dataset.here === "poster") form.elements.poster.value = written(instant());
      else move(button.dataset.here, instant());
    });
  }
  video.addEventListener("timeupdate", mark);
  video.addEventListener("seeked", mark);
  show();

  // The instant of the original that is seen.
  function instant() {
    return Math.min(shown[0] + Math.round(video.currentTime * 1000), shown[1]);
  }

  function along(x) {
    const box = strip.getBoundingClientRect();
    return ((x - box.left) / box.width) * length;
  }

  function move(which, to) {
    const [least, most] = which === "begin" ? [0, part.end - LEAST_MS] : [part.begin + LEAST_MS, length];
    part[which] = Math.round(Math.min(Math.max(to, least), Math.max(most, least)));
    show();
    if (part[which] >= shown[0] && part[which] <= shown[1]) video.currentTime = (part[which] - shown[0]) / 1000;
  }

  function show() {
    for (const which of ["begin", "end"]) {
      fields[which].value = written(part[which]);
      const handle = handles[which];
      if (!handle) continue;
      handle.style.left = percent(part[which]);
      handle.setAttribute("aria-valuenow", part[which]);
      handle.setAttribute("aria-valuetext", written(part[which]));
    }
    form.querySelector("[data-left]").textContent = `${written(part.end - part.begin)} s`;
    if (!strip) return;
    form.querySelector("[data-before]").style.width = percent(part.begin);
    form.querySelector("[data-after]").style.width = percent(length - part.end);
  }

  function mark() {
    const place = form.querySelector("[data-now]");
    if (!place) return;
    place.hidden = false;
    place.style.left = percent(instant());
  }

  function percent(at) {
    return `${(at / length) * 100}%`;
  }
}

function written(ms) {
  return (ms / 1000).toFixed(3);
}

// 83.5 or 1:23.5, in milliseconds; null for anything else.
function read(text) {
  const found = /^(?:(\d+):)?(\d+(?:\.\d+)?)$/.exec(text.trim());
  return found ? Math.round((Number(found[1] ?? 0) * 60 + Number(found[2])) * 1000) : null;
}
