// Sends files in pieces that survive a lost network: what the server has is asked for before each
// new try, and the transfer goes on from there.  Without this script the plain form still works.
//
// Markup: <form data-upload> with input[type=file][multiple], the list it fills in
// [data-upload-list], a <template data-upload-row>, and the words in data-* attributes.

const PIECE_BYTES = 4 * 1024 * 1024;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;
const PARALLEL = 2;

const form = document.querySelector("form[data-upload]");
if (form) start(form);

function start(form) {
  const input = form.querySelector("input[type=file]");
  const drop = form.querySelector(".drop");
  const queue = [];
  let running = 0;

  form.querySelector("[data-upload-send]").hidden = true;
  input.addEventListener("change", () => { add([...input.files]); input.value = ""; });
  for (const kind of ["dragenter", "dragover"]) {
    drop.addEventListener(kind, (event) => { event.preventDefault(); drop.classList.add("is-over"); });
  }
  for (const kind of ["dragleave", "drop"]) {
    drop.addEventListener(kind, () => drop.classList.remove("is-over"));
  }
  drop.addEventListener("drop", (event) => { event.preventDefault(); add([...event.dataTransfer.files]); });
  window.addEventListener("beforeunload", (event) => { if (running) event.preventDefault(); });

  function add(files) {
    for (const file of files) queue.push(new Transfer(form, file));
    next();
  }

  async function next() {
    while (running < PARALLEL && queue.length) {
      running += 1;
      queue.shift().run().finally(() => { running -= 1; next(); });
    }
  }
}

class Transfer {
  constructor(form, file) {
    this.form = form;
    this.file = file;
    this.cancelled = false;
    const row = form.querySelector("template[data-upload-row]").content.cloneNode(true).firstElementChild;
    this.bar = row.querySelector("progress");
    this.state = row.querySelector("[data-state]");
    this.button = row.querySelector("button");
    row.querySelector("[data-name]").textContent = file.name;
    this.bar.max = Math.max(file.size, 1);
    this.button.addEventListener("click", () => { this.cancelled = true; this.aborter?.abort(); });
    form.querySelector("[data-upload-list]").append(row);
  }

  async run() {
    try {
      const upload = await this.persist(() => this.begin());
      let received = upload.received;
      while (received < this.file.size) {
        received = await this.persist(() => this.append(upload.id, received), async () => {
          received = (await this.call("GET", this.address(upload.id))).received;
        }, () => received);
        this.show(received);
      }
      const done = await this.persist(() => this.call("POST", this.address(upload.id) + "finish/"));
      this.finished(done.asset_url);
    } catch (error) {
      this.failed(error);
    }
  }

  begin() {
    const body = JSON.stringify({
      name: this.file.name,
      bytes: this.file.size,
      department: Number(this.form.elements.department?.value) || null,
    });
    return this.call("POST", this.form.dataset.uploads, body, "application/json");
  }

  async append(id, offset) {
    const piece = this.file.slice(offset, offset + PIECE_BYTES);
    return (await this.call("PATCH", this.address(id), piece, "application/offset+octet-stream", offset)).received;
  }

  // Calls until it works, the server refuses, or the person cancels.
  async persist(attempt, recover = async () => {}, retried = null) {
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      if (this.cancelled) throw new Refusal(this.form.dataset.wordCancelled);
      try {
        return await attempt();
      } catch (error) {
        if (error instanceof Refusal) throw error;
        if (this.cancelled) throw new Refusal(this.form.dataset.wordCancelled);
        this.state.textContent = this.form.dataset.wordWaiting;
        await new Promise((resume) => setTimeout(resume, pause));
        try { await recover(); if (retried) return retried(); } catch { /* the next round tries again */ }
      }
    }
  }

  address(id) { return `${this.form.dataset.uploads}${id}/`; }

  async call(method, address, body, type, offset) {
    this.aborter = new AbortController();
    const headers = { "X-CSRFToken": this.form.elements.csrfmiddlewaretoken.value, Accept: "application/json" };
    if (type) headers["Content-Type"] = type;
    if (offset !== undefined) headers["Upload-Offset"] = String(offset);
    const answer = await fetch(address, { method, body, headers, signal: this.aborter.signal, redirect: "error" });
    if (answer.ok) return answer.json();
    if (answer.status >= 500 || answer.status === 409) throw new Error(String(answer.status));
    const told = await answer.json().catch(() => null);
    throw new Refusal(told?.error?.message ?? this.form.dataset.wordRefused);
  }

  show(received) {
    this.bar.value = received;
    this.state.textContent = `${Math.floor((received / Math.max(this.file.size, 1)) * 100)} %`;
  }

  finished(address) {
    this.bar.value = this.bar.max;
    this.button.remove();
    const link = document.createElement("a");
    link.href = address;
    link.textContent = this.form.dataset.wordDone;
    this.state.replaceChildren(link);
  }

  failed(error) {
    this.bar.remove();
    this.button.remove();
    this.state.textContent = error.message;
    this.state.classList.add("errors");
  }
}

class Refusal extends Error {}
