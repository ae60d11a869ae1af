// The playlist as this page has it: every change is one step that can be undone.  Knows nothing of
// the page; dispatches `change` after each step, and `adopt` when the server's state came in.

import { copy, difference, identity, inverse, isNothing, patched } from "./patch.js";

const ONE_STEP_MS = 1500; // typing in one field is one step
const MOST_STEPS = 200;

export class Draft extends EventTarget {
  constructor(list) {
    super();
    this.list = copy(list);
    this.done = [];
    this.undone = [];
  }

  get ids() { return this.list.items.map(identity); }

  item(id) { return this.list.items.find((each) => identity(each) === id); }

  // Changes the list by `edit(list)`.  Steps with the same `mark` shortly after one another are one.
  change(mark, edit) {
    const after = copy(this.list);
    edit(after);
    const step = difference(this.list, after);
    if (isNothing(step)) return;
    const last = this.done.at(-1);
    const now = performance.now();
    if (mark && last?.mark === mark && now - last.at < ONE_STEP_MS) {
      const before = patched(this.list, inverse(last.step));
      Object.assign(last, { step: difference(before, after), at: now });
    } else {
      this.done.push({ step, mark, at: now });
      if (this.done.length > MOST_STEPS) this.done.shift();
    }
    this.undone = [];
    this.list = after;
    this.tell("change");
  }

  undo() { return this.step(this.done, this.undone, inverse); }

  redo() { return this.step(this.undone, this.done, (patch) => patch); }

  step(from, to, how) {
    const taken = from.pop();
    if (!taken) return false;
    this.list = patched(this.list, how(taken.step));
    to.push({ ...taken, mark: "" });
    this.tell("change");
    return true;
  }

  // The server's state, with what was changed here since `sent` put on top.
  adopt(list, sent) {
    const since = difference(sent, this.list);
    this.list = isNothing(since) ? copy(list) : patched(list, since);
    this.tell("adopt");
  }

  tell(name) { this.dispatchEvent(new Event(name)); }
}

// A name for a new item; crypto.randomUUID is missing on plain http.
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return [...bytes].map((each) => each.toString(16).padStart(2, "0")).join("");
}
