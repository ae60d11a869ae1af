"""Rows of a card: what `Table.qml` sets, page by page.  Pure.

A table has columns and rows of as many cells.  The stage measures and sets; what stands in a cell,
and in which order, is said here.
"""

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from cards.lines import line
from cards.plain_text import joined

__all__ = ["Column", "Row", "figure", "table"]

#: `place`: a rank, the first three marked; `time` stays on its line; `grow` takes what is left.
Kind = Literal["text", "grow", "number", "time", "place", "move", "picture"]


class Column(Struct, frozen=True):
    """A column; `spare` ones go where the zone is too narrow for all, a main one stands out."""

    kind: Kind
    label: str = ""
    spare: bool = False
    is_main: bool = False


class Row(Struct, frozen=True):
    """A row of cells; `note` stands small under the growing one; a heading has one cell only.

    A strong row is set bold, a lit one stands on a ground of its own.
    """

    cells: Sequence[str]
    note: str = ""
    is_heading: bool = False
    is_strong: bool = False
    is_lit: bool = False


def table(columns: Sequence[Column], rows: Sequence[Row]) -> dict[str, object]:
    """The part of a face that `Table.qml` draws."""
    return {
        "columns": [
            {
                "kind": each.kind,
                "label": line(each.label),
                "spare": each.spare,
                "main": each.is_main,
            }
            for each in columns
        ],
        "rows": [
            {
                "cells": [joined(line(cell)) for cell in each.cells],
                "note": joined(line(each.note)),
                "heading": each.is_heading,
                "strong": each.is_strong,
                "lit": each.is_lit,
            }
            for each in rows
        ],
    }


def figure(number: float, decimals: int) -> str:
    """A number as all of its column are written: grouped by thousands, with a true minus."""
    return f"{number:,.{decimals}f}".replace("-", "−")
