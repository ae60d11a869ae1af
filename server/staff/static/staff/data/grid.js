// The grid of a data set: made of the form's text with tabs, and written back to it at each change.
// Only the rows in sight are drawn.  Keys are those of Excel.  A picture of the library is chosen by sight.
import { ask, words } from "../pictures/dialog.js";
import { parse, Steps, write } from "./table.js";

const HIGH = 40; // a row, in px, as in data.css
const MARGIN = 12; // rows drawn above and below those in sight
const NUMBERS = new Set(["whole", "decimal", "money"]);

for (const frame of document.querySelectorAll("[data-grid]")) start(frame);

function start(frame) {
  const form = frame.closest("form"), area = form.elements.rows;
  const columns = JSON.parse(frame.dataset.columns), width = columns.length;
  const faults = JSON.parse(frame.dataset.faults), isFixed = "fixed" in frame.dataset;
  const wrong = new Map(faults.map((each) => [`${each.row}:${columns.findIndex((column) => column.key === each.column)}`, each.said]));
  const pictures = JSON.parse(frame.dataset.pictures);
  const steps = new Steps(read());
  let at = { row: 0, column: 0 }, from = at, editing = null, first = 0, last = 0;

  const table = document.createElement("table");
  table.setAttribute("role", "grid");
  table.setAttribute("aria-label", frame.dataset.label);
  table.setAttribute("aria-colcount", width + 1);
  table.append(head(), document.createElement("tbody"));
  frame.append(table);
  const body = table.tBodies[0];
  frame.hidden = false;
  form.querySelector("[data-plain]").hidden = true;
  if (!isFixed) for (const each of form.querySelectorAll("[data-grid-tools]")) each.hidden = false;

  frame.addEventListener("scroll", () => { if (!editing) draw(); });
  area.addEventListener("change", (event) => { if (event.isTrusted || !area.dataset.own) { steps.change(read()); draw(true); } delete area.dataset.own; });
  table.addEventListener("keydown", key);
  table.addEventListener("mousedown", press);
  table.addEventListener("mouseover", (event) => { const cell = event.buttons === 1 && !editing && place(event.target); if (cell) choose(cell, true); });
  table.addEventListener("dblclick", (event) => { if (place(event.target)) edit(); });
  for (const kind of ["copy", "cut", "paste"]) table.addEventListener(kind, exchange);
  form.addEventListener("click", (event) => { const act = event.target.closest("[data-act]")?.dataset.act; if (act) acts[act](); });
  document.addEventListener("click", (event) => { const fault = event.target.closest("[data-fault]"); if (fault) show(faults[fault.dataset.fault]); });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "s" && !isFixed) { event.preventDefault(); done(true); form.requestSubmit(form.querySelector("[data-save]")); }
  });
  form.addEventListener("submit", () => done(true));
  addEventListener("resize", () => draw());
  draw(true);

  const acts = {
    undo() { steps.undo(); written(); },
    redo() { steps.redo(); written(); },
    insert() { const rows = all(); rows.splice(at.row, 0, blank()); change(rows); },
    remove() { const [top, bottom] = span("row"); const rows = all(); rows.splice(top, bottom - top + 1); change(rows); choose({ row: Math.min(top, count() - 1), column: at.column }); },
  };

  function press(event) {
    const cell = place(event.target);
    if (!cell || editing?.input === event.target) return;
    done(true);
    event.preventDefault(); // the focus is ours to give, and nothing is marked as text
    const isAgain = cell.row === at.row && cell.column === at.column && table.contains(document.activeElement);
    choose(cell, event.shiftKey);
    if (isAgain && matchMedia("(pointer: coarse)").matches) edit(); // a finger has no F2
  }

  function read() { return parse(area.value).map((row) => columns.map((_, n) => row[n] ?? "")); }
  function blank() { return columns.map(() => ""); }
  function all() { return steps.rows.slice(); }
  function count() { return steps.rows.length + (isFixed ? 0 : 1); } // an empty row to go on in
  function span(way) { return [Math.min(at[way], from[way]), Math.max(at[way], from[way])]; }

  function change(rows) { if (isFixed) return; wrong.clear(); steps.change(rows); written(); }

  function written() {
    area.dataset.own = "yes";
    area.value = write(steps.rows);
    area.dispatchEvent(new Event("change", { bubbles: true }));
    draw(true);
  }

  function put(row, column, lines) {
    const rows = all();
    lines.forEach((line, down) => {
      while (rows.length <= row + down) rows.push(blank());
      const made = rows[row + down].slice();
      line.forEach((cell, right) => { if (column + right < width) made[column + right] = cell; });
      rows[row + down] = made;
    });
    change(rows);
  }

  function head() {
    const top = document.createElement("thead"), line = top.insertRow();
    line.append(cellOf("th", ""));
    columns.forEach((each, n) => {
      const cell = cellOf("th", each.title);
      const letter = document.createElement("small");
      letter.textContent = letters(n);
      cell.scope = "col";
      cell.prepend(letter);
      line.append(cell);
    });
    return top;
  }

  function draw(anew = false) {
    const above = Math.floor(frame.scrollTop / HIGH), seen = Math.ceil(frame.clientHeight / HIGH) || 20;
    const begin = Math.max(0, above - MARGIN), end = Math.min(count(), above + seen + MARGIN);
    if (!anew && begin === first && end === last) return;
    [first, last] = [begin, end];
    const hadFocus = body.contains(document.activeElement);
    body.replaceChildren(spacer(begin), ...Array.from({ length: end - begin }, (_, n) => line(begin + n)), spacer(count() - end));
    mark();
    table.setAttribute("aria-rowcount", count() + 1);
    if (hadFocus) cellAt(at)?.focus({ preventScroll: true });
  }

  function spacer(rows) {
    const made = document.createElement("tr");
    made.className = "grid-spacer";
    made.setAttribute("aria-hidden", "true");
    const cell = made.insertCell();
    cell.colSpan = width + 1;
    cell.style.height = `${rows * HIGH}px`;
    made.hidden = rows === 0;
    return made;
  }

  function line(number) {
    const made = document.createElement("tr"), values = steps.rows[number] ?? blank();
    made.setAttribute("aria-rowindex", number + 2);
    const label = cellOf("th", String(number + 1));
    label.scope = "row";
    made.append(label);
    values.forEach((value, column) => {
      const cell = cellOf("td", value, columns[column].kind === "picture" && pictures[value.replace("#", "")]), said = wrong.get(`${number}:${column}`);
      Object.assign(cell.dataset, { row: number, column });
      cell.setAttribute("role", "gridcell");
      cell.classList.toggle("is-number", NUMBERS.has(columns[column].kind));
      cell.classList.toggle("is-wrong", said !== undefined);
      if (said) { cell.title = said; cell.setAttribute("aria-invalid", "true"); }
      made.append(cell);
    });
    return made;
  }

  function isChosen(row, column) {
    const [top, bottom] = span("row"), [left, right] = span("column");
    return (top !== bottom || left !== right) && row >= top && row <= bottom && column >= left && column <= right;
  }

  function cellAt({ row, column }) { return body.querySelector(`td[data-row="${row}"][data-column="${column}"]`); }
  function place(element) { const cell = element.closest?.("td[data-row]"); return cell && { row: Number(cell.dataset.row), column: Number(cell.dataset.column) }; }

  function choose(to, isWider = false) {
    at = { row: Math.max(0, Math.min(count() - 1, to.row)), column: Math.max(0, Math.min(width - 1, to.column)) };
    if (!isWider) from = at;
    const top = at.row * HIGH, seen = frame.clientHeight - 2 * HIGH;
    if (top < frame.scrollTop) frame.scrollTop = top;
    else if (top > frame.scrollTop + seen) frame.scrollTop = top - seen;
    draw();
    mark();
    cellAt(at)?.focus({ preventScroll: true });
    cellAt(at)?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  function mark() {
    for (const cell of body.querySelectorAll("td[data-row]")) {
      const { row, column } = place(cell);
      cell.tabIndex = row === at.row && column === at.column ? 0 : -1;
      cell.classList.toggle("is-chosen", isChosen(row, column));
    }
  }

  function edit(text = null) {
    if (isFixed) return;
    if (text === null && words && columns[at.column].kind === "picture") { pick(); return; }
    const cell = cellAt(at), input = document.createElement("input");
    input.value = text ?? steps.rows[at.row]?.[at.column] ?? "";
    input.setAttribute("aria-label", columns[at.column].title);
    cell.replaceChildren(input);
    editing = { ...at, input };
    input.addEventListener("blur", () => done(true));
    input.focus();
    if (text === null) input.select();
  }

  // A letter typed begins a number, as in every column; Enter, F2 and a double click ask for a picture.
  function pick() {
    const { row, column } = at;
    ask(({ pick: named, title, small }) => {
      const number = named.replace("a", "");
      if (number) pictures[number] = { title, small };
      put(row, column, [[number]]);
    }, () => choose({ row, column }));
  }

  function done(isKept) {
    if (!editing) return;
    const { row, column, input } = editing;
    editing = null;
    if (isKept && input.value !== (steps.rows[row]?.[column] ?? "")) put(row, column, [[input.value]]);
    else draw(true);
  }

  function key(event) {
    const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], PageUp: [-10, 0], PageDown: [10, 0] };
    const isMany = event.ctrlKey || event.metaKey;
    if (editing) {
      if (event.isComposing) return;
      if (event.key === "Enter") { event.preventDefault(); done(true); choose({ row: at.row + 1, column: at.column }); }
      else if (event.key === "Tab") { event.preventDefault(); done(true); choose({ row: at.row, column: at.column + (event.shiftKey ? -1 : 1) }); }
      else if (event.key === "Escape") { done(false); choose(at); }
      return;
    }
    if (!place(event.target)) return;
    if (event.key === "Process" || event.keyCode === 229) { edit(""); return; } // 输入法: into the field
    if (moves[event.key]) {
      const [down, right] = moves[event.key], far = isMany ? 1e6 : 1;
      choose({ row: at.row + down * far, column: at.column + right * far }, event.shiftKey);
    } else if (event.key === "Home") choose({ row: isMany ? 0 : at.row, column: 0 }, event.shiftKey);
    else if (event.key === "End") choose({ row: isMany ? count() - 1 : at.row, column: width - 1 }, event.shiftKey);
    else if (isMany && event.key === "a") { from = { row: 0, column: 0 }; choose({ row: steps.rows.length - 1, column: width - 1 }, true); }
    else if (isMany && event.key === "z") acts[event.shiftKey ? "redo" : "undo"]();
    else if (isMany && event.key === "y") acts.redo();
    else if (isMany) return;
    else if (event.key === "Enter" || event.key === "F2") edit();
    else if (["Delete", "Backspace"].includes(event.key)) clear();
    else if (event.key.length === 1 && !event.altKey) edit("");
    else return;
    if (!(event.key.length === 1 && editing)) event.preventDefault(); // the letter goes into the field
  }

  function chosen() {
    const [top, bottom] = span("row"), [left, right] = span("column");
    return steps.rows.slice(top, bottom + 1).map((row) => row.slice(left, right + 1));
  }

  function clear() {
    const [top] = span("row"), [left] = span("column"), lines = chosen().map((row) => row.map(() => ""));
    if (lines.length) put(top, left, lines);
  }

  function exchange(event) {
    if (editing) return;
    event.preventDefault();
    if (event.type === "paste") {
      const [top] = span("row"), [left] = span("column");
      const lines = parse(event.clipboardData.getData("text/plain"));
      if (lines.length && !isFixed) put(top, left, lines);
      return;
    }
    event.clipboardData.setData("text/plain", write(chosen()));
    if (event.type === "cut") clear();
  }

  function show(fault) {
    choose({ row: fault.row, column: columns.findIndex((column) => column.key === fault.column) });
  }
}

function cellOf(kind, text, picture = null) {
  const made = document.createElement(kind);
  made.textContent = picture ? picture.title : text;
  if (picture?.small) {
    const shown = document.createElement("img");
    Object.assign(shown, { src: picture.small, alt: "", className: "grid-picture" });
    made.prepend(shown);
  }
  return made;
}

function letters(number) {
  let text = "";
  for (let rest = number + 1; rest; rest = Math.floor((rest - 1) / 26)) text = String.fromCharCode(65 + ((rest - 1) % 26)) + text;
  return text;
}
