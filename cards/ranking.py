"""The template `ranking`: who leads; 星级评定 and 红黑榜 too (docs/cards.md).  Pure."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from cards.lines import required
from cards.rows import Column, Row, figure, table
from cards.sheet import SheetData, sheet
from cards.template import CardRefusedError, Face, Template

__all__ = ["RANKING", "Ranked", "Ranking"]

#: Limits: rows, and characters.
MAX_ROWS = 200
MAX_NAME, MAX_UNIT, MAX_NOTE = 40, 12, 60
MAX_SCORE = 1e12
#: Digits after the point that are shown, at most.
MOST_DECIMALS = 2
#: Stars are whole, from none to five.
MOST_STARS = 5


class Ranked(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A row: who, how much, the place before (0: new), on which of two boards."""

    name: Annotated[str, Meta(max_length=MAX_NAME)]
    score: Annotated[float, Meta(ge=-MAX_SCORE, le=MAX_SCORE)]
    before: Annotated[int, Meta(ge=0, le=9999)] | None = None
    note: Annotated[str, Meta(max_length=MAX_NOTE)] = ""
    board: Literal["red", "black", "红榜", "黑榜"] = "red"


class Ranking(SheetData, frozen=True, kw_only=True):
    """`ranking`: rows in any order; the places are reckoned, equal figures share one."""

    rows: Annotated[tuple[Ranked, ...], Meta(max_length=MAX_ROWS)] = ()
    as_of: date
    style: Literal["places", "stars", "red-black"] = "places"
    best: Literal["highest", "lowest"] = "highest"
    unit: Annotated[str, Meta(max_length=MAX_UNIT)] = ""
    subject: Annotated[str, Meta(max_length=MAX_UNIT)] = ""


_TITLES = {
    "places": ("排行榜", "Ranking"),
    "stars": ("星级评定", "Star rating"),
    "red-black": ("红黑榜", "Best and worst"),
}
_LABELS = {
    "places": ("排行", "Ranking"),
    "stars": ("星级", "Stars"),
    "red-black": ("评比", "Ranking"),
}


def _face(told: Ranking, _now: datetime) -> Face:
    for n, row in enumerate(told.rows):
        required(row.name, f"rows[{n}].name")
        if told.style == "stars" and row.score not in range(MOST_STARS + 1):
            raise CardRefusedError(
                f"data.rows[{n}].score: {row.score:g} stars; write a whole number to {MOST_STARS}"
            )
    data = sheet(told, _TITLES[told.style], _LABELS[told.style], told.as_of)
    zh = told.language == "zh"
    data["empty"] = "暂无数据" if zh else "No figures yet"
    if told.style == "red-black":
        red = [row for row in told.rows if row.board in {"red", "红榜"}]
        black = [row for row in told.rows if row.board in {"black", "黑榜"}]
        names = ("红榜", "黑榜") if zh else ("Best", "Worst")
        data["boards"] = [
            _board(told, red, names[0], "red"), _board(told, black, names[1], "black"),
        ]  # fmt: skip
    else:
        data["boards"] = [_board(told, told.rows, "", "")]
    return Face(data)


def _board(told: Ranking, rows: Sequence[Ranked], name: str, tone: str) -> dict[str, object]:
    worst_first = (told.best == "highest") == (tone == "black")
    ordered = sorted(rows, key=lambda row: row.score if worst_first else -row.score)
    decimals = max((_decimals(row.score) for row in rows), default=0)
    has_moves = tone == "" and any(row.before is not None for row in rows)
    lines, place = [], 0
    for n, row in enumerate(ordered, start=1):
        if n == 1 or row.score != ordered[n - 2].score:
            place = n
        lines.append(_row(told, row, place, decimals, has_moves))
    return {"name": name, "tone": tone, **table(_columns(told, has_moves), lines)}


def _columns(told: Ranking, has_moves: bool) -> list[Column]:
    zh = told.language == "zh"
    found = [
        Column("place", "名次" if zh else "Place"),
        Column("grow", told.subject or ("名称" if zh else "Name")),
    ]
    if has_moves:
        found.append(Column("move", "升降" if zh else "Change", spare=True))
    if told.style == "stars":
        return [*found, Column("text", "星级" if zh else "Stars")]
    return [*found, Column("number", told.unit or ("得分" if zh else "Score"))]


def _row(told: Ranking, row: Ranked, place: int, decimals: int, has_moves: bool) -> Row:
    cells = [f"{place}", row.name]
    if has_moves:
        cells.append(_move(row.before, place, told.language == "zh"))
    if told.style == "stars":
        cells.append("★" * int(row.score) + "☆" * (MOST_STARS - int(row.score)))
    else:
        cells.append(figure(row.score, decimals))
    return Row(cells, row.note)


def _move(before: int | None, place: int, zh: bool) -> str:
    if before is None:
        return ""
    if before == 0:
        return "新" if zh else "new"
    if before == place:
        return "—"
    return f"▲ {before - place}" if before > place else f"▼ {place - before}"


def _decimals(number: float) -> int:
    for digits in range(MOST_DECIMALS):
        if round(number, digits) == round(number, MOST_DECIMALS):
            return digits
    return MOST_DECIMALS


RANKING = Template("ranking", "Ranking.qml", Ranking, _face)
