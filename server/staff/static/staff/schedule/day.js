// The slider over a day: the picture of the moment, what is in it and why; neighbours are fetched
// before they are asked for.  Without script the list of changes does the same, link by link.

const page = document.querySelector("[data-day-page]");

/** A minute of the day as hh:mm. */
const clock = (minute) =>
  `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;

/** The minute of a wall time; before and after this day its ends. */
function minuteOf(wall, on) {
  if (wall.slice(0, 10) < on) return 0;
  if (wall.slice(0, 10) > on) return 1439;
  return Number(wall.slice(11, 13)) * 60 + Number(wall.slice(14, 16));
}

class Scrub {
  constructor(root) {
    this.root = root;
    this.on = root.dataset.on;
    this.slider = root.querySelector("[data-slider]");
    this.time = root.querySelector("[data-time]");
    this.picture = root.querySelector("[data-picture]");
    this.moment = root.querySelector("[data-moment]");
    this.fetched = new Set();
    root.querySelector("[data-scrub]").hidden = false;
    this.slider.addEventListener("input", () => this.show(Number(this.slider.value)));
    this.slider.addEventListener("keydown", (event) => this.pressed(event));
    for (const button of root.querySelectorAll("[data-step]")) {
      button.addEventListener("click", () => this.step(button.dataset.step));
    }
    for (const link of root.querySelectorAll("[data-goto]")) {
      link.addEventListener("click", (event) => this.followed(event, link));
    }
    this.read();
    this.prefetch();
  }

  /** Take from the text beside the picture since when and until when it stands. */
  read() {
    const said = this.moment.querySelector("[data-since]").dataset;
    this.since = said.since;
    this.until = said.until;
    this.earlier = said.earlier;
  }

  address(wall) {
    return `${this.root.dataset.pictureAddress}?at=${wall}&of=${this.root.dataset.of}`;
  }

  show(minute) {
    this.slider.value = minute;
    this.time.value = clock(minute);
    this.slider.setAttribute("aria-valuetext", clock(minute));
    const wall = `${this.on}T${clock(minute)}:00`;
    if (wall >= this.since && wall < this.until) return;
    clearTimeout(this.waiting);
    this.picture.classList.add("is-waiting");
    this.waiting = setTimeout(() => this.ask(wall), 90);
  }

  async ask(wall) {
    this.asking?.abort();
    this.asking = new AbortController();
    try {
      const address = `${this.root.dataset.atAddress}?at=${wall}&of=${this.root.dataset.of}`;
      const answer = await fetch(address, { signal: this.asking.signal });
      if (!answer.ok) return;
      this.moment.innerHTML = await answer.text();
    } catch (error) {
      if (error.name !== "AbortError") this.moment.textContent = this.time.value;
      return;
    }
    this.read();
    this.picture.onload = () => {
      this.picture.classList.remove("is-waiting");
      this.root.dataset.shown = this.since;
      this.prefetch();
    };
    this.picture.src = this.address(this.since);
  }

  /** Fetch the pictures before and after, once each. */
  prefetch() {
    for (const wall of [this.until, this.earlier]) {
      if (this.fetched.has(wall) || wall.slice(0, 10) !== this.on) continue;
      this.fetched.add(wall);
      new Image().src = this.address(wall);
    }
  }

  step(where) {
    const minute = minuteOf(where === "later" ? this.until : this.earlier, this.on);
    const now = Number(this.slider.value);
    const next = where === "later" ? Math.max(minute, now + 1) : Math.min(minute, now - 1);
    this.show(Math.min(1439, Math.max(0, next)));
  }

  pressed(event) {
    if (event.key === "PageUp" || event.key === "PageDown") {
      event.preventDefault();
      this.step(event.key === "PageUp" ? "later" : "earlier");
    }
  }

  followed(event, link) {
    event.preventDefault();
    for (const other of this.root.querySelectorAll("[data-goto]")) other.removeAttribute("aria-current");
    link.setAttribute("aria-current", "true");
    this.show(minuteOf(`${this.on}T${link.dataset.goto}`, this.on));
  }
}

if (page) new Scrub(page);
