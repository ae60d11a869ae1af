"""What is arranged for a span of days: each occurrence by itself, and who has the screen when.

For pages that draw a week and for programs that plan one.  Where `scheduler.windows` joins
occurrences that touch into one run, here each stands alone, with the wall time by which an editor
takes hold of it (the one that `exdates` would name).  It decides nothing: occurrences are those of
`scheduler.occurrences`, who has the screen is what `scheduler.selection` says.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice

from msgspec import Struct

from manifest.model import Calendar, Manifest, Window
from scheduler.occurrences import Occurrences
from scheduler.picture import Reason
from scheduler.recurrence import Recurrence
from scheduler.rrule import RuleParts
from scheduler.selection import Selection
from scheduler.timeline import Timeline
from scheduler.wallclock import (
    LAST_DAY,
    OFFSET_DAYS,
    WallClock,
    from_ms,
    to_ms,
    utc_day,
)
from scheduler.working_days import WorkingDays

__all__ = [
    "Agenda",
    "Occurrence",
    "Tenure",
    "can_show",
    "first_fitting",
    "is_over",
    "surely_over_at",
    "tenures",
]

#: How far ahead the next occurrences are looked for: 29 February may be eight years away.
LOOK_AHEAD_DAYS = 3_660

#: Clocks and calendars that are kept ready; what they remember is bounded.
_KEPT_FRAMES = 8


class Occurrence(Struct, frozen=True):
    """One occurrence: the wall time that names it, and the instants `[since, until)` it covers."""

    start: datetime
    since: datetime
    until: datetime


class Tenure(Struct, frozen=True):
    """Who has the screen in `[since, until)`, alone or in turns; nobody means the slate."""

    since: datetime
    until: datetime
    holders: tuple[Reason, ...]


@lru_cache(maxsize=_KEPT_FRAMES)
def _frame_of(timezone: str, calendar: Calendar) -> tuple[WallClock, WorkingDays]:
    """The clock and the working days that all windows of a programme share."""
    return WallClock(timezone), WorkingDays(calendar)


class Agenda:
    """The occurrences of one window, each by itself (docs/manifest.md, 3.1 to 3.4)."""

    def __init__(self, window: Window, timezone: str, calendar: Calendar) -> None:
        self._clock, working_days = _frame_of(timezone, calendar)
        self._occurrences = Occurrences(window, self._clock, working_days)
        self._duration_ms = window.duration_s * 1000

    def between(self, after: datetime, before: datetime) -> Iterator[Occurrence]:
        """The occurrences of which a part lies in `[after, before)`, by the wall."""
        begin, end = to_ms(after), to_ms(before)
        first = utc_day(begin - self._duration_ms) - OFFSET_DAYS
        for found in self._on_days(first, min(utc_day(end) + OFFSET_DAYS, LAST_DAY)):
            if to_ms(found.until) > begin and to_ms(found.since) < end:
                yield found

    def following(self, t: datetime, count: int) -> tuple[Occurrence, ...]:
        """The next occurrences that begin at t or later, at most `count`, within ten years."""
        first, at = utc_day(to_ms(t)) - OFFSET_DAYS, to_ms(t)
        days = self._on_days(first, min(first + LOOK_AHEAD_DAYS, LAST_DAY))
        return tuple(islice((each for each in days if to_ms(each.since) >= at), count))

    def number_before(self, start: datetime, first: datetime) -> int:
        """How many occurrences begin on the wall from `first` on and before `start`."""
        days = self._on_days(first.toordinal(), start.toordinal())
        return sum(each.start < start for each in days)

    def has(self, start: datetime) -> bool:
        """Does an occurrence begin at this wall time?"""
        return any(each.start == start for each in self._on_days(*[start.toordinal()] * 2))

    def _on_days(self, first: int, last: int) -> Iterator[Occurrence]:
        for day in range(max(first, 1), last + 1):
            seconds = self._occurrences.seconds_on(day)
            if not seconds:
                continue
            midnight = datetime.fromordinal(day)
            for second in seconds:
                instant = self._clock.instants(day, (second,))[0]
                yield Occurrence(
                    midnight + timedelta(seconds=second),
                    from_ms(instant),
                    from_ms(instant + self._duration_ms),
                )


def first_fitting(rule: str, start: datetime) -> datetime | None:
    """The first wall time from `start` on, at its time of day, that the rule itself names.

    DTSTART is an occurrence whether it fits its rule or not (3.1): who wants only what the rule
    says begins here.  None: there is no such day within ten years.
    """
    recurrence = Recurrence(RuleParts.of(rule), start)
    second = start.hour * 3600 + start.minute * 60 + start.second
    first = start.toordinal()
    for day in range(first, min(first + LOOK_AHEAD_DAYS, LAST_DAY)):
        if second in recurrence.seconds_on(day):
            return start + timedelta(days=day - first)
    return None


def is_over(window: Window, day: date) -> bool:
    """Has the last occurrence of a window certainly ended before the midnight that begins `day`?"""
    end = surely_over_at(window)
    return end is not None and end < datetime.combine(day, time())


def surely_over_at(window: Window) -> datetime | None:
    """A wall time by which the last occurrence of a window has ended; None: it may go on for ever.

    By the wall, whatever the screen's clock; of a rule with COUNT nothing is sure.
    """
    last = max((window.start, *window.rdates))
    if window.rrule is not None:
        until = RuleParts.until_of(window.rrule)
        if until is None:
            return None
        last = max(last, datetime.combine(date.fromisoformat(until[:8]), time.max))
    return last + timedelta(seconds=window.duration_s)


def tenures(manifest: Manifest, since: datetime, until: datetime) -> Iterator[Tenure]:
    """Who has the screen from `since` to `until`, in order; neighbours differ in who that is."""
    selection = Timeline.of(manifest).selection()
    at, end = to_ms(since), to_ms(until)
    begun, holders = at, _holders(selection, at)
    while at < end:
        stretch = selection.stretch_at(at)
        found = tuple(each.reason for each in stretch.contenders)
        if _names(found) != _names(holders):
            yield Tenure(from_ms(begun), from_ms(at), holders)
            begun, holders = at, found
        at = stretch.until
    if begun < end:
        yield Tenure(from_ms(begun), from_ms(end), holders)


def can_show(manifest: Manifest, layout: str, t: datetime) -> bool:
    """Has a layout of the manifest anything to show at t? (4.1)"""
    return Timeline.of(manifest).selection().is_eligible(layout, to_ms(t))


def _holders(selection: Selection, at: int) -> tuple[Reason, ...]:
    return tuple(each.reason for each in selection.stretch_at(at).contenders)


def _names(holders: tuple[Reason, ...]) -> list[tuple[str, str | None]]:
    return [(each.kind, each.id) for each in holders]
