"""Public holidays from a file: iCalendar as calendars export it, or CSV as people write it.  Pure.

China moves working days around its holidays (调休), and the dates are published once a year.  A day
is taken only if the file says which of the two it is: of an iCalendar event by Apple's
X-APPLE-SPECIAL-DAY, or by 休/班 (or holiday/work) in its title; festivals on which people work as
on any day are left out.  CSV has lines of date, kind and, if wanted, name.
"""

import csv
import io
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from icalendar import Calendar
from msgspec import Struct

from server.sentences import Sentence

__all__ = [
    "LONGEST_EVENT_DAYS",
    "MAX_CALENDAR_BYTES",
    "CalendarError",
    "Day",
    "read_calendar",
]

#: The largest calendar that is read, in bytes.
MAX_CALENDAR_BYTES = 2 * 2**20

#: The longest holiday that one event may be; a longer one is a mistake of the file.
LONGEST_EVENT_DAYS = 31

_APPLE = {"WORK-HOLIDAY": "rest", "ALTERNATE-WORKDAY": "work"}
_WORK = re.compile(r"班|补工|\bwork", re.IGNORECASE)
_REST = re.compile(r"(?<!调)休|假|holiday|\brest\b|day off", re.IGNORECASE)
_DATE = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?")


class Day(Struct, frozen=True):
    """A day that is not what its weekday says: `kind` is rest or work."""

    date: date
    kind: str
    name: str = ""


class CalendarError(ValueError):
    """The file is no calendar, or a line of it is not understood: one sentence."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def read_calendar(data: bytes) -> list[Day]:
    """The days in a file, by date.  Raises `CalendarError`, and never takes half of a file."""
    if len(data) > MAX_CALENDAR_BYTES:
        raise CalendarError(
            Sentence("The file has more than %(most)s bytes.", {"most": f"{MAX_CALENDAR_BYTES:,}"})
        )
    found: dict[date, Day] = {}
    days = _from_ics(data) if b"BEGIN:VCALENDAR" in data[:4096].upper() else _from_csv(data)
    for day in days:
        known = found.setdefault(day.date, day)
        if known.kind != day.kind:
            raise CalendarError(
                Sentence(
                    "%(day)s is both a day off and a working day in this file.", {"day": day.date}
                )
            )
    if not found:
        raise CalendarError(
            Sentence(
                "There is no day in this file of which it is clear whether people work on it: "
                "titles should hold 休 or 班, or lines be like 2026-10-01,休,国庆节."
            )
        )
    return [found[each] for each in sorted(found)]


def _from_ics(data: bytes) -> Iterator[Day]:

    try:
        events = Calendar.from_ical(data).walk("VEVENT")
        for event in events:
            kind = _kind_of(event)
            if kind is not None:
                yield from _days_of(event, kind)
    except CalendarError:
        raise
    except (ValueError, KeyError, IndexError, AttributeError, TypeError) as error:
        raise CalendarError(
            Sentence("This is no iCalendar file that can be read (%(error)s).", {"error": error})
        ) from error


def _kind_of(event: Any) -> str | None:
    special = _APPLE.get(str(event.get("X-APPLE-SPECIAL-DAY", "")).upper())
    title = str(event.get("SUMMARY", ""))
    if special:
        return special
    if _WORK.search(title):
        return "work"
    return "rest" if _REST.search(title) else None


def _days_of(event: Any, kind: str) -> Iterator[Day]:
    start = _as_date(event.decoded("DTSTART"))
    end = _as_date(event.decoded("DTEND")) if "DTEND" in event else start + timedelta(days=1)
    length = max(1, (end - start).days)
    if length > LONGEST_EVENT_DAYS:
        raise CalendarError(
            Sentence(
                "“%(event)s” lasts %(days)d days: write the days off one by one.",
                {"event": str(event.get("SUMMARY", "")), "days": length},
            )
        )
    for offset in range(length):
        yield Day(start + timedelta(days=offset), kind, str(event.get("SUMMARY", ""))[:60])


def _as_date(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def _from_csv(data: bytes) -> Iterator[Day]:
    rows = csv.reader(io.StringIO(_text(data), newline=""))
    try:
        for row in rows:
            cells = [cell.strip() for cell in row]
            if not any(cells) or (rows.line_num == 1 and not _DATE.fullmatch(cells[0])):
                continue  # an empty line, or the heading
            yield _day(cells, rows.line_num)
    except csv.Error as error:
        raise CalendarError(
            Sentence(
                "Line %(line)d is no CSV (%(error)s).", {"line": rows.line_num, "error": error}
            )
        ) from error


def _text(data: bytes) -> str:
    """UTF-8 as most write it, or what a spreadsheet on a Chinese Windows saves."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise CalendarError(Sentence("The file is neither UTF-8 nor GB 18030: save it as CSV UTF-8."))


def _day(cells: list[str], line: int) -> Day:
    written = _DATE.fullmatch(cells[0])
    try:
        day = date(*map(int, written.groups())) if written else None
    except ValueError:  # the 30th of February
        day = None
    if day is None:
        raise CalendarError(
            Sentence(
                "Line %(line)d: “%(text)s” is no date like 2026-10-01.",
                {"line": line, "text": cells[0]},
            )
        )
    kind = cells[1] if len(cells) > 1 else ""
    is_work, is_rest = bool(_WORK.search(kind)), bool(_REST.search(kind))
    if is_work == is_rest:
        raise CalendarError(
            Sentence("Line %(line)d: write 休 (rest) or 班 (work) after the date.", {"line": line})
        )
    return Day(day, "work" if is_work else "rest", cells[2][:60] if len(cells) > 2 else "")
