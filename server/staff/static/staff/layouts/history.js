// Undo and redo: whole states, as many as fit a working day.

const MOST = 200;

export class History {
  #past = [];
  #future = [];
  #now;

  constructor(state) {
    this.#now = structuredClone(state);
  }

  /** Keep a state that was reached; the same again is no step. */
  keep(state) {
    if (JSON.stringify(state) === JSON.stringify(this.#now)) return false;
    this.#past.push(this.#now);
    if (this.#past.length > MOST) this.#past.shift();
    this.#now = structuredClone(state);
    this.#future = [];
    return true;
  }

  get canUndo() {
    return this.#past.length > 0;
  }

  get canRedo() {
    return this.#future.length > 0;
  }

  undo() {
    if (!this.canUndo) return null;
    this.#future.push(this.#now);
    this.#now = this.#past.pop();
    return structuredClone(this.#now);
  }

  redo() {
    if (!this.canRedo) return null;
    this.#past.push(this.#now);
    this.#now = this.#future.pop();
    return structuredClone(this.#now);
  }
}
