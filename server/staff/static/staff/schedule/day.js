// The slider over a day: the picture of the moment, what is in it and why; neighbours are fetched
// before they are asked for.  Without script the list of changes does the same, link by link.
//
// Pictures are wished for in lines of this page: of those that wait the server draws the newest
// of each line only.  Why one does not come stands below the glass; it is asked for again by itself.

const page = document.querySelector("[data-day-page]");

const KEPT = 40;
const TRIES = 5;
const PAUSE_S = 5;

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
    this.trouble = root.querySelector("[data-drawn-trouble]");
    this.line = Math.random().toString(36).slice(2, 14);
    this.kept = new Map(); // wall time → object URL
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
    if (!this.picture.complete || this.picture.naturalWidth) this.prefetch();
    else this.draw(this.since);
    this.picture.addEventListener("error", () => this.draw(this.since), { once: true });
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
    clearTimeout(this.again);
    this.drawing?.abort();
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
    await this.draw(this.since);
  }

  /** Show the picture of a moment, or why it does not come; that is asked for again after a while. */
  async draw(wall, tries = 1) {
    this.drawing?.abort();
    this.drawing = new AbortController();
    const got = await this.get(wall, "now", this.drawing.signal)
      .catch((error) => error.name === "AbortError" ? null : { again: PAUSE_S });
    if (!got || wall !== this.since) return; // somebody has gone on
    this.trouble.textContent = got.said ?? "";
    this.trouble.hidden = !got.said;
    this.picture.classList.toggle("is-missing", Boolean(got.said));
    if (got.said) this.picture.classList.remove("is-waiting");
    if (got.again && tries < TRIES) this.again = setTimeout(() => this.draw(wall, tries + 1), got.again * 1000);
    if (!got.picture) return;
    this.picture.src = got.picture;
    await this.picture.decode().catch(() => {});
    this.picture.classList.remove("is-waiting");
    this.root.dataset.shown = wall;
    this.prefetch();
  }

  /** The picture of a moment as an address; else what is said instead, and after how many seconds to ask again. */
  async get(wall, line, signal) {
    const known = this.kept.get(wall);
    if (known) return { picture: known };
    const answer = await fetch(this.address(wall), { signal, headers: { "X-Line": `${this.line}-${line}` } });
    if (answer.status === 204) return null;
    if (!answer.ok) return { said: await answer.text(), again: Number(answer.headers.get("Retry-After")) };
    return { picture: this.keep(wall, URL.createObjectURL(await answer.blob())) };
  }

  keep(wall, address) {
    this.kept.set(wall, address);
    if (this.kept.size > KEPT) {
      const [oldest, gone] = this.kept.entries().next().value;
      this.kept.delete(oldest);
      URL.revokeObjectURL(gone);
    }
    return address;
  }

  /** Fetch the pictures after and before, one after the other, while nothing else is asked for. */
  async prefetch() {
    const signal = this.drawing?.signal;
    for (const wall of [this.until, this.earlier]) {
      if (signal?.aborted) return;
      if (wall.slice(0, 10) === this.on) await this.get(wall, "ahead", signal).catch(() => null);
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
