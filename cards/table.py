"""The template `table`: any rows with named columns, each in its format (docs/cards.md).  Pure."""

from collections.abc import Sequence
from datetime import date, datetime
from math import isfinite
from typing import Annotated, Literal

from msgspec import Meta, Struct

from cards.lines import line
from cards.plain_text import clean
from cards.rows import Column, Row, figure, table
from cards.sheet import SheetData, sheet
from cards.template import CardRefusedError, Face, Template

__all__ = ["MOST_COLUMNS", "TABLE", "Table", "TableRow"]

#: Limits: rows, columns, and characters of a heading and of a cell.
MAX_ROWS = 300
MOST_COLUMNS = 8
MAX_HEADING, MAX_VALUE = 20, 60

Value = Annotated[str, Meta(max_length=MAX_VALUE)]
Heading = Annotated[str, Meta(max_length=MAX_HEADING)]
Format = Literal[
    "text", "number", "number-1", "number-2", "percent", "percent-1", "money", "money-2", "date"
]


class TableRow(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A row: the cells of its columns, as text whatever their format."""

    value1: Value = ""
    value2: Value = ""
    value3: Value = ""
    value4: Value = ""
    value5: Value = ""
    value6: Value = ""
    value7: Value = ""
    value8: Value = ""


class Table(SheetData, frozen=True, kw_only=True):
    """`table`: what each column is called and how it is written; a bare column is left out."""

    rows: Annotated[tuple[TableRow, ...], Meta(max_length=MAX_ROWS)] = ()
    heading1: Heading = ""
    heading2: Heading = ""
    heading3: Heading = ""
    heading4: Heading = ""
    heading5: Heading = ""
    heading6: Heading = ""
    heading7: Heading = ""
    heading8: Heading = ""
    format1: Format = "text"
    format2: Format = "text"
    format3: Format = "text"
    format4: Format = "text"
    format5: Format = "text"
    format6: Format = "text"
    format7: Format = "text"
    format8: Format = "text"
    main: Annotated[int, Meta(ge=1, le=MOST_COLUMNS)] | None = None
    as_of: date | None = None


def _face(told: Table, _now: datetime) -> Face:
    zh = told.language == "zh"
    written = [[_cell(told, row, at, r) for at in _ALL] for r, row in enumerate(told.rows)]
    used = [at for at in _ALL if _heading(told, at) or any(row[at - 1] for row in written)]
    data = sheet(told, ("数据表", "Figures"), ("数据", "Data"), told.as_of)
    data["empty"] = "暂无数据" if zh else "No figures yet"
    data |= table(_columns(told, used), [Row([cells[at - 1] for at in used]) for cells in written])
    return Face(data)


_ALL = range(1, MOST_COLUMNS + 1)


def _heading(told: Table, at: int) -> str:
    return line(getattr(told, f"heading{at}"))


def _format(told: Table, at: int) -> str:
    written: str = getattr(told, f"format{at}")
    return written


def _columns(told: Table, used: Sequence[int]) -> list[Column]:
    grows = next((at for at in used if _format(told, at) == "text"), used[0] if used else 0)
    kept = {grows, told.main or next((at for at in used if at != grows), 0)}
    return [
        Column(
            "grow" if at == grows else "text" if _format(told, at) == "text" else "number",
            _heading(told, at),
            spare=at not in kept,
            is_main=at == told.main,
        )
        for at in used
    ]


def _cell(told: Table, row: TableRow, at: int, n: int) -> str:
    value = clean(getattr(row, f"value{at}")).strip()
    written, _, digits = _format(told, at).partition("-")
    if written == "text" or not value:
        return value
    if written == "date":
        return _day(value, f"rows[{n}].value{at}")
    number = _number(value, f"rows[{n}].value{at}")
    figures = figure(number, int(digits or 0))
    if written == "money":
        return f"−¥{figures[1:]}" if figures.startswith("−") else f"¥{figures}"
    return f"{figures}%" if written == "percent" else figures


def _day(value: str, field: str) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise _unfit(value, field, "a day like 2026-11-23") from None


def _number(value: str, field: str) -> float:
    plain = value.rstrip("%％").lstrip("¥￥").replace(",", "").replace("−", "-")
    try:
        number = float(plain)
    except ValueError:
        raise _unfit(value, field, "a number") from None
    if not isfinite(number):
        raise _unfit(value, field, "a number")
    return number


def _unfit(value: str, field: str, wanted: str) -> CardRefusedError:
    return CardRefusedError(f'data.{field}: "{value}" is not {wanted}; correct it, or choose text')


TABLE = Template("table", "DataTable.qml", Table, _face)
