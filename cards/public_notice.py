"""The template `public-notice` 公示: a notice with a period that binds (docs/cards.md).  Pure.

What stands for a legal period says which day of it is today: a function of the date.  That the
period is kept is checked where manifests are made, by what `guarantee_of` says.
"""

from datetime import date, datetime, time
from typing import Annotated, Literal

from msgspec import Meta, Struct

from cards.dates import dateline, day_ends
from cards.lines import headline, line, required
from cards.notice import MAX_BODY, MAX_ISSUER, MAX_TITLE, PAGE_S, set_block, set_body
from cards.passages import Block
from cards.template import CardData, CardRefusedError, Face, Template

__all__ = ["PUBLIC_NOTICE", "Guarantee", "PublicNotice", "guarantee_of", "period_day"]

#: Limits, in characters.
MAX_CONTACT, MAX_PHONE, MAX_HOURS = 60, 40, 11
#: The longest period, in days.
MAX_PERIOD = 366
#: What keeps a figure with its unit, and a date whole.
_NBSP, _WORD_JOINER = "\u00a0", "\u2060"


#: A field is called `date`, which hides the type from those after it.
_Day = date


class PublicNotice(CardData, frozen=True, kw_only=True):
    """`public-notice`: who makes known what, from which day to which, and who hears objections."""

    title: Annotated[str, Meta(max_length=MAX_TITLE)]
    body: Annotated[str, Meta(max_length=MAX_BODY)]
    issuer: Annotated[str, Meta(max_length=MAX_ISSUER)]
    date: _Day
    first: _Day
    last: _Day
    contact: Annotated[str, Meta(max_length=MAX_CONTACT)]
    phone: Annotated[str, Meta(max_length=MAX_PHONE)] = ""
    minutes_per_hour: Annotated[int, Meta(ge=1, le=60)] = 3
    hours: Annotated[str, Meta(max_length=MAX_HOURS)] = "08:00-18:00"
    family: Literal["service", "party"] = "service"
    language: Literal["zh", "en"] = "zh"
    page_s: Annotated[float, Meta(ge=PAGE_S[0], le=PAGE_S[1])] | None = None


class Guarantee(Struct, frozen=True):
    """What a public notice is owed: so many minutes of each hour between two times, day by day.

    `starts` and `ends` are hours of the day on the clock of the wall, 0 to 24; days are included.
    """

    first: date
    last: date
    starts: int
    ends: int
    minutes: int


def guarantee_of(told: PublicNotice) -> Guarantee:
    """What this notice is owed.  Raises `CardRefusedError` for a period or hours that are none."""
    if told.last < told.first:
        raise CardRefusedError("data.last: before the first day; a period ends after it begins")
    if (told.last - told.first).days >= MAX_PERIOD:
        raise CardRefusedError(f"data.last: more than {MAX_PERIOD} days; make the period shorter")
    starts, ends = _hours(told.hours)
    return Guarantee(told.first, told.last, starts, ends, told.minutes_per_hour)


def _hours(text: str) -> tuple[int, int]:
    refused = CardRefusedError(
        f'data.hours: "{text}" are no hours of the day; write full hours like 08:00-18:00'
    )
    first, _dash, last = text.partition("-")
    try:
        starts = time.fromisoformat(first)
        ends = 24 if last == "24:00" else time.fromisoformat(last).hour
    except ValueError as error:
        raise refused from error
    if not text.endswith(":00") or starts.minute or starts.second or ends <= starts.hour:
        raise refused
    return starts.hour, ends


def period_day(first: date, last: date, today: date) -> int:
    """Which day of the period is today, from 1; 0 before it, one more than it has after it."""
    return min(max((today - first).days + 1, 0), (last - first).days + 2)


def _face(told: PublicNotice, now: datetime) -> Face:
    guarantee_of(told)
    zh = told.language == "zh"
    contact = line(required(told.contact, "contact"))
    reach = f"{contact}　{line(told.phone)}".strip("　 ")
    blocks = set_body(told.body)
    blocks.append(set_block(Block("term", reach, "异议受理：" if zh else "Objections to:")))
    data = {
        "title": headline(required(told.title, "title")),
        "blocks": blocks,
        "issuer": line(required(told.issuer, "issuer")),
        "dateline": dateline(told.date, told.language),
        "label": "公示" if zh else "Public notice",
        "aside": _period(told, now.date(), zh),
        "family": told.family,
        "page_s": told.page_s,
    }
    return Face(data, day_ends(now) if now.date() <= told.last else None)


def _period(told: PublicNotice, today: date, zh: bool) -> str:
    """The period, and how far it is; it breaks between its parts only, where a line is short."""
    day, days = period_day(told.first, told.last, today), (told.last - told.first).days + 1
    first, last = (_WORD_JOINER.join(str(each)) for each in (told.first, told.last))
    if zh:
        span = f"{_WORD_JOINER.join('公示期')} {first} 至{_NBSP}{last}"
        state = f"第 {day} 天 / 共 {days} 天" if day else _WORD_JOINER.join("尚未开始")
        state = _WORD_JOINER.join("公示期满") if day > days else state
    else:
        span = f"From{_NBSP}{first} to{_NBSP}{last}"
        state = f"Day {day} of {days}" if day else "Not yet begun"
        state = "The period is over" if day > days else state
    return f"{span}　{state.replace(' ', _NBSP)}"


PUBLIC_NOTICE = Template(
    "public-notice", "Notice.qml", PublicNotice, _face, frozenset({"photo"}), reviewed=True
)
