"""Rows of a card: what `Table.qml` sets, page by page.  Pure.

A table has columns and rows of as many cells.  The stage measures and sets; what stands in a cell,
and in which order, is said here.
"""

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from cards.lines import Headline, line
from cards.plain_text import joined

__all__ = ["Bar", "Column", "Row", "figure", "table"]

#: The longest text of a row that breaks between words only, in letters: words take time to find.
LONGEST_NAME = 32

#: `place`: a rank, the first three marked; `time` stays on its line; `grow` takes what is left.
Kind = Literal["text", "grow", "number", "time", "place", "move", "picture"]


class Column(Struct, frozen=True):
    """A column; `spare` ones go where the zone is too narrow for all, a main one stands out.

    `sign`: what its figures are in the bars of the rows, drawn beside the label.
    """

    kind: Kind
    label: str = ""
    spare: bool = False
    is_main: bool = False
    sign: Literal["", "bar", "tick"] = ""


class Bar(Struct, frozen=True):
    """A bar from 0 to 100 %: so far it is filled, and where a line stands in it; None: neither."""

    actual: float | None
    plan: float | None


class Row(Struct, frozen=True):
    """A row of cells; `note` stands small under the growing one; a heading has one cell only.

    A strong row is set bold, a lit one stands on a ground of its own; a bar runs below its row.
    """

    cells: Sequence[str]
    note: str = ""
    is_heading: bool = False
    is_strong: bool = False
    is_lit: bool = False
    bar: Bar | None = None


def table(columns: Sequence[Column], rows: Sequence[Row]) -> dict[str, object]:
    """The part of a face that `Table.qml` draws."""
    return {
        "columns": [
            {
                "kind": each.kind,
                "label": line(each.label),
                "spare": each.spare,
                "main": each.is_main,
                "sign": each.sign,
            }
            for each in columns
        ],
        "rows": [
            {
                "cells": [_cell(columns, n, cell) for n, cell in enumerate(each.cells)],
                "note": joined(line(each.note)),
                "heading": each.is_heading,
                "strong": each.is_strong,
                "lit": each.is_lit,
                "bar": each.bar and {"actual": each.bar.actual, "plan": each.bar.plan},
            }
            for each in rows
        ],
    }


def figure(number: float, decimals: int) -> str:
    """A number as all of its column are written: grouped by thousands, with a true minus."""
    return f"{number:,.{decimals}f}".replace("-", "−")


def _cell(columns: Sequence[Column], n: int, cell: str) -> str:
    """What a row is about breaks between words, as a headline does; longer, it is running text."""
    told = joined(line(cell))
    is_name = n < len(columns) and columns[n].kind == "grow" and len(told) <= LONGEST_NAME
    return Headline(told) if is_name else told
