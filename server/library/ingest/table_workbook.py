"""Tables in Excel workbooks, read by openpyxl row by row, in the child.

Before the library sees the file, its ZIP is looked at (bombs), and the beginning of every XML part
(no workbook has a DTD: whoever brings one brings an XML bomb).  Cells of formulas give the value
that Excel stored; one without a value is told, not guessed.  Merged cells have the value of their
first in each of them, as people read them, and per cents are the numbers that are seen.
"""

import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from server.library.ingest.failures import Refused
from server.library.ingest.table_cells import COLUMNS_LIMIT, ROWS_LIMIT, Cell, Odd, RawTable
from server.library.ingest.zip_document import inspect

__all__ = ["read_workbook"]

#: Excel remembers formats of rows that hold nothing: so many empty rows may follow the table.
EMPTY_ROWS = 20_000
#: The largest part, unpacked, in bytes; and all of them together.
PART_BYTES, WHOLE_BYTES = 150_000_000, 300_000_000
#: Where the first element of an XML part must have begun, in bytes.
_PROLOG_BYTES = 65_536
#: How much of a sheet is looked through for merged cells; they stand behind its rows.
_TAIL_BYTES = 1 << 20
MERGES_LIMIT = 2_000

_ROOT = re.compile(rb"<[A-Za-z_]")
#: What a number format writes as it stands.
_LITERAL = re.compile(r'"[^"]*"|\\.')
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*\bref="([A-Z0-9:]{1,30})"')


def read_workbook(source: Path, sheet: str, rows_limit: int) -> tuple[RawTable, tuple[str, ...]]:
    """The table of one sheet ("": the first visible one with anything in it), and remarks."""
    kind, remarks = inspect(source)
    if kind != "xlsx":
        raise Refused("TABLE_UNKNOWN")
    _refuse_bombs(source)
    try:
        with source.open("rb") as first, source.open("rb") as second:
            values = openpyxl.load_workbook(first, read_only=True, data_only=True)
            formulas = openpyxl.load_workbook(second, read_only=True, data_only=False)
            name, hidden = _chosen(values, sheet)
            rows = _rows(values[name], formulas[name], rows_limit)
            merged = _merge(rows, _merges(source, _path_of(values[name])))
    except (ParseError, zipfile.BadZipFile, EOFError, OSError) as error:
        raise Refused("DAMAGED") from error
    except (KeyError, ValueError, TypeError, AttributeError, IndexError, OverflowError) as error:
        raise Refused("DAMAGED") from error  # openpyxl trusts what it reads
    told = [*remarks]
    told += ["SHEETS_HIDDEN"] if hidden else []
    told += ["CELLS_MERGED"] if merged else []
    mac = values.epoch == CALENDAR_MAC_1904
    return RawTable(rows, sheet=name, epoch_1904=mac), tuple(told)


def _path_of(sheet: Any) -> str:
    """Where the sheet lies in the workbook's ZIP."""
    path: str = sheet._worksheet_path  # noqa: SLF001  (openpyxl offers no other way)
    return path


def _refuse_bombs(source: Path) -> None:
    with zipfile.ZipFile(source) as archive:
        parts = archive.infolist()
        if sum(part.file_size for part in parts) > WHOLE_BYTES:
            raise Refused("TABLE_TOO_LONG", limit=ROWS_LIMIT)
        for part in parts:
            if part.file_size > PART_BYTES:
                raise Refused("TABLE_TOO_LONG", limit=ROWS_LIMIT)
            if part.filename.lower().endswith((".xml", ".rels", ".vml")):
                with archive.open(part) as file:
                    _refuse_dtd(file.read(_PROLOG_BYTES))


def _refuse_dtd(start: bytes) -> None:
    plain = start.replace(b"\x00", b"")  # UTF-16 too
    root = _ROOT.search(plain)
    prolog = plain[: root.start()] if root else plain
    if b"<!doctype" in prolog.lower() or (root is None and len(start) >= _PROLOG_BYTES):
        raise Refused("TABLE_XML")


def _chosen(book: Any, wanted: str) -> tuple[str, bool]:
    """The sheet to read, and whether there are hidden ones beside it."""
    sheets = list(book.worksheets)
    hidden = any(each.sheet_state != "visible" for each in sheets)
    if wanted:
        if wanted not in {each.title for each in sheets}:
            raise Refused("TABLE_NO_SHEET", sheet=wanted[:60])
        return wanted, False
    seen = [each for each in sheets if each.sheet_state == "visible"]
    if not seen:
        raise Refused("TABLE_ALL_HIDDEN")
    for each in seen:
        each.reset_dimensions()
        some = each.iter_rows(max_row=50, max_col=COLUMNS_LIMIT, values_only=True)
        if any(value is not None for row in some for value in row):
            return str(each.title), hidden
    return str(seen[0].title), hidden


def _rows(values: Any, formulas: Any, limit: int) -> list[list[Cell]]:
    found: list[list[Cell]] = []
    for sheet in (values, formulas):
        sheet.reset_dimensions()
    pairs = zip(_limited(values, limit), _limited(formulas, limit), strict=True)
    for number, (row, written) in enumerate(pairs, start=1):
        cells = [_cell(each, how) for each, how in zip(row, written, strict=True)]
        if number > limit and any(cell is not None for cell in cells):
            raise Refused("TABLE_TOO_LONG", limit=ROWS_LIMIT)
        if number <= limit:
            found.append(cells)
    return found


def _limited(sheet: Any, limit: int) -> Iterator[Any]:
    """Its rows, cut off after one column too many; too many rows are refused."""
    for number, row in enumerate(sheet.iter_rows(), start=1):
        if number > limit + EMPTY_ROWS:
            raise Refused("TABLE_TOO_LONG", limit=ROWS_LIMIT)
        yield row if len(row) <= COLUMNS_LIMIT else _narrowed(row)


def _narrowed(row: Any) -> Any:
    if any(each.value is not None for each in row[COLUMNS_LIMIT:]):
        raise Refused("TABLE_TOO_WIDE", limit=COLUMNS_LIMIT)
    return row[:COLUMNS_LIMIT]


def _cell(cell: Any, written: Any) -> Cell:
    value = cell.value
    if cell.data_type == "e":
        return Odd("error", str(value)[:20])
    if value is None:
        return Odd("formula", "") if written.data_type == "f" else None
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, datetime):
        return Odd("date", value.isoformat())
    if isinstance(value, date):
        return Odd("date", datetime(value.year, value.month, value.day).isoformat())  # noqa: DTZ001  (a wall date)
    if isinstance(value, time):
        return Odd("time", value.isoformat())
    if isinstance(value, timedelta):
        return Odd("time", _clock(value))
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return _as_shown(value, str(cell.number_format))
    return str(value)


def _as_shown(number: float, how: str) -> float:
    """What Excel keeps as 0.46 and shows as 46% is 46 to everybody."""
    if "%" not in _LITERAL.sub("", how):
        return number
    shown = round(number * 100, 9)
    return int(shown) if shown.is_integer() else shown


def _clock(span: timedelta) -> str:
    minutes = round(span.total_seconds() / 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:00"


def _merges(source: Path, path: str) -> list[tuple[int, int, int, int]]:
    """The merged ranges of a sheet: left, top, right, bottom, from 1."""
    found: list[tuple[int, int, int, int]] = []
    with zipfile.ZipFile(source) as archive, archive.open(path) as part:
        rest = b""
        while chunk := part.read(_TAIL_BYTES):
            text = rest + chunk
            for each in _MERGE.finditer(text):
                left, top, right, bottom = range_boundaries(each[1].decode())
                found.append((left or 1, top or 1, right or 1, bottom or 1))
                if len(found) > MERGES_LIMIT:
                    raise Refused("TABLE_MERGED", limit=MERGES_LIMIT)
            last = [each.end() for each in _MERGE.finditer(text)]
            rest = text[max(last, default=0) :][-200:]
    return found


def _merge(rows: list[list[Cell]], ranges: list[tuple[int, int, int, int]]) -> bool:
    """Fill what is merged downwards with its first value; says whether there was anything.

    A title that is merged across columns stays where it is: it is no data.
    """
    done = False
    for left, top, _right, bottom in ranges:
        if top > len(rows) or left > len(rows[top - 1]) or bottom == top:
            continue
        value = rows[top - 1][left - 1]
        for row in rows[top:bottom]:
            row.extend([None] * (left - len(row)))
            if row[left - 1] is None and value is not None:
                row[left - 1], done = value, True
    return done
