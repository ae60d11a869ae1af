"""What an RFC 5545 recurrence rule adds on one wall day, whichever day is asked for.

A library that steps from DTSTART pays for every year since; this one answers any day at once,
which is what keeps a rule that started decades ago, or that never matches, from holding up the
wall (docs/adr/0005-recurrence-by-day.md).  The tests hold it to python-dateutil's answers.  For
`scheduler.windows` only; `manifest.codec` has already refused what is not a rule.
"""

from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import cached_property, lru_cache, partial
from math import gcd

from scheduler.day_times import chosen_places, times_of_day
from scheduler.rrule import RuleParts
from scheduler.wallclock import DAY_S, LAST_DAY
from scheduler.year_days import (
    YearKind,
    days_back_in,
    days_in,
    every,
    january_1,
    kind_of,
    month_days,
    months,
    numbered_weekdays,
    week_days,
    weekdays,
    year_days,
    year_of,
)

__all__ = ["AllowedDays", "Recurrence"]

AllowedDays = Callable[[int], int]
"""The days of a year, as a set (`scheduler.year_days`), that somebody else lets through."""

#: For how many years a rule remembers the days that match.
_REMEMBERED_YEARS = 4
_PERIODS_A_DAY = {"HOURLY": 24, "MINUTELY": 1440}
#: How many different days of an HOURLY or MINUTELY rule are remembered.
_REMEMBERED_PATTERNS = 64


class Recurrence:
    """The wall times that one rule adds, day by day, before UNTIL and COUNT cut them off."""

    def __init__(self, parts: RuleParts, start: datetime) -> None:
        self._rule = parts.from_start(start)
        self._start = start
        self._start_day = start.toordinal()
        self._start_week = self._week(self._start_day)
        #: The days that the BY parts let through, for each kind of year.
        self._fitting: dict[YearKind, int] = {}
        self._days_of = lru_cache(maxsize=_REMEMBERED_YEARS)(self._days_in_year)
        self._on_times = lru_cache(maxsize=_REMEMBERED_PATTERNS)(partial(times_of_day, self._rule))
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
        often = rule.freq == "DAILY" or self._is_by_the_clock
        return often and rule.interval == 1 and self._is_every_day and not rule.positions

    @property
    def _is_every_day(self) -> bool:
        """Does no BY part limit the days?"""
        rule = self._rule
        return not (rule.months or rule.weeks or rule.year_days or rule.month_days or rule.weekdays)

    def most_on_a_day(self) -> int:
        """No day has more occurrences than this."""
        rule = self._rule
        hours, minutes = len(rule.hours) or 24, len(rule.minutes) or 60
        if rule.freq == "HOURLY":
            hours = min(hours, -(-24 // rule.interval))
        elif rule.freq == "MINUTELY":
            return min(hours * minutes, -(-1440 // rule.interval)) * len(rule.seconds)
        return hours * minutes * len(rule.seconds)

    def days_back(self, day: int, allowed: AllowedDays) -> Iterator[int]:
        """The days, from `day` back to DTSTART's, of which some match and no other does."""
        if day < self._start_day or self._has_no_time:
            return
        for year in range(year_of(day), self._start.year - 1, -1):
            days = self._days_of(year)
            if days:
                days &= allowed(year)
            if year == year_of(day):
                days &= (2 << day - january_1(year)) - 1
            for candidate in days_back_in(days, year):
                if candidate < self._start_day:
                    return
                yield candidate

    def days_from(self, first: int, last: int) -> Iterator[int]:
        """The days, from `first` to `last`, of which some match and no other does."""
        if self._has_no_time:
            return
        for year in range(year_of(first), year_of(min(last, LAST_DAY)) + 1):
            for candidate in days_in(self._days_of(year), year):
                if first <= candidate <= last:
                    yield candidate

    def number_in(self, year: int) -> int | None:
        """How many occurrences a whole year has, where that is soon said."""
        rule = self._rule
        if self._has_no_time:
            return 0
        if rule.positions:
            return None
        if not self._is_by_the_clock:
            return self._days_of(year).bit_count() * len(self._on_times(0))
        if rule.hours or (rule.minutes and rule.freq == "MINUTELY") or not self._is_every_day:
            return self._number_by_phase(year)
        per_day = _PERIODS_A_DAY[rule.freq]
        first, after = ((january_1(one) - self._start_day) * per_day for one in (year, year + 1))
        begun = self._start.hour * (per_day // 24) + (per_day == 1440) * self._start.minute
        periods = -(-(after - begun) // rule.interval) + (first - begun) // -rule.interval
        return periods * len(rule.seconds) * (len(rule.minutes) if rule.freq == "HOURLY" else 1)

    def _number_by_phase(self, year: int) -> int | None:
        """As `number_in`, where days differ by where in the interval they begin."""
        kinds = self._kinds_of_days
        if kinds > _REMEMBERED_PATTERNS:
            return None
        days, length, january = self._days_of(year), kind_of(year).length, january_1(year)
        return sum(
            (days & every(kinds, first, length)).bit_count() * len(self._times(january + first))
            for first in range(min(kinds, length))
        )

    # Days

    def _matches(self, day: int) -> bool:
        year = year_of(day)
        return bool(self._days_of(year) >> day - january_1(year) & 1)

    def _days_in_year(self, year: int) -> int:
        """The days of a year that match, as a set; whole periods, also those before DTSTART."""
        kind = kind_of(year)
        if not self._rule.weeks:
            kind = kind._replace(before=0, after=0)
        fitting = self._fitting.get(kind)
        if fitting is None:
            fitting = self._fitting[kind] = self._fit(kind)
        return fitting and fitting & self._in_interval(year, kind.length)

    def _fit(self, kind: YearKind) -> int:
        """The days that the BY parts let through in a year of some kind."""
        rule, length = self._rule, kind.length
        days = (1 << length) - 1
        if rule.months:
            days &= months(rule.months, length)
        if rule.month_days:
            days &= month_days(rule.month_days, length)
        if rule.year_days:
            days &= year_days(rule.year_days, length)
        if days and rule.weekdays:
            days &= self._on_weekdays(kind)
        if days and rule.weeks:
            days &= week_days(rule.weeks, rule.week_start, kind)
        return days

    def _on_weekdays(self, kind: YearKind) -> int:
        """BYDAY; a number means nothing in a shorter period than a month (RFC 5545)."""
        rule = self._rule
        if rule.freq in {"MONTHLY", "YEARLY"} and any(nth for nth, _weekday in rule.weekdays):
            by_month = rule.freq == "MONTHLY" or bool(rule.months)
            return numbered_weekdays(
                rule.weekdays, kind.first_weekday, kind.length, by_month=by_month
            )
        wanted = frozenset(weekday for _nth, weekday in rule.weekdays)
        return weekdays(wanted, kind.first_weekday, kind.length)

    def _in_interval(self, year: int, length: int) -> int:
        """The days of a year whose period the interval does not pass over."""
        freq, interval = self._rule.freq, self._rule.interval
        if interval == 1 or self._is_by_the_clock:
            return -1
        january = january_1(year)
        if freq == "DAILY":
            return every(interval, (self._start_day - january) % interval, length)
        if freq == "WEEKLY":
            week = self._week(january)
            week += (self._start_week - week) % interval
            first = 1 + self._rule.week_start + week * 7 - january
            return every(7 * interval, first + 7, length + 7) * 127 >> 7
        since = (year - self._start.year) * 12 + 1 - self._start.month
        if freq == "MONTHLY":
            wanted = [month for month in range(1, 13) if (since + month - 1) % interval == 0]
            return months(frozenset(wanted), length)
        return 0 if (year - self._start.year) % interval else -1

    def _week(self, day: int) -> int:
        """The number of the week that begins on WKST; ordinal 1 was a Monday."""
        return (day - 1 - self._rule.week_start) // 7

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

    @property
    def _is_by_the_clock(self) -> bool:
        return self._rule.freq in _PERIODS_A_DAY

    @property
    def _kinds_of_days(self) -> int:
        """After so many days an HOURLY or MINUTELY rule has the same times again."""
        per_day = _PERIODS_A_DAY[self._rule.freq]
        return self._rule.interval // gcd(self._rule.interval, per_day)

    @cached_property
    def _has_no_time(self) -> bool:
        """Do all days lack a time that matches?  Looked into where days are soon all alike."""
        rule = self._rule
        if not self._is_by_the_clock:
            return bool(rule.positions) and self._places() < min(map(abs, rule.positions))
        kinds = self._kinds_of_days
        days = range(self._start_day, self._start_day + kinds)
        return kinds <= _REMEMBERED_PATTERNS and not any(self._times(day) for day in days)

    def _places(self) -> int:
        """No period has more places than this for BYSETPOS to choose from."""
        rule, times = self._rule, len(self._on_times(0))
        if rule.freq == "DAILY":
            return times
        a_week = len({weekday for _nth, weekday in rule.weekdays}) or 7
        if rule.freq == "WEEKLY":
            return a_week * times
        return times * (min(31, 5 * a_week) if rule.freq == "MONTHLY" else 366)

    # BYSETPOS over days

    def _period(self, day: int) -> tuple[int, int]:
        """The first and last day of the rule's period that holds `day`."""
        on, freq = date.fromordinal(day), self._rule.freq
        if freq == "YEARLY":
            return january_1(on.year), january_1(on.year + 1) - 1
        if freq == "MONTHLY":
            first = day - on.day + 1
            return first, first + monthrange(on.year, on.month)[1] - 1
        if freq == "WEEKLY":
            first = 1 + self._rule.week_start + self._week(day) * 7
            return max(first, 1), min(first + 6, LAST_DAY)
        return day, day

    def _choose(self, period: tuple[int, int]) -> dict[int, tuple[int, ...]]:
        """What BYSETPOS leaves of a period, by day."""
        first, last = period
        days = [
            day
            for year in range(year_of(first), year_of(last) + 1)
            for day in days_in(self._between(year, first, last), year)
        ]
        times = self._on_times(0)
        chosen: dict[int, tuple[int, ...]] = {}
        for at in chosen_places(len(days) * len(times), self._rule.positions):
            day, second = days[at // len(times)], times[at % len(times)]
            chosen[day] = (*chosen.get(day, ()), second)
        return chosen

    def _between(self, year: int, first: int, last: int) -> int:
        """The matching days of a year from ordinal `first` to `last`, as a set."""
        january = january_1(year)
        from_first = -1 << max(first - january, 0)
        return self._days_of(year) & from_first & (1 << last - january + 1) - 1
