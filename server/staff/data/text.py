"""Rows as text with tabs, as Excel copies them: what the form of the grid sends."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from server.datasets.columns import Column
from server.datasets.tables import Row
from server.errors import Invalid
from server.library.ingest.table_cells import CHARACTERS_LIMIT, ROWS_LIMIT

__all__ = ["cells_shown", "rows_read", "text_of"]


def text_of(rows: Iterable[Row], columns: Sequence[Column]) -> str:
    """The rows, one a line, cells between tabs."""
    out = io.StringIO()
    writer = csv.writer(out, dialect="excel-tab", lineterminator="\n")
    for row in rows:
        writer.writerow(cells_shown(row, columns))
    return out.getvalue()


def cells_shown(row: Row, columns: Sequence[Column]) -> list[str]:
    """The cells of a row as people read and write them."""
    return [_shown(row.get(each.key)) for each in columns]


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value)


def rows_read(text: str, columns: Sequence[Column]) -> list[dict[str, str | None]]:
    """The rows of such a text, without empty ones at the end.  Raises `Invalid`."""
    csv.field_size_limit(CHARACTERS_LIMIT * 4)
    found: list[dict[str, str | None]] = []
    keys = [each.key for each in columns]
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), dialect="excel-tab"):
            if any(each.strip() for each in cells[len(keys) :]):
                raise Invalid("A row has more cells than there are columns.")
            found.append({key: _sent(each) for key, each in zip(keys, cells, strict=False)})
            if len(found) > ROWS_LIMIT * 2:
                raise Invalid("At most %(most)d rows.", values={"most": ROWS_LIMIT})
    except csv.Error:
        raise Invalid("A cell is too long, or a quotation mark was left open.") from None
    while found and not any(found[-1].values()):
        found.pop()
    return found


def _sent(cell: str) -> str | None:
    """`yes` and `no` in the reader's language are read in every language."""
    text = cell.strip()
    return text or None
