"""Tables as files for spreadsheets: CSV that runs nothing, XLSX row by row, both bounded.

A table is made of what people read: columns with words in the reader's language, cells that are
text, numbers, days or instants.  What boxes said stays text, whatever it begins with.
"""

import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from msgspec import Struct

from server.telemetry.exports import csv_lines

if TYPE_CHECKING:
    from openpyxl.styles import Font

__all__ = ["ROWS_MOST", "XLSX_MIME", "Cell", "Table", "as_csv", "as_xlsx"]

Cell = str | int | float | date | datetime | None

#: Rows of one file: what a spreadsheet opens without complaint, and what a server makes in seconds.
ROWS_MOST = 100_000

XLSX_MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

#: Characters that XML cannot hold.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

#: How wide a column is, in characters.
_NARROW, _WIDE = 10, 40


class Table(Struct):
    """A title, what it is of (days, screens), columns, and rows of as many cells."""

    title: str
    about: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def as_csv(table: Table) -> Iterator[str]:
    """The lines of a CSV file, UTF-8 with a byte order mark."""
    return csv_lines(table.columns, _bounded(table, _plain))


def as_xlsx(table: Table) -> Path:
    """Write a workbook of one sheet, row by row, and return its file; the caller takes it away."""
    from openpyxl import Workbook  # late: 20 MiB that only who exports a workbook needs
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet(_UNWRITABLE.sub("", table.title)[:31].translate(_NOT_IN_NAMES))
    for number, column in enumerate(table.columns, start=1):
        width = min(_WIDE, max(_NARROW, 2 * len(str(column)) + 2))
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = "A4"
    sheet.append([_text(sheet, table.title, Font(bold=True, size=14))])
    sheet.append([_text(sheet, table.about)])
    sheet.append([_text(sheet, str(each), Font(bold=True)) for each in table.columns])
    for row in _bounded(table, lambda cell: cell):
        sheet.append([_cell(sheet, each) for each in row])
    with tempfile.NamedTemporaryFile(suffix=".xlsx", delete=False) as file:
        book.save(file)
    return Path(file.name)


_NOT_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


def _bounded(table: Table, write: Callable[[Cell], Cell]) -> Iterator[list[Cell]]:
    rows = iter(table.rows)
    for row in islice(rows, ROWS_MOST):
        yield [write(each) for each in row]
    if next(rows, None) is not None:
        yield [_("There are more rows: ask for fewer days or fewer screens.")]


def _plain(cell: Cell) -> Cell:
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M:%S}"
    return "" if cell is None else cell


def _cell(sheet: Any, cell: Cell) -> object:
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=None)  # a wall time: spreadsheets know no zones
    return _text(sheet, cell) if isinstance(cell, str) else cell


def _text(sheet: Any, text: str, font: "Font | None" = None) -> Any:
    """A cell that is text, whatever it begins with."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment

    made = WriteOnlyCell(sheet, value=_UNWRITABLE.sub("\ufffd", text)[:32_000])
    made.data_type = "s"
    made.alignment = Alignment(vertical="top")
    if font is not None:
        made.font = font
    return made
