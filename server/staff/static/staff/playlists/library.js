// The library beside the strip: searched as one types, added by a button or by dragging; files from
// the computer are dropped onto the list, and stand in it as soon as they have arrived.

import { call } from "../request.js";
import { chosen, dropped } from "../library/folders.js";
import { Transfer } from "../library/transfer.js";
import { announce, say } from "./words.js";

const PAUSE_MS = 250;

export class Library {
  constructor(form, things, add) {
    Object.assign(this, { form, things, add });
    this.panel = form.querySelector("#library-panel");
    this.place = form.querySelector("#offered");
    for (const field of this.panel.querySelectorAll("[name=q], [name=kind], [name=tag]")) {
      field.addEventListener("input", () => this.later());
      field.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); this.search(); } });
    }
    this.place.addEventListener("click", (event) => {
      const asset = event.target.closest("[data-add]")?.dataset.add;
      if (asset) this.add([Number(asset)]);
    });
    for (const each of form.querySelectorAll("[data-panel-open]")) each.addEventListener("click", () => this.open(true));
    for (const each of form.querySelectorAll("[data-panel-close]")) each.addEventListener("click", () => this.open(false));
    this.panel.addEventListener("keydown", (event) => { if (event.key === "Escape") this.open(false); });
    if (form.dataset.uploadTo) this.takeFiles();
    this.ready();
  }

  open(isOpen) {
    this.panel.classList.toggle("is-open", isOpen);
    (isOpen ? this.panel.querySelector("[name=q]") : this.form.querySelector("[data-panel-open]")).focus();
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.search(), PAUSE_MS);
  }

  async search() {
    clearTimeout(this.timer);
    this.aborter?.abort();
    this.aborter = new AbortController();
    const query = new URLSearchParams();
    for (const name of ["q", "kind", "tag"]) query.set(name, this.form.elements[name]?.value ?? "");
    try {
      const answer = await call("GET", `${this.form.dataset.library}?${query}`, undefined, { signal: this.aborter.signal });
      Object.assign(this.things, answer.assets);
      this.place.innerHTML = answer.html; // our own template, which escapes
      this.ready();
    } catch (error) {
      if (error.name !== "AbortError") announce(error.message);
    }
  }

  ready() {
    for (const each of this.place.querySelectorAll(".needs-script")) each.hidden = false;
    for (const each of this.place.querySelectorAll(".no-script")) each.hidden = true;
  }

  takeFiles() {
    const strip = this.form.querySelector(".strip");
    const isFiles = (event) => [...event.dataTransfer?.types ?? []].includes("Files");
    let depth = 0;
    this.form.addEventListener("dragenter", (event) => { if (isFiles(event)) { depth += 1; strip.classList.add("takes-files"); } });
    this.form.addEventListener("dragleave", (event) => { if (isFiles(event)) { depth -= 1; if (!depth) strip.classList.remove("takes-files"); } });
    this.form.addEventListener("dragover", (event) => { if (isFiles(event)) event.preventDefault(); });
    this.form.addEventListener("drop", async (event) => {
      if (!isFiles(event)) return;
      event.preventDefault();
      depth = 0;
      strip.classList.remove("takes-files");
      this.take(await dropped(event.dataTransfer));
    });
    const input = this.form.querySelector("#list-files");
    input?.addEventListener("change", () => { this.take(chosen(input)); input.value = ""; });
    window.addEventListener("beforeunload", (event) => { if (this.form.querySelector(".coming-file:not(.is-over)")) event.preventDefault(); });
  }

  async take(found) {
    for (const { file } of found) { // one after the other, so that they come in their order
      const row = this.row(file);
      const seal = this.form.elements.csrfmiddlewaretoken.value;
      const fields = { tags: [], department: Number(this.form.dataset.uploadTo) };
      const transfer = new Transfer(file, fields, this.form.dataset.uploads, seal, () => this.progress(transfer, row));
      row.querySelector("button").addEventListener("click", () => (transfer.isOver ? row.remove() : transfer.cancel()));
      await transfer.run();
      if (transfer.state === "already") await transfer.use();
      await this.arrived(transfer, row);
    }
  }

  row(file) {
    const row = document.createElement("li");
    row.className = "coming-file progress-row";
    const name = document.createElement("span");
    name.textContent = file.name;
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "button button-small", textContent: "×" });
    button.setAttribute("aria-label", file.name);
    const bar = document.createElement("progress");
    bar.max = Math.max(file.size, 1);
    row.append(name, button, bar);
    this.form.querySelector("#coming-files").append(row);
    announce(say("uploading", file.name));
    return row;
  }

  progress(transfer, row) {
    row.querySelector("progress").value = transfer.sent;
    row.classList.toggle("is-over", transfer.isOver);
    if (transfer.state === "already") this.known = transfer.detail;
    if (transfer.state === "refused") {
      row.querySelector("span").textContent = `${transfer.file.name}: ${transfer.detail.message}`;
      row.querySelector("span").classList.add("errors");
    }
  }

  async arrived(transfer, row) {
    const address = transfer.state === "done" ? transfer.detail.url : transfer.state === "used" ? this.known?.url : "";
    const asset = Number(/\/library\/(\d+)\//.exec(address)?.[1] ?? 0);
    if (transfer.state === "cancelled") row.remove();
    if (!asset) return;
    const told = await call("GET", `${this.form.dataset.state}?assets=${asset}`);
    Object.assign(this.things, told.assets);
    this.add([asset]);
    row.remove();
    this.search();
  }
}
