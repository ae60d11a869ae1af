// Sends one file in pieces that survive a lost network and a closed page: what the server has is
// asked for before each new try, and the transfer goes on from there.  It knows nothing of pages:
// `told` gets every change, `fields` are what the server is to know.

import { fingerprint } from "./fingerprint.js";

const PIECE_BYTES = 4 * 1024 * 1024;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 15_000;
const SILENCE_MS = 60_000;

export class Refusal extends Error {}
class Cancelled extends Error {}

export class Transfer {
  constructor(file, fields, address, seal, told) {
    Object.assign(this, { file, fields, address, seal, told });
    this.sent = 0;
    this.state = "queued";
  }

  get isOver() {
    return ["done", "refused", "cancelled", "used"].includes(this.state);
  }

  async run() {
    try {
      this.become("sending");
      const print = await fingerprint(this.file).catch(() => "");
      const body = JSON.stringify({ ...this.fields, name: this.file.name, bytes: this.file.size, fingerprint: print });
      const upload = await this.persist(() => this.ask("POST", this.address, body));
      this.id = upload.id;
      this.print = print;
      this.move(upload.received);
      if (upload.received) this.become("resumed");
      await this.sendRest();
      await this.finish(false);
    } catch (error) {
      if (error instanceof Cancelled) this.become("cancelled");
      else this.become("refused", { message: error instanceof Refusal ? error.message : String(error) });
    }
  }

  async sendRest() {
    while (this.sent < this.file.size) {
      await this.persist(
        async () => this.move((await this.append()).received),
        async () => this.move((await this.ask("GET", this.one())).received),
      );
    }
  }

  async finish(keep) {
    this.become("finishing");
    const done = await this.persist(() => this.ask("POST", `${this.one()}finish/`, JSON.stringify({ keep })));
    if (done.already) this.become("already", done.already[0]);
    else this.become("done", { url: done.asset_url });
  }

  // What the person says of a file that is here already.
  async keep() {
    try { await this.finish(true); } catch (error) { this.become("refused", { message: error.message }); }
  }

  async use() {
    await this.giveUp();
    this.become("used");
  }

  async cancel() {
    this.wanted = "cancelled";
    this.wake?.();
    this.request?.abort();
    await this.giveUp();
    this.become("cancelled");
  }

  async giveUp() {
    if (this.id) await this.ask("DELETE", this.one()).catch(() => {}); // else the server does, in a day
  }

  // Tries until it works, the server refuses, or the person cancels; before each new try `recover`
  // asks how far it is.
  async persist(attempt, recover = async () => {}) {
    for (let pause = FIRST_PAUSE_MS, lost = false; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      if (this.wanted === "cancelled") throw new Cancelled();
      try {
        if (lost) await recover();
        const answer = await attempt();
        if (lost) this.become("sending");
        return answer;
      } catch (error) {
        if (error instanceof Refusal) throw error;
        if (this.wanted === "cancelled") throw new Cancelled();
        lost = true;
        this.become("waiting");
        await this.rest(pause);
      }
    }
  }

  // A pause that ends at once when the network is back.
  rest(pause) {
    return new Promise((resolve) => {
      const timer = setTimeout(wake, pause);
      window.addEventListener("online", wake);
      this.wake = wake;
      function wake() {
        clearTimeout(timer);
        window.removeEventListener("online", wake);
        resolve();
      }
    });
  }

  append() {
    const start = this.sent;
    const piece = this.file.slice(start, start + PIECE_BYTES);
    return this.ask("PATCH", this.one(), piece, { "Upload-Offset": String(start) }, (bytes) => this.move(start + bytes));
  }

  one() {
    return `${this.address}${this.id}/`;
  }

  ask(method, address, body, more = {}, progress = null) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      this.request = request;
      request.open(method, address);
      request.timeout = SILENCE_MS * (progress ? 5 : 1);
      const headers = { "X-CSRFToken": this.seal, Accept: "application/json", ...more };
      if (typeof body === "string") headers["Content-Type"] = "application/json";
      else if (body) headers["Content-Type"] = "application/offset+octet-stream";
      for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
      if (progress) request.upload.addEventListener("progress", (event) => progress(event.loaded));
      for (const kind of ["error", "timeout", "abort"]) request.addEventListener(kind, () => reject(new Error(kind)));
      request.addEventListener("load", () => answered(request, resolve, reject));
      request.send(body ?? null);
    });
  }

  move(bytes) {
    this.sent = Math.min(bytes, this.file.size);
    this.told(this);
  }

  become(state, detail = {}) {
    this.state = state;
    this.detail = detail;
    this.told(this);
  }
}

// What may be another time (5xx, a place that moved, a busy upload) is tried again.
function answered(request, resolve, reject) {
  let told = null;
  try { told = JSON.parse(request.responseText); } catch { /* a page, or nothing */ }
  const again = ["UPLOAD_OFFSET", "UPLOAD_BUSY", "UPLOAD_INCOMPLETE"].includes(told?.error?.code);
  if (request.status < 300 && told) resolve(told);
  else if (request.status >= 500 && request.status !== 507 || again) reject(new Error(String(request.status)));
  else reject(new Refusal(told?.error?.message ?? ""));
}
