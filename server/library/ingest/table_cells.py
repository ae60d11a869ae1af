"""A table as a file holds it, before anybody says what its columns mean: what a child hands on.

Written by the step `table` in the child, read by `server.datasets`.  Imports nothing but msgspec.
"""

from typing import Literal

from msgspec import Struct

__all__ = ["CHARACTERS_LIMIT", "COLUMNS_LIMIT", "ROWS_LIMIT", "Cell", "ColumnPlace", "Odd",
           "Places", "RawTable"]  # fmt: skip

#: The most rows of data, columns, and characters of one cell, that a table may have.
ROWS_LIMIT, COLUMNS_LIMIT, CHARACTERS_LIMIT = 5_000, 50, 2_000


class Odd(Struct, frozen=True):
    """A cell that is neither text, number, yes/no nor empty.

    `kind`: a date or a time (`text` is ISO 8601), the error of a formula (`#REF!`), a formula
    without a value, or what a table cannot hold (`text` is its type).
    """

    kind: Literal["date", "time", "error", "formula", "nested"]
    text: str


class ColumnPlace(Struct, frozen=True):
    """Where in JSON a column is (docs/datasets.md); None: nowhere, it stays empty.

    `may_miss`: there may be nothing, in no row.
    """

    title: str
    at: str | None
    may_miss: bool = False


class Places(Struct, frozen=True):
    """Where in JSON the rows are, and where each column."""

    rows: str
    columns: tuple[ColumnPlace, ...]


Cell = str | int | float | bool | Odd | None


class RawTable(Struct, frozen=True):
    """All rows from the first on, without empty ones at the end; each may be shorter than others.

    `style` says how a cell is named to people: as in a sheet (`C7`), or by record and field.
    `is_text`: every column is one of text, whatever stands in it now (feeds, calendars), but for
    `pictures`, the places of those that hold addresses of pictures.
    `places`: of each column what stands before and behind the number of a record in the JSON
    pointer to its cell (None: it has no number there); none of them: they have no pointers.
    `epoch_1904`: numbers that are dates count from 1904 (old workbooks of the Mac).
    """

    rows: list[list[Cell]]
    style: Literal["sheet", "records"] = "sheet"
    sheet: str = ""
    epoch_1904: bool = False
    is_text: bool = False
    pictures: tuple[int, ...] = ()
    places: tuple[tuple[str, str | None], ...] = ()
