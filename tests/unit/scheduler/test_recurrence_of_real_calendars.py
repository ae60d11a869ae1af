"""Occurrences of real calendars' events, beside those that python-recurring-ical-events finds.

An event of the samples becomes a window where our model can say the same; what it cannot say is
counted and named.  Events are compared one by one, without the edits that other events make to
them (RECURRENCE-ID).
"""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar, Event

from manifest import model
from manifest.errors import ManifestFormatError
from manifest.recurrence import rule
from scheduler.wallclock import WallClock, from_ms, to_ms
from scheduler.windows import WindowIndex
from scheduler.working_days import WorkingDays

#: So many years from the start of each event are compared, beginning with the one before.
YEARS = 4
#: Events that do not recur all are alike: so many of each file.
PLAIN_EVENTS = 20
#: Fewer comparisons than these, and the test would prove little.
LEAST_RECURRING, LEAST_OCCURRENCES = 230, 7_000


class DoesNotFit(Exception):  # noqa: N818  (reads as a sentence)
    """An event that a window cannot stand for, and why."""


def events(file: Path) -> Iterator[Event]:
    """The events of a file that are no edits of others; of those that do not recur, the first."""
    plain = 0
    for event in Calendar.from_ical(file.read_bytes()).walk("VEVENT"):
        if "RECURRENCE-ID" in event:
            continue
        if not {"RRULE", "RDATE"} & set(event):
            plain += 1
            if plain > PLAIN_EVENTS:
                continue
        yield event


def as_window(event: Event) -> tuple[model.Window, str]:
    """A window of a second at each occurrence, and the name of its zone."""
    if "DTSTART" not in event:
        raise DoesNotFit("no DTSTART")
    start = event["DTSTART"].dt
    zone = _zone(start)
    if isinstance(event.get("RRULE"), list):
        raise DoesNotFit("two RRULEs")
    written = event["RRULE"].to_ical().decode() if event.get("RRULE") else None
    if written is not None and not isinstance(start, datetime):
        written = _with_midnight(written)
    try:
        recurs = written and rule(written)
    except ManifestFormatError as error:
        raise DoesNotFit(f"RRULE refused: {error.expected}") from error
    rdates, exdates = (_walls(event.get(name), start, zone) for name in ("RDATE", "EXDATE"))
    return model.Window(_wall(start, start, zone), 1, recurs, rdates, exdates), zone


def _zone(start: date) -> str:
    zone = getattr(start, "tzinfo", None)
    if zone is None or zone is UTC:
        return "UTC"
    if not isinstance(zone, ZoneInfo):
        raise DoesNotFit(f"a zone of its own: {zone}")
    return zone.key


def _with_midnight(written: str) -> str:
    """An all-day event's UNTIL is a date; a window's is a wall time."""
    parts = (part.partition("=") for part in written.split(";"))
    return ";".join(
        f"{name}={value}T000000" if name == "UNTIL" and "T" not in value else f"{name}={value}"
        for name, _, value in parts
    )


def _walls(lists: Any, start: date, zone: str) -> tuple[datetime, ...]:
    if lists is None:
        return ()
    lists = lists if isinstance(lists, list) else [lists]
    return tuple(_wall(each.dt, start, zone) for one in lists for each in one.dts)


def _wall(value: Any, start: date, zone: str) -> datetime:
    if isinstance(value, tuple):
        raise DoesNotFit("an RDATE with a duration of its own")
    if isinstance(value, datetime) != isinstance(start, datetime):
        raise DoesNotFit("dates beside times")
    if not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001  (a wall time)
    if value.tzinfo is None:
        return value
    return value.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def ours(window: model.Window, zone: str, begin: datetime, end: datetime) -> set[datetime]:
    index = WindowIndex(window, WallClock(zone), WorkingDays(model.Calendar()))
    return {from_ms(start) for start, _end in index.runs(to_ms(begin), to_ms(end))}


def theirs(event: Event, zone: str, begin: datetime, end: datetime) -> set[datetime]:
    calendar = Calendar()
    calendar.add_component(event)
    found = set()
    for occurrence in recurring_ical_events.of(calendar).between(begin, end):
        start = occurrence["DTSTART"].dt
        if not isinstance(start, datetime):
            start = datetime(start.year, start.month, start.day)  # noqa: DTZ001  (a wall time)
        instant = (start if start.tzinfo else start.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)
        if begin < instant < end:  # they also tell what began before and still goes on
            found.add(instant)
    return found


def test_real_events_occur_when_another_library_says(samples, capsys):
    compared, left_out, wrong = Counter(), Counter(), []
    for file in sorted((samples / "ics").glob("*.ics")):
        for event in events(file):
            try:
                window, zone = as_window(event)
            except DoesNotFit as reason:
                left_out[f"{file.name}: {reason}"] += 1
                continue
            begin = window.start.replace(tzinfo=UTC) - timedelta(days=365)
            end = begin + timedelta(days=365 * YEARS)
            expected = theirs(event, zone, begin, end)
            found = ours(window, zone, begin, end)
            compared["recurring" if window.rrule or window.rdates else "plain"] += 1
            compared["occurrences"] += len(expected)
            if found != expected:
                missing, surplus = sorted(expected - found)[:3], sorted(found - expected)[:3]
                wrong.append(f"{file.name} {window}: missing {missing}, too many {surplus}")
    with capsys.disabled():
        print(f"\nreal calendars: compared {dict(compared)}")
        for reason, count in sorted(left_out.items()):
            print(f"  LEFT OUT {count}: {reason}")
    assert not wrong, "\n".join(wrong[:10])
    assert compared["recurring"] >= LEAST_RECURRING
    assert compared["occurrences"] >= LEAST_OCCURRENCES
