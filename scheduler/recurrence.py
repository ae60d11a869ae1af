"""What an RFC 5545 recurrence rule adds on one wall day, whichever day is asked for.

A library that steps from DTSTART pays for every year since; this one answers any day at once,
which is what keeps a rule that started decades ago, or that never matches, from holding up the
wall (docs/adr/0005-recurrence-by-day.md).  The tests hold it to python-dateutil's answers.  For
`scheduler.windows` only; `manifest.codec` has already refused what is not a rule.
"""

from array import array
from collections.abc import Iterator
from datetime import date, datetime
from functools import cached_property, lru_cache, partial
from math import gcd
from typing import TypeVar

from scheduler.rrule import RuleParts
from scheduler.wallclock import DAY_S, LAST_DAY

__all__ = ["Recurrence"]

_Place = TypeVar("_Place")

#: So many days are looked at one by one before it pays to work out a year at a time.
_NEAR_DAYS = 40
#: How many different days of an HOURLY or MINUTELY rule are remembered.
_REMEMBERED_PATTERNS = 64
#: How many are shared by equal rules: a pattern may have 86,400 times.
_SHARED_PATTERNS = 256


class Recurrence:
    """The wall times that one rule adds, day by day, before UNTIL and COUNT cut them off."""

    def __init__(self, parts: RuleParts, start: datetime) -> None:
        self._rule = parts.from_start(start)
        self._start = start
        self._start_day = start.toordinal()
        self._start_week = self._week(self._start_day)
        self._years: dict[tuple[int, ...], array[int]] = {}
        self._on_times = lru_cache(maxsize=_REMEMBERED_PATTERNS)(partial(_pattern, self._rule))
        self._chosen = lru_cache(maxsize=2)(self._choose)

    def seconds_on(self, day: int) -> tuple[int, ...]:
        """What the rule adds on a day from DTSTART's on: seconds since midnight, ascending."""
        rule = self._rule
        if rule.positions and rule.freq not in {"HOURLY", "MINUTELY"}:
            return self._chosen(self._period(day)).get(day, ())
        if not self._matches(day):
            return ()
        return self._times(day)

    @property
    def is_same_every_day(self) -> bool:
        """Does every day match, each with the same times?  "No" may only mean "not plainly"."""
        rule = self._rule
        limits = (rule.months, rule.weeks, rule.year_days, rule.month_days, rule.weekdays)
        return (
            rule.freq in {"DAILY", "HOURLY", "MINUTELY"}
            and rule.interval == 1
            and not any(limits)
            and not rule.positions
        )

    def most_on_a_day(self) -> int:
        """No day has more occurrences than this."""
        hours = {"HOURLY": 24, "MINUTELY": 24}.get(self._rule.freq, len(self._rule.hours))
        minutes = 60 if self._rule.freq == "MINUTELY" else len(self._rule.minutes)
        return hours * minutes * len(self._rule.seconds)

    def days_back(self, day: int) -> Iterator[int]:
        """The days, from `day` back to DTSTART's, of which some match and no other does."""
        if self._has_no_time:
            return
        near = max(day - _NEAR_DAYS, self._start_day - 1)
        yield from range(day, near, -1)
        for year in range(date.fromordinal(max(near, 1)).year, self._start.year - 1, -1):
            for candidate in reversed(self._days_in(year)):
                if self._start_day <= candidate <= near:
                    yield candidate

    def days_from(self, first: int, last: int) -> Iterator[int]:
        """The days, from `first` to `last`, of which some match and no other does."""
        if self._has_no_time:
            return
        near = min(first + _NEAR_DAYS, last + 1)
        yield from range(first, near)
        for year in range(
            date.fromordinal(min(near, LAST_DAY)).year, date.fromordinal(last).year + 1
        ):
            for candidate in self._days_in(year):
                if near <= candidate <= last:
                    yield candidate

    def _days_in(self, year: int) -> list[int]:
        """The days of a year that match, its interval apart."""
        rule, january_1 = self._rule, date(year, 1, 1).toordinal()
        if rule.freq == "YEARLY" and (year - self._start.year) % rule.interval:
            return []
        # Which days match follows from the weekday of 1 January and the lengths of the year and,
        # for the weeks that it shares with them, of its neighbours.
        lengths = tuple(_year_length(one) for one in (year - 1, year, year + 1))
        kind = (january_1 % 7, *(lengths if rule.weeks else lengths[1:2]))
        if kind not in self._years:
            self._years[kind] = array(
                "H", (at for at in range(lengths[1]) if self._fits(january_1 + at))
            )
        return [january_1 + at for at in self._years[kind]]

    # Days

    def _matches(self, day: int) -> bool:
        return self._in_interval(day) and self._fits(day)

    def _fits(self, day: int) -> bool:
        """Do the BY parts let the day through?"""
        rule, on = self._rule, date.fromordinal(day)
        return bool(
            (not rule.months or on.month in rule.months)
            and (not rule.weekdays or self._on_weekday(day, on))
            and (not rule.month_days or _counts(rule.month_days, on.day, _month_length_of(on)))
            and (
                not rule.year_days or _counts(rule.year_days, _year_day(on), _year_length(on.year))
            )
            and (not rule.weeks or self._in_weeks(day))
        )

    def _in_interval(self, day: int) -> bool:
        freq, interval = self._rule.freq, self._rule.interval
        if interval == 1 or freq in {"HOURLY", "MINUTELY"}:
            return True
        if freq == "DAILY":
            return (day - self._start_day) % interval == 0
        if freq == "WEEKLY":
            return (self._week(day) - self._start_week) % interval == 0
        on = date.fromordinal(day)
        years = on.year - self._start.year
        if freq == "MONTHLY":
            return (years * 12 + on.month - self._start.month) % interval == 0
        return years % interval == 0

    def _week(self, day: int) -> int:
        """The number of the week that begins on WKST; ordinal 1 was a Monday."""
        return (day - 1 - self._rule.week_start) // 7

    def _on_weekday(self, day: int, on: date) -> bool:
        weekday = (day - 1) % 7
        for nth, wanted in self._rule.weekdays:
            if wanted == weekday and (nth == 0 or self._is_nth(nth, on)):
                return True
        return False

    def _is_nth(self, nth: int, on: date) -> bool:
        """Is it the nth such weekday of its month, or of its year? (RFC 5545, BYDAY)"""
        rule = self._rule
        if rule.freq == "MONTHLY" or (rule.freq == "YEARLY" and rule.months):
            at, length = on.day, _month_length_of(on)
        elif rule.freq == "YEARLY":
            at, length = _year_day(on), _year_length(on.year)
        else:
            return True  # a number means nothing in a shorter period
        return nth in ((at - 1) // 7 + 1, -((length - at) // 7) - 1)

    def _in_weeks(self, day: int) -> bool:
        """Week 1 is the first with four days in the year (RFC 5545, BYWEEKNO, with WKST)."""
        first = 1 + self._rule.week_start + self._week(day) * 7
        # The fourth day of a week lies in the year that the week belongs to.
        fourth = date.fromordinal(min(max(first + 3, 1), LAST_DAY))
        number = (_year_day(fourth) - 1) // 7 + 1
        return _counts(self._rule.weeks, number, self._weeks_in(fourth.year))

    def _weeks_in(self, year: int) -> int:
        january_1 = date(year, 1, 1).toordinal()
        fourth_weekday = (self._rule.week_start + 3) % 7
        first_fourth = (fourth_weekday - (january_1 - 1)) % 7
        return (_year_length(year) - 1 - first_fourth) // 7 + 1

    # Times of a day

    def _times(self, day: int) -> tuple[int, ...]:
        rule = self._rule
        since = (day - self._start_day) * DAY_S
        if rule.freq == "MINUTELY":
            minutes = since // 60 - self._start.hour * 60 - self._start.minute
            return self._on_times(minutes % rule.interval)
        if rule.freq == "HOURLY":
            return self._on_times((since // 3600 - self._start.hour) % rule.interval)
        return self._on_times(0)

    @cached_property
    def _has_no_time(self) -> bool:
        """Do all days lack a time that matches?  Looked into where days are soon all alike."""
        rule, per_day = self._rule, {"HOURLY": 24, "MINUTELY": 1440}.get(self._rule.freq)
        if per_day is None:
            return False
        kinds = rule.interval // gcd(rule.interval, per_day)
        days = range(self._start_day, self._start_day + kinds)
        return kinds <= _REMEMBERED_PATTERNS and not any(self._times(day) for day in days)

    # BYSETPOS over days

    def _period(self, day: int) -> tuple[int, int]:
        """The first and last day of the rule's period that holds `day`."""
        on, freq = date.fromordinal(day), self._rule.freq
        if freq == "YEARLY":
            first = day - _year_day(on) + 1
            return first, first + _year_length(on.year) - 1
        if freq == "MONTHLY":
            return day - on.day + 1, day - on.day + _month_length_of(on)
        if freq == "WEEKLY":
            first = 1 + self._rule.week_start + self._week(day) * 7
            return max(first, 1), min(first + 6, LAST_DAY)
        return day, day

    def _choose(self, period: tuple[int, int]) -> dict[int, tuple[int, ...]]:
        """What BYSETPOS leaves of a period, by day."""
        first, last = period
        days = (day for day in range(first, last + 1) if self._matches(day))
        every = [(day, second) for day in days for second in self._times(day)]
        chosen: dict[int, tuple[int, ...]] = {}
        for day, second in _at_positions(every, self._rule.positions):
            chosen[day] = (*chosen.get(day, ()), second)
        return chosen


@lru_cache(maxsize=_SHARED_PATTERNS)
def _pattern(rule: RuleParts, phase: int) -> tuple[int, ...]:
    """The times of a day at whose midnight `phase` of the rule's periods are past."""
    first = -phase % rule.interval
    if rule.freq == "MINUTELY":
        slots = [
            [minute * 60 + second for second in rule.seconds]
            for minute in range(first, 1440, rule.interval)
            if (not rule.hours or minute // 60 in rule.hours)
            and (not rule.minutes or minute % 60 in rule.minutes)
        ]
    else:
        hourly = rule.freq == "HOURLY"
        hours = range(first, 24, rule.interval) if hourly else sorted(rule.hours)
        slots = [
            [
                hour * 3600 + minute * 60 + second
                for minute in rule.minutes
                for second in rule.seconds
            ]
            for hour in hours
            if not hourly or not rule.hours or hour in rule.hours
        ]
    if rule.positions and rule.freq in {"HOURLY", "MINUTELY"}:
        slots = [_at_positions(sorted(slot), rule.positions) for slot in slots]
    return tuple(sorted(second for slot in slots for second in slot))


def _at_positions(every: list[_Place], positions: frozenset[int]) -> list[_Place]:
    """The 1st, 2nd ... last of a sorted list, in its order."""
    length = len(every)
    wanted = {at - 1 if at > 0 else length + at for at in positions}
    return [one for at, one in enumerate(every) if at in wanted]


def _counts(numbers: frozenset[int], at: int, length: int) -> bool:
    """Is place `at` of 1 ... `length` among the numbers, which below zero count from the end?"""
    return at in numbers or at - length - 1 in numbers


def _year_day(on: date) -> int:
    return on.timetuple().tm_yday


def _year_length(year: int) -> int:
    return 366 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 365


def _month_length(year: int, month: int) -> int:
    if month == 2:
        return _year_length(year) - 337
    return 30 if month in {4, 6, 9, 11} else 31


def _month_length_of(on: date) -> int:
    return _month_length(on.year, on.month)
