"""Rows that a data set collects from others: a row of each in turn, columns matched by name.  Pure.

A feed's headlines, the dispatcher's warnings and the meals of the day become one table that fills
one card.  What collects is not collected from: there is one step, and no circle.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, zip_longest
from typing import Annotated

from msgspec import Meta, Struct

from server.datasets.columns import PICTURES, TITLE_LIMIT, Column, Kind, normal
from server.datasets.tables import Row
from server.errors import Invalid

__all__ = [
    "CALLED",
    "MOST_ROWS",
    "PARTS_LIMIT",
    "USUAL_ROWS",
    "Part",
    "Parts",
    "check_part",
    "collected",
    "fitting",
    "matched",
    "with_origin",
]

#: From how many data sets one may collect, and how many rows of each: at most and usually.
PARTS_LIMIT = 10
MOST_ROWS, USUAL_ROWS = 500, 20
#: In the place of a column of the part: what the part is called.
CALLED = "@called"
#: The column that a new one has for that, and what such a column is called already.
ORIGIN_KEY, ORIGIN_TITLE, ORIGIN_TITLES = "origin", "来源", frozenset({"来源", "出处", "source"})

#: What may be written into a text without becoming another word.
_TOLD_AS_TEXT = frozenset(Kind) - PICTURES - {Kind.YES_NO}


class Part(Struct, frozen=True, forbid_unknown_fields=True):
    """One data set (its primary key) that is collected from: its first `at_most` rows.

    `called` is what its rows are said to be from; "": the name of the data set.  `columns` are
    those of the collecting data set (keys), each to one of the part, or to `CALLED`.
    """

    dataset: Annotated[int, Meta(ge=1, le=(1 << 31) - 1)]
    columns: dict[str, str]
    called: Annotated[str, Meta(max_length=TITLE_LIMIT)] = ""
    at_most: Annotated[int, Meta(ge=1, le=MOST_ROWS)] = USUAL_ROWS


class Parts(Struct, frozen=True, forbid_unknown_fields=True):
    """All of them in order; `in_turn`: a row of each, then the next of each; else all of the first
    before the second.  None at all: it collects no more, and its rows are its own."""

    parts: Annotated[tuple[Part, ...], Meta(max_length=PARTS_LIMIT)] = ()
    in_turn: bool = True


def collected(parts: Iterable[tuple[Part, Sequence[Row]]], *, in_turn: bool) -> list[Row]:
    """The rows of all parts (each with all of its own) in the collecting data set's columns."""
    each = [[_told(part, row) for row in rows[: part.at_most]] for part, rows in parts]
    if not in_turn:
        return list(chain.from_iterable(each))
    return [row for turn in zip_longest(*each) for row in turn if row is not None]


def _told(part: Part, row: Row) -> Row:
    return {
        key: part.called if source == CALLED else row.get(source)
        for key, source in part.columns.items()
    }


def fitting(column: Column, offered: Iterable[Column]) -> list[Column]:
    """Those of `offered` that can fill `column`: of its kind, and a text takes most others too."""
    return [
        each
        for each in offered
        if each.kind is column.kind or (column.kind is Kind.TEXT and each.kind in _TOLD_AS_TEXT)
    ]


def matched(columns: Sequence[Column], offered: Sequence[Column]) -> dict[str, str]:
    """For whoever has not chosen yet: columns of one name belong together.

    If no text is found by its name, the first text of both is the same; an origin that the part
    does not tell is the name of the part.
    """
    found = dict[str, str]()
    for column in columns:
        named = (each for each in fitting(column, offered) if _same(each, column))
        if (source := next(named, None)) is not None:
            found[column.key] = source.key
    texts = [each for each in columns if each.kind is Kind.TEXT]
    told = [each for each in offered if each.kind is Kind.TEXT]
    said = [each for each in texts if not _is_origin(each)]
    if said and told and not any(each.key in found for each in said):
        found[said[0].key] = told[0].key
    return found | {
        each.key: CALLED for each in texts if _is_origin(each) and each.key not in found
    }


def with_origin(columns: Sequence[Column]) -> tuple[Column, ...]:
    """The columns, and one for where a row is from unless there is one."""
    if any(map(_is_origin, columns)):
        return tuple(columns)
    taken = {each.key for each in columns}
    key = next(
        name
        for n in range(len(columns) + 1)
        if (name := f"{ORIGIN_KEY}_{n}" if n else ORIGIN_KEY) not in taken
    )
    return (*columns, Column(key, ORIGIN_TITLE))


def check_part(part: Part, name: str, columns: Sequence[Column], offered: Sequence[Column]) -> None:
    """Raise `Invalid` unless each column that `part` (a data set `name`) names can be filled so."""
    by_key: Mapping[str, Column] = {each.key: each for each in columns}
    if not part.columns:
        raise Invalid("Say which columns of “%(name)s” are collected.", values={"name": name})
    for key, source in part.columns.items():
        if key not in by_key:
            raise Invalid("There is no column %(key)s.", values={"key": key})
        column = by_key[key]
        fits = source in {each.key for each in fitting(column, offered)}
        if not fits and not (source == CALLED and column.kind is Kind.TEXT):
            raise Invalid(
                "“%(name)s” has no column %(source)s that can fill “%(column)s”.",
                values={"name": name, "source": source, "column": column.title},
            )


def _same(a: Column, b: Column) -> bool:
    return normal(a.title) == normal(b.title)


def _is_origin(column: Column) -> bool:
    return column.kind is Kind.TEXT and normal(column.title) in ORIGIN_TITLES
