// Rows as text with tabs, as Excel copies and takes them: quotation marks hold tabs and line breaks.
export function parse(text) {
  const rows = [];
  let row = [], cell = "", isQuoted = false, at = 0;
  const endCell = () => { row.push(cell); cell = ""; };
  const endRow = () => { endCell(); rows.push(row); row = []; };
  for (; at < text.length; at++) {
    const sign = text[at];
    if (isQuoted) {
      if (sign === '"' && text[at + 1] === '"') { cell += '"'; at++; }
      else if (sign === '"') isQuoted = false;
      else cell += sign;
    } else if (sign === '"' && cell === "") isQuoted = true;
    else if (sign === "\t") endCell();
    else if (sign === "\n") endRow();
    else if (sign !== "\r") cell += sign;
  }
  if (cell !== "" || row.length) endRow();
  return rows;
}

export function write(rows) {
  const quoted = (cell) => (/["\t\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  return rows.map((row) => row.map(quoted).join("\t") + "\n").join("");
}

// What was done and can be undone: each step is the whole table before it, rows are shared.
export class Steps {
  constructor(rows) { this.rows = rows; this.past = []; this.future = []; }
  change(rows) { this.past.push(this.rows); if (this.past.length > 200) this.past.shift(); this.future = []; this.rows = rows; }
  undo() { if (this.past.length) { this.future.push(this.rows); this.rows = this.past.pop(); } }
  redo() { if (this.future.length) { this.past.push(this.rows); this.rows = this.future.pop(); } }
}
