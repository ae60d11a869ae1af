"""The organisation's calendar, for scripts: public holidays and the days worked for them (调休)."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct

from server.accounts.policy import Act, require
from server.api.interface import Call, Operation
from server.errors import Invalid, TooLarge
from server.programme.calendar_file import MAX_CALENDAR_BYTES, Day
from server.programme.models import CalendarDay
from server.programme.services import calendar_import, calendar_set, calendar_year

__all__ = ["OPERATIONS"]

#: The first and the last year that has a calendar.
FIRST_YEAR, LAST_YEAR = 2000, 2200

_DAYS_OF_A_YEAR = Meta(max_length=366)


class DayValue(Struct, forbid_unknown_fields=True):
    """A day that is not what its weekday says: off, or worked in exchange."""

    date: date
    kind: Literal["rest", "work"]
    name: Annotated[str, Meta(max_length=60)] = ""


class Days(Struct, forbid_unknown_fields=True):
    """Days to be said of; the others stay as they are."""

    days: Annotated[list[DayValue], _DAYS_OF_A_YEAR]


class Year(Struct, forbid_unknown_fields=True):
    """All days of a year that are not what their weekday says."""

    year: Annotated[int, Meta(ge=FIRST_YEAR, le=LAST_YEAR)]
    days: Annotated[list[DayValue], _DAYS_OF_A_YEAR]


class CalendarValue(Struct):
    """Days, by date."""

    days: list[DayValue]


class Changed(Struct):
    """How many days were added, changed, found as they were, and taken out of the calendar."""

    added: int
    changed: int
    unchanged: int
    cleared: int = 0


def calendar_look(call: Call) -> CalendarValue:
    """Tell the days of a year, or of all years: they belong to everybody."""
    rows = CalendarDay.objects.order_by("date")
    if call.query("year") is not None:
        rows = rows.filter(date__year=_year(call))
    return CalendarValue([DayValue(row.date, row.kind, row.name) for row in rows])  # type: ignore[arg-type]  # the column holds the two


def calendar_put(call: Call) -> Changed:
    """Say of all days of a year what they are."""
    body = call.body
    made, cleared = calendar_year(
        year=body.year, days=_days(body.days), actor=call.actor, now=call.now
    )
    return Changed(*made, cleared)


def calendar_change(call: Call) -> Changed:
    """Say of some days what they are."""
    return Changed(*calendar_set(days=_days(call.body.days), actor=call.actor, now=call.now))


def calendar_load(call: Call) -> Changed:
    """Take the days of a file: iCalendar, or CSV."""
    require(call.actor, Act.MANAGE_SCREENS, None)
    data = b""
    for chunk in call.chunks():
        data += chunk
        if len(data) > MAX_CALENDAR_BYTES:
            raise TooLarge(
                "A calendar has at most %(most)d bytes.", values={"most": MAX_CALENDAR_BYTES}
            )
    return Changed(*calendar_import(data=data, actor=call.actor, now=call.now))


def _days(sent: list[DayValue]) -> Iterator[Day]:
    return (Day(each.date, each.kind, each.name) for each in sent)


def _year(call: Call) -> int:
    text = call.query("year") or ""
    if not (text.isascii() and text.isdigit() and FIRST_YEAR <= int(text[:9]) <= LAST_YEAR):
        raise Invalid(
            "year is a number from %(first)d to %(last)d.",
            values={"first": FIRST_YEAR, "last": LAST_YEAR},
        )
    return int(text)


_WHICH = {
    "name": "year",
    "in": "query",
    "description": "The year; all years without it.",
    "schema": {"type": "integer", "minimum": FIRST_YEAR, "maximum": LAST_YEAR},
}
_MANAGE = Act.MANAGE_SCREENS

OPERATIONS = (
    Operation("GET", "calendar/", "calendar_look", calendar_look,
              "The days off and the days worked in exchange", answer=CalendarValue, act=None,
              parameters=(_WHICH,)),
    Operation("PUT", "calendar/", "calendar_year", calendar_put,
              "Say of all days of a year what they are; for administrators of everything",
              Year, Changed, act=_MANAGE),
    Operation("PATCH", "calendar/", "calendar_days", calendar_change,
              "Say of some days what they are; for administrators of everything",
              Days, Changed, act=_MANAGE),
    Operation("POST", "calendar/import/", "calendar_import", calendar_load,
              "Take the days of an iCalendar or CSV file; for administrators of everything",
              answer=Changed, raw=True, act=_MANAGE),
)  # fmt: skip
