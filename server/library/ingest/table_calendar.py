"""Meetings of a calendar (iCalendar, RFC 5545) as a table, a row each time.  In the child.

Columns `title`, `room`, `organizer`, `starts` and `ends`, in the order of time: instants in UTC
(`2026-11-23T01:00:00Z`), a time without a zone as it is (`2026-11-23T09:00:00`), whole days as
dates, the last one exclusive.  From yesterday on, whole days ahead as long as `MEETINGS_LIMIT`
holds.  What is cancelled or takes nobody's time is left out; private meetings have no title and no
organizer, so that nothing of them leaves the child but when and where.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import recurring_ical_events
from icalendar import Calendar

from server.library.ingest.failures import Refused
from server.library.ingest.table_calendar_lines import kept_lines
from server.library.ingest.table_cells import Cell, RawTable

__all__ = ["AHEAD_DAYS", "COLUMNS", "MEETINGS_LIMIT", "read_calendar"]

COLUMNS = ("title", "room", "organizer", "starts", "ends")

#: How far the table looks ahead, in days, and the most meetings in it.
AHEAD_DAYS, MEETINGS_LIMIT = 31, 1_000

#: Worked out step by step: a calendar that is full tomorrow is not asked for the whole month.
_STEPS_DAYS = (2, 8, AHEAD_DAYS)
#: The longest texts of a row, in characters; what is longer ends in "…".
TITLE_CHARACTERS, PLACE_CHARACTERS = 200, 80

_DAY = timedelta(days=1)

#: What the two libraries raise for what they cannot read.
_UNREADABLE = (ValueError, TypeError, KeyError, IndexError, AttributeError, ArithmeticError,
               RecursionError)  # fmt: skip


def read_calendar(text: str, now: datetime) -> RawTable:
    """The meetings around `now`; `text` is unfolded.  Raises `Refused`: TABLE_CALENDAR_…."""
    first = now.astimezone(UTC).date() - _DAY
    kept = kept_lines(text, first)
    try:
        calendars = Calendar.from_ical(kept, multiple=True)
        _require_sound(calendars)
        rows = _rows(calendars, first)
    except _UNREADABLE as error:
        raise Refused("TABLE_CALENDAR_DAMAGED") from error
    return RawTable([list(COLUMNS), *rows], style="records", is_text=True)


def _require_sound(calendars: list[Any]) -> None:
    """The parser leaves out what it cannot read; a meeting at the wrong time is worse than none."""
    for event in (each for calendar in calendars for each in calendar.walk("VEVENT")):
        for name, _why in event.errors:
            title = _cut(str(event.get("SUMMARY", "")), 40) if _is_open(event) else "…"
            raise Refused("TABLE_CALENDAR_EVENT", title=title, property=str(name or "?")[:20])


def _rows(calendars: list[Any], first: date) -> list[list[Cell]]:
    start = datetime.combine(first, time(), UTC)
    found: list[tuple[datetime, list[Cell]]] = []
    for days in _STEPS_DAYS:
        stop = start + (days + 1) * _DAY
        found = sorted(_between(calendars, start, stop), key=lambda each: (each[0], str(each[1])))
        if len(found) > MEETINGS_LIMIT:
            return _whole_days(found, start)
    return [row for _, row in found]


def _whole_days(found: list[tuple[datetime, list[Cell]]], start: datetime) -> list[list[Cell]]:
    """As many days as the limit allows; today and tomorrow must be among them."""
    end = found[MEETINGS_LIMIT][0].replace(hour=0, minute=0, second=0, microsecond=0)
    if end < start + 3 * _DAY:
        raise Refused("TABLE_CALENDAR_TOO_BUSY", limit=MEETINGS_LIMIT)
    return [row for begins, row in found if begins < end]


def _between(
    calendars: list[Any], start: datetime, stop: datetime
) -> Iterator[tuple[datetime, list[Cell]]]:
    for calendar in calendars:
        room = str(calendar.get("X-WR-CALNAME", ""))
        for event in recurring_ical_events.of(calendar).between(start, stop):
            if _takes_time(event) and _instant(event["DTSTART"].dt) < stop:
                yield _instant(event["DTSTART"].dt), _row(event, room)


def _takes_time(event: Any) -> bool:
    return (
        str(event.get("STATUS", "")).upper() != "CANCELLED"
        and str(event.get("TRANSP", "")).upper() != "TRANSPARENT"
    )


def _row(event: Any, room: str) -> list[Cell]:
    starts, ends = event["DTSTART"].dt, event["DTEND"].dt
    if not isinstance(starts, datetime) and ends <= starts:
        ends = starts + _DAY
    is_open = _is_open(event)
    return [
        _cut(str(event.get("SUMMARY", "")), TITLE_CHARACTERS) if is_open else None,
        _cut(str(event.get("LOCATION", "")) or room, PLACE_CHARACTERS) or None,
        _organizer(event) if is_open else None,
        _written(starts),
        _written(ends),
    ]


def _is_open(event: Any) -> bool:
    return str(event.get("CLASS", "PUBLIC")).upper() in {"", "PUBLIC"}


def _organizer(event: Any) -> Cell:
    """The organizer by name; an address is none."""
    organizer = event.get("ORGANIZER")
    return _cut(str(getattr(organizer, "params", {}).get("CN", "")), PLACE_CHARACTERS) or None


def _cut(text: str, most: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _written(moment: date | datetime) -> str:
    if not isinstance(moment, datetime):
        return moment.isoformat()
    moment = moment.replace(microsecond=0)
    if moment.tzinfo is None:
        return moment.isoformat()
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _instant(moment: date | datetime) -> datetime:
    """For the order of rows: what has no zone counts as if it were in UTC."""
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time(), UTC)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
