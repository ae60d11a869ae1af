"""The lines of an iCalendar stream that meetings need (RFC 5545, 3.1), before any parser sees it.

In the child.  What is left out (descriptions, attendees, attachments, alarms, tasks) is neither
parsed nor stored; what is refused here never reaches the library that works out recurrence.
"""

import re
from collections.abc import Iterator
from datetime import date

from server.library.ingest.failures import Refused

__all__ = ["DATES_LIMIT", "EVENTS_LIMIT", "is_calendar", "kept_lines", "unfolded"]

#: The most events that matter, and the most dates that are listed in all (RDATE, EXDATE).
EVENTS_LIMIT, DATES_LIMIT = 5_000, 50_000

_BEGIN = b"BEGIN:VCALENDAR"
_FOLD = re.compile(rb"\r?\n[ \t]")
_PROPERTY = re.compile(r"([A-Za-z0-9-]+)[;:]")
_PART = re.compile(r"(FREQ|BYHOUR|BYMINUTE|BYSECOND)=([^;]*)")

#: Where components may stand, and which of their properties count.
_INSIDE = {"VCALENDAR": "", "VEVENT": "VCALENDAR", "VTIMEZONE": "VCALENDAR",
           "STANDARD": "VTIMEZONE", "DAYLIGHT": "VTIMEZONE"}  # fmt: skip
_ZONE = frozenset({"DTSTART", "TZOFFSETFROM", "TZOFFSETTO", "TZNAME", "RRULE", "RDATE"})
_NEEDED = {
    "VCALENDAR": frozenset({"VERSION", "PRODID", "CALSCALE", "X-WR-CALNAME"}),
    "VEVENT": frozenset(
        {"UID", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID",
         "SEQUENCE", "STATUS", "CLASS", "TRANSP", "SUMMARY", "LOCATION", "ORGANIZER"}
    ),
    "VTIMEZONE": frozenset({"TZID"}),
    "STANDARD": _ZONE,
    "DAYLIGHT": _ZONE,
}  # fmt: skip

#: So many times a day a meeting may repeat.
_TIMES_A_DAY = 24

#: What has ended for so many days is over in every time zone.
_MARGIN_DAYS = 2


def is_calendar(data: bytes) -> bool:
    """Does the file begin as calendars do?"""
    start = data[:64].removeprefix(b"\xef\xbb\xbf").lstrip()
    return start[: len(_BEGIN)].upper() == _BEGIN


def unfolded(data: bytes) -> bytes:
    """Each property on one line; before it is decoded, since a fold may split a letter."""
    return _FOLD.sub(b"", data)


def kept_lines(text: str, since: date) -> str:
    """What is needed of `text`, without events that were over before `since`.

    Raises `Refused`: TABLE_CALENDAR_….
    """
    reader = _Lines(since)
    kept = "\r\n".join(reader.kept(text.splitlines()))
    if reader.open:
        raise Refused("TABLE_CALENDAR_DAMAGED")
    return kept + "\r\n"


class _Lines:
    """Goes through the lines once; knows in which components each of them stands."""

    def __init__(self, since: date) -> None:
        self.open: list[str] = []
        self._since = since
        self._skipped = 0  # how deep inside of what is left out
        self._events = self._dates = 0
        self._event: list[tuple[str, str]] = []

    def kept(self, lines: list[str]) -> Iterator[str]:
        """The lines that are needed."""
        for line in lines:
            found = _PROPERTY.match(line)
            if found is None:  # a blank line, or one that some program has broken
                continue
            name = found[1].upper()
            if name in {"BEGIN", "END"}:
                yield from self._component(name, line[found.end() :].strip().upper())
            elif not self._skipped and self.open and name in _NEEDED[self.open[-1]]:
                yield from self._property(name, line)

    def _component(self, act: str, name: str) -> Iterator[str]:
        if act == "BEGIN":
            outer = self.open[-1] if self.open else ""
            if self._skipped or _INSIDE.get(name) != outer:
                self._skipped += 1
                return
            self.open.append(name)
        elif self._skipped:
            self._skipped -= 1
            return
        elif not self.open or self.open.pop() != name:
            raise Refused("TABLE_CALENDAR_DAMAGED")
        line = f"{act}:{name}"
        yield from self._event_lines(act, line) if name == "VEVENT" else [line]

    def _property(self, name: str, line: str) -> Iterator[str]:
        if name in {"RDATE", "EXDATE"}:
            self._dates += line.count(",") + 1
            if self._dates > DATES_LIMIT:
                raise Refused("TABLE_CALENDAR_TOO_LONG", limit=EVENTS_LIMIT)
        if self.open[-1] == "VEVENT":
            self._event.append((name, line))
        else:
            if name == "RRULE" and _parts(line).get("FREQ") != "YEARLY":  # of a time zone
                raise Refused("TABLE_CALENDAR_DAMAGED")
            yield line

    def _event_lines(self, act: str, line: str) -> list[str]:
        """Nothing at its beginning; at its end all of it, if it matters."""
        if act == "BEGIN":
            self._event = []
            return []
        of_event = dict(self._event)
        if self._is_over(of_event):
            return []
        self._events += 1
        if self._events > EVENTS_LIMIT:
            raise Refused("TABLE_CALENDAR_TOO_LONG", limit=EVENTS_LIMIT)
        if any(_too_often(told) for name, told in self._event if name == "RRULE"):
            raise Refused("TABLE_CALENDAR_RULE", title=_named(of_event))
        return ["BEGIN:VEVENT", *(told for _, told in self._event), line]

    def _is_over(self, event: dict[str, str]) -> bool:
        """Did it take place once, and long ago?"""
        if event.keys() & {"RRULE", "RDATE", "RECURRENCE-ID", "DURATION"}:
            return False
        last = event.get("DTEND", event.get("DTSTART", "")).rpartition(":")[2][:8]
        try:
            ended = date.fromisoformat(last)
        except ValueError:
            return False
        return (self._since - ended).days > _MARGIN_DAYS


def _parts(rule: str) -> dict[str, str]:
    return dict(_PART.findall(rule.upper()))


def _too_often(rule: str) -> bool:
    parts = _parts(rule)
    if parts.get("FREQ") in {"SECONDLY", "MINUTELY"}:
        return True
    counts = {name: told.count(",") + 1 for name, told in parts.items()}
    hours = counts.get("BYHOUR", 24 if parts.get("FREQ") == "HOURLY" else 1)
    return hours * counts.get("BYMINUTE", 1) * counts.get("BYSECOND", 1) > _TIMES_A_DAY


def _named(event: dict[str, str]) -> str:
    """What the event is called, unless that is nobody's business."""
    is_open = event.get("CLASS", "").upper().rpartition(":")[2].strip() in {"", "PUBLIC"}
    return event.get("SUMMARY", "").partition(":")[2][:40] if is_open else "…"
