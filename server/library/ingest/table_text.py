"""Tables in plain text: CSV of any usual separator and encoding, JSON, feeds, calendars.

In the child.

Excel in China writes CSV as GBK and "Unicode text" as UTF-16 with tabs; everybody else UTF-8, with
or without its mark.
"""

import csv
import io
import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

from server.library.ingest.failures import Refused
from server.library.ingest.table_calendar_lines import is_calendar, unfolded
from server.library.ingest.table_cells import (
    CHARACTERS_LIMIT,
    COLUMNS_LIMIT,
    ROWS_LIMIT,
    Cell,
    Odd,
    Places,
    RawTable,
)
from server.library.ingest.table_pointers import pointed

__all__ = ["BYTES_LIMIT", "read_text"]

#: The largest text file that is read, in bytes.
BYTES_LIMIT = 20_000_000

#: Of which lines the separator is guessed.
_SAMPLE_LINES = 20
_WESTERN = re.compile(
    rb"""\s*<\?xml[^>]{1,100}encoding=["'](?:iso-8859-1|windows-1252|latin1)["']""", re.IGNORECASE
)
_SEPARATORS = (",", ";", "\t")


def read_text(source: Path, now: datetime | None = None, places: Places | None = None) -> RawTable:
    """The table of a text file; of a calendar what is near `now`, of JSON what is at `places`.

    Raises `Refused`.
    """
    size = source.stat().st_size
    if size > BYTES_LIMIT:
        raise Refused("TABLE_TOO_LONG", limit=ROWS_LIMIT)
    data = source.read_bytes()
    if is_calendar(data):
        from server.library.ingest.table_calendar import read_calendar

        assert now is not None, "whoever asks says when it is"
        return read_calendar(_decoded(unfolded(data)), now)
    text = _declared(data) or _decoded(data)
    if text.lstrip()[:1] in {"{", "["}:
        return _json(text, places)
    if text.lstrip()[:1] == "<":
        from server.library.ingest.table_feed import read_feed

        return read_feed(text)
    return RawTable(_csv(text))


def _declared(data: bytes) -> str | None:
    """XML that says it is Western: its bytes would pass for Chinese."""
    found = _WESTERN.match(data)
    return None if found is None else data.decode("cp1252", "replace")


def _decoded(data: bytes) -> str:
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    order = ["utf-16"] if marked else ["utf-8-sig", "gb18030"]
    for encoding in order:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            raise Refused("TABLE_UNKNOWN")
        return text
    raise Refused("TABLE_ENCODING")


def _csv(text: str) -> list[list[Cell]]:
    csv.field_size_limit(CHARACTERS_LIMIT * 4)
    rows: list[list[Cell]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text)):
            rows.append([_plain(each) for each in row])
            if len(rows) > 2 * ROWS_LIMIT:  # empty ones at the end may go yet
                break
    except csv.Error as error:
        raise Refused("TABLE_CELL_TOO_LONG", limit=CHARACTERS_LIMIT, row=len(rows) + 1) from error
    return rows


def _plain(text: str) -> Cell:
    """CSV has nothing but text; Excel's own errors are told from it."""
    text = text.strip()
    if text.startswith("#") and text.rstrip("!?").upper() in _ERRORS:
        return Odd("error", text)
    return text or None


_ERRORS = frozenset({"#REF", "#NAME", "#VALUE", "#DIV/0", "#N/A", "#NUM", "#NULL"})


def _separator(text: str) -> str:
    """The one that gives the most columns, and the same in most lines."""
    sample = "\n".join(text.splitlines()[:_SAMPLE_LINES])

    def worth(separator: str) -> tuple[int, int]:
        try:
            widths = [len(row) for row in csv.reader(io.StringIO(sample), delimiter=separator)]
        except csv.Error:
            return (0, 0)
        usual = max(set(widths), key=widths.count, default=0)
        return (usual if usual > 1 else 0, max(widths, default=0))

    return max(_SEPARATORS, key=worth)


def _json(text: str, places: Places | None) -> RawTable:
    """A list of objects, or an object whose one list they are; or what is at `places`."""
    try:
        told = json.loads(text, parse_float=_number, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise Refused("TABLE_JSON") from error
    if places is not None:
        return pointed(told, places, ROWS_LIMIT)
    records = _records(told)
    if len(records) > ROWS_LIMIT:
        raise Refused("TABLE_TOO_LONG", limit=ROWS_LIMIT)
    names: dict[str, None] = {}
    for each in records:
        names.update(dict.fromkeys(each))
        if len(names) > COLUMNS_LIMIT:
            raise Refused("TABLE_TOO_WIDE", limit=COLUMNS_LIMIT)
    rows: list[list[Cell]] = [list(names)]
    rows += [[_cell(each.get(name)) for name in names] for each in records]
    return RawTable(rows, style="records")


def _number(text: str) -> str:
    """As it is written: 3.50 stays 3.50."""
    return text


def _no_number(text: str) -> None:
    raise ValueError(text)


def _records(told: Any) -> list[dict[str, Any]]:
    if isinstance(told, dict):
        lists = [each for each in told.values() if isinstance(each, list)]
        told = lists[0] if len(lists) == 1 else None
    if not isinstance(told, list) or not all(isinstance(each, dict) for each in told):
        raise Refused("TABLE_JSON")
    return told


def _cell(value: Any) -> Cell:
    if isinstance(value, dict | list):
        return Odd("nested", "{…}" if isinstance(value, dict) else "[…]")
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 1 << 63:
        return str(value)
    return value if isinstance(value, str | int | bool) else None
