"""Reads a table out of a workbook, text, a feed or a calendar: the step `table`, in a child.

What comes out is `table.json` in the job's folder, a `RawTable`: cells as they are, without a
meaning.  Reading stops where a limit is passed, with a refusal: no row is ever left out in silence.
"""

from collections.abc import Callable
from pathlib import Path

import msgspec

from server.library.ingest.failures import Refused
from server.library.ingest.protocol import Job, Made
from server.library.ingest.table_cells import (
    CHARACTERS_LIMIT,
    COLUMNS_LIMIT,
    ROWS_LIMIT,
    Cell,
    RawTable,
)
from server.library.ingest.zip_document import SIGNATURE

__all__ = ["TABLE_FILE", "make_table"]

#: What the step leaves in its folder.
TABLE_FILE = "table.json"

#: Rows that may stand above the first row of data: titles, and the names of the columns.
ROWS_ABOVE = 10

#: How the files of old Excel begin (OLE2).
_OLD = bytes.fromhex("d0cf11e0a1b11ae1")


def make_table(job: Job, report: Callable[[int], None]) -> Made:
    """Read `job.source`; `job.reader` names the sheet ("" : the first with anything in it)."""
    source = Path(job.source)
    with source.open("rb") as file:
        start = file.read(64)
    if not start:
        raise Refused("EMPTY")
    if start.startswith(_OLD):
        raise Refused("TABLE_OLD_EXCEL")
    table, remarks = _read(source, start, job)
    report(90)
    Path(job.folder, TABLE_FILE).write_bytes(msgspec.json.encode(bounded(table)))
    return Made(remarks=remarks)


def _read(source: Path, start: bytes, job: Job) -> tuple[RawTable, tuple[str, ...]]:
    if start.startswith(SIGNATURE):
        from server.library.ingest.table_workbook import read_workbook

        return read_workbook(source, job.reader, ROWS_LIMIT + ROWS_ABOVE)
    from server.library.ingest.table_text import read_text

    return read_text(source, job.now, job.places), ()


def bounded(table: RawTable) -> RawTable:
    """The table without empty rows and columns at its ends.  Raises `Refused` past a limit."""
    rows = [_without_tail(row) for row in table.rows]
    while rows and not rows[-1]:
        rows.pop()
    if not rows:
        raise Refused("TABLE_EMPTY")
    if len(rows) > ROWS_LIMIT + ROWS_ABOVE:
        raise Refused("TABLE_TOO_LONG", limit=ROWS_LIMIT)
    if max(map(len, rows)) > COLUMNS_LIMIT:
        raise Refused("TABLE_TOO_WIDE", limit=COLUMNS_LIMIT)
    for number, row in enumerate(rows, start=1):
        if any(isinstance(cell, str) and len(cell) > CHARACTERS_LIMIT for cell in row):
            raise Refused("TABLE_CELL_TOO_LONG", limit=CHARACTERS_LIMIT, row=number)
    return msgspec.structs.replace(table, rows=rows)


def _without_tail(row: list[Cell]) -> list[Cell]:
    end = len(row)
    while end and row[end - 1] in (None, ""):
        end -= 1
    return row[:end]
