// The panel beside the week: the form of an entry, fetched and sent without leaving the page.

import { call, Lost, Refusal } from "../request.js";
import { toast } from "../toasts.js";
import { word } from "../words.js";
import { foretell, PART } from "./entry.js";

export class Panel {
  constructor(root, changed) {
    this.root = root;
    this.changed = changed;
    this.end = () => {};
    root.addEventListener("submit", (event) => this.sent(event));
    root.addEventListener("click", (event) => this.clicked(event));
    root.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
  }

  async open(address, back = null) {
    this.back = back ?? document.activeElement;
    this.address = address;
    try {
      this.fill(await call("GET", address, undefined, PART));
    } catch (error) {
      if (error instanceof Lost) return toast(word("lost"), { tone: "error" });
      location.assign(address);
    }
  }

  fill(html) {
    this.end();
    this.root.innerHTML = html;
    this.root.hidden = false;
    this.end = foretell(this.root);
    this.root.querySelector("[data-close]").hidden = false;
    for (const form of this.root.querySelectorAll("form[method=post]")) {
      form.action = new URL(form.getAttribute("action"), location.href);
    }
    this.root.dispatchEvent(new CustomEvent("htmx:load", { detail: { elt: this.root }, bubbles: true }));
    const first = this.root.querySelector("[aria-invalid], [name=name]");
    first?.focus({ preventScroll: true });
    this.root.scrollTop = 0;
  }

  /** The form came back: something is to be seen, or to be put right, before it is saved. */
  refill(html) {
    this.fill(html);
    this.root.querySelector("[role=alert], .errors, .clash")?.scrollIntoView({ block: "center" });
  }

  close() {
    if (this.root.hidden) return;
    this.end();
    this.root.hidden = true;
    this.root.innerHTML = "";
    if (this.back?.isConnected) this.back.focus();
  }

  clicked(event) {
    if (event.target.closest("[data-close]")) this.close();
    const scope = event.target.closest("[data-scope]");
    if (!scope) return;
    event.preventDefault();
    this.open(new URL(scope.getAttribute("href"), new URL(this.address, location.href)), this.back);
  }

  async sent(event) {
    const form = event.target;
    if (form.method !== "post") return;
    event.preventDefault();
    try {
      const html = await call("POST", form.action, new FormData(form, event.submitter), PART);
      if (html) return this.refill(html);
      this.close();
      await this.changed();
    } catch (error) {
      if (error instanceof Lost) return toast(word("lost"), { tone: "error" });  // the form stays
      if (!(error instanceof Refusal)) throw error;
      if (typeof error.told === "string" && error.told) this.refill(error.told);
    }
  }
}
