"""JSON of any shape as a table: where its rows are, and where in it each column is.  In the child.

Places are JSON pointers (RFC 6901).  The one of the rows leads to a list, or to one row.  The one
of a column begins at its row (`/high`; "": the row itself) or, after a `#`, at the whole document
(`#/now/temp`); if it leads from there to a list, its n-th value is that of the n-th row.
"""

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import unquote

from server.library.ingest.failures import Refused
from server.library.ingest.table_cells import Cell, ColumnPlace, Odd, Places, RawTable

__all__ = ["is_pointer", "pointed"]

#: What a pointer leads to that leads to nothing.
_NOTHING: Final = object()


def is_pointer(text: str) -> bool:
    """Is it a pointer as RFC 6901 writes it, or one after a `#`?"""
    path = text.removeprefix("#")
    escapes = path.replace("~0", "").replace("~1", "")
    return (path == "" or path.startswith("/")) and "~" not in escapes


def pointed(told: Any, places: Places, limit: int) -> RawTable:
    """The table of a document.  Raises `Refused` for a pointer that leads nowhere."""
    rows = _rows(told, places.rows)
    if rows is not None and len(rows) > limit:
        raise Refused("TABLE_TOO_LONG", limit=limit)
    records = [_told_at(told, places.rows)] if rows is None else rows
    columns = [_column(told, records, each) for each in places.columns]
    for place, cells in zip(places.columns, columns, strict=True):
        is_due = records and place.at is not None and not place.may_miss
        if is_due and all(cell is _NOTHING for cell in cells):
            raise Refused("TABLE_POINTER", column=place.title, pointer=_whole(places, place, rows))
    body = [[_cell(column[n]) for column in columns] for n in range(len(records))]
    return RawTable(
        [[each.title for each in places.columns], *body],
        style="records",
        places=tuple(_split(told, places, each, rows) for each in places.columns),
    )


def _rows(told: Any, pointer: str) -> list[Any] | None:
    """The rows; None: what is there is one row."""
    found = _told_at(told, pointer)
    if isinstance(found, list):
        return found
    if isinstance(found, dict):
        return None
    raise Refused("TABLE_POINTER_ROWS", pointer=pointer or "#")


def _told_at(told: Any, pointer: str) -> Any:
    """What a pointer leads to (RFC 6901, 4), or `_NOTHING`; null is nothing."""
    path = unquote(pointer[1:]) if pointer.startswith("#") else pointer
    for part in path.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        if isinstance(told, dict):
            told = told.get(name)
        elif isinstance(told, list) and _is_index(name):
            told = told[int(name)] if int(name) < len(told) else None
        else:
            return _NOTHING
    return _NOTHING if told is None else told


def _is_index(name: str) -> bool:
    is_plain = name.isascii() and name.isdigit() and len(name) < 7
    return is_plain and (name == "0" or name[0] != "0")


def _column(told: Any, records: Sequence[Any], place: ColumnPlace) -> list[Any]:
    if place.at is None:
        return [_NOTHING] * len(records)
    if not place.at.startswith("#"):
        return [_told_at(each, place.at) for each in records]
    found = _told_at(told, place.at)
    if not isinstance(found, list):
        return [found] * len(records)
    values = [_NOTHING if each is None else each for each in found[: len(records)]]
    return values + [_NOTHING] * (len(records) - len(values))


def _cell(value: Any) -> Cell:
    if value is _NOTHING:
        return None
    if isinstance(value, dict | list):
        return Odd("nested", "{…}" if isinstance(value, dict) else "[…]")
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 1 << 63:
        return str(value)
    return value if isinstance(value, str | int | bool) else None


def _whole(places: Places, place: ColumnPlace, rows: list[Any] | None) -> str:
    """How people find a column in the document: `/daily/0/high`."""
    if place.at is None or place.at.startswith("#"):
        return place.at or ""
    return f"{places.rows}{'' if rows is None else '/0'}{place.at}" or "#"


def _split(
    told: Any, places: Places, place: ColumnPlace, rows: list[Any] | None
) -> tuple[str, str | None]:
    """What stands before and behind the number of a row in the pointer to its cell; None: none."""
    if place.at is None:
        return "", None
    if place.at.startswith("#"):
        is_list = isinstance(_told_at(told, place.at), list)
        return (f"{place.at}/", "") if is_list else (place.at, None)
    if rows is None:
        return f"{places.rows}{place.at}" or "#", None
    return f"{places.rows}/", place.at
