"""The template `birthday` 政治生日: whose years in the Party come round (docs/cards.md).  Pure."""

from calendar import isleap
from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from cards.dates import day_ends
from cards.lines import headline, line, required
from cards.rows import Column, Row, table
from cards.sheet import SheetData, sheet
from cards.template import Face, Template

__all__ = ["BIRTHDAY", "Birthday", "Member", "falls_on"]

#: Limits: members, and characters.
MAX_MEMBERS = 500
MAX_NAME, MAX_UNIT, MAX_WORDS, MAX_OTHERWISE = 20, 30, 60, 40


class Member(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A row: who joined on which day, and where he or she works."""

    name: Annotated[str, Meta(max_length=MAX_NAME)]
    joined: date
    branch: Annotated[str, Meta(max_length=MAX_UNIT)] = ""


class Birthday(SheetData, frozen=True, kw_only=True):
    """`birthday`: all members; shown are those of this month, or of today."""

    members: Annotated[tuple[Member, ...], Meta(max_length=MAX_MEMBERS)] = ()
    span: Literal["month", "day"] = "month"
    pledge: Annotated[str, Meta(max_length=MAX_WORDS)] = ""
    otherwise: Annotated[str, Meta(max_length=MAX_OTHERWISE)] = ""
    family: Literal["service", "party"] = "party"


def falls_on(joined: date, year: int) -> date:
    """The day in `year` on which that of joining comes round; 29 February may be the 28th."""
    if (joined.month, joined.day) == (2, 29) and not isleap(year):
        return date(year, 2, 28)
    return joined.replace(year=year)


def _face(told: Birthday, now: datetime) -> Face:
    for n, member in enumerate(told.members):
        required(member.name, f"members[{n}].name")
    zh, today = told.language == "zh", now.date()
    shown = sorted(
        (each for each in told.members if _is_shown(each, told.span, today)),
        key=lambda each: (falls_on(each.joined, today.year), each.joined, each.name),
    )
    data = sheet(told, ("政治生日", "Party anniversaries"), ("生日", "Anniversary"))
    data |= {
        "aside": _aside(len(shown), told.span, today, zh) if shown else "",
        "pledge": headline(told.pledge) or ("不忘初心　牢记使命" if zh else ""),
        "empty": headline(told.otherwise)
        or ("不忘初心　牢记使命" if zh else "Stay true to the mission"),
        **table(_columns(zh), [_row(each, today, zh) for each in shown]),
    }
    return Face(data, day_ends(now))


def _is_shown(member: Member, span: str, today: date) -> bool:
    falls = falls_on(member.joined, today.year)
    if member.joined.year >= today.year:
        return False
    return falls == today if span == "day" else falls.month == today.month


def _aside(count: int, span: str, today: date, zh: bool) -> str:
    if zh:
        return f"{'今天' if span == 'day' else f'{today.month} 月'}　共 {count} 位同志"
    return f"{count} {'today' if span == 'day' else 'this month'}"


def _columns(zh: bool) -> list[Column]:
    return [
        Column("grow", "姓名" if zh else "Name"),
        Column("number", "入党日期" if zh else "Joined", spare=True),
        Column("number", "党龄" if zh else "Years", is_main=True),
    ]


def _row(member: Member, today: date, zh: bool) -> Row:
    years = today.year - member.joined.year
    is_today = falls_on(member.joined, today.year) == today
    return Row(
        [member.name, f"{member.joined:%Y-%m-%d}", f"{years} 年" if zh else f"{years}"],
        "　".join(filter(None, [("今天", "Today")[not zh] * is_today, line(member.branch)])),
        is_strong=is_today,
    )


BIRTHDAY = Template("birthday", "Birthday.qml", Birthday, _face)
