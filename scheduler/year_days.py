"""Sets of the days of a year, as integers: bit 0 stands for 1 January.

Each part of a recurrence rule becomes such a set by a few shifts, and parts are combined by `&`
and `|`: a year costs a rule microseconds, where looking at its days one by one costs milliseconds.
For `scheduler.recurrence` and `scheduler.working_days` only; sets may have bits beyond the year.
"""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import NamedTuple

__all__ = [
    "YearKind",
    "days_back_in",
    "days_in",
    "every",
    "january_1",
    "kind_of",
    "month_days",
    "months",
    "numbered_weekdays",
    "week_days",
    "weekdays",
    "year_days",
    "year_of",
]

_MONTH_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
#: How many sets of one sort are kept: shared by all rules that name the same days.
_KEPT = 1024
#: Weeks of the year before and after reach into a year; sets are made so far to the left.
_BEFORE = 16


class YearKind(NamedTuple):
    """All that the place of a year's weekdays, months and weeks follows from."""

    first_weekday: int
    """of 1 January; Monday is 0"""
    length: int
    before: int
    """the length of the year before"""
    after: int


def january_1(year: int) -> int:
    """The ordinal of the year's first day; of year 10000 too."""
    before = year - 1
    return before * 365 + before // 4 - before // 100 + before // 400 + 1


@lru_cache(maxsize=_KEPT)
def kind_of(year: int) -> YearKind:
    """The kind of a year."""
    return YearKind((january_1(year) - 1) % 7, *(_length(year + to) for to in (0, -1, 1)))


@lru_cache(maxsize=_KEPT)
def every(step: int, first: int, length: int) -> int:
    """Day `first` (0 or more) and each `step` days later, within `length`."""
    count = -((first - length) // step)
    if count <= 1:
        return 1 << first if count == 1 else 0
    return ((1 << step * count) - 1) // ((1 << step) - 1) << first


@lru_cache(maxsize=_KEPT)
def months(wanted: frozenset[int], length: int) -> int:
    """All days of some months (1 ... 12)."""
    return sum(
        ((1 << days) - 1) << first for month, first, days in _months(length) if month in wanted
    )


@lru_cache(maxsize=_KEPT)
def month_days(wanted: frozenset[int], length: int) -> int:
    """Days by their number in the month, below zero from its end (RFC 5545, BYMONTHDAY)."""
    found = 0
    for _month, first, days in _months(length):
        found |= _numbered(wanted, days) << first
    return found


@lru_cache(maxsize=_KEPT)
def year_days(wanted: frozenset[int], length: int) -> int:
    """Days by their number in the year, below zero from its end (RFC 5545, BYYEARDAY)."""
    return _numbered(wanted, length)


@lru_cache(maxsize=_KEPT)
def weekdays(wanted: frozenset[int], first_weekday: int, length: int) -> int:
    """All days that fall on some weekdays; Monday is 0."""
    return sum(every(7, (weekday - first_weekday) % 7, length) for weekday in wanted)


@lru_cache(maxsize=_KEPT)
def numbered_weekdays(
    wanted: frozenset[tuple[int, int]], first_weekday: int, length: int, *, by_month: bool
) -> int:
    """The nth such weekday of each month, or of the year, below zero from its end; 0: all."""
    found = 0
    spans = [(first, days) for _month, first, days in _months(length)]
    for first, days in spans if by_month else [(0, length)]:
        for nth, weekday in wanted:
            begin = (weekday - first_weekday - first) % 7
            every_one = range(begin, days, 7)
            if nth == 0:
                found |= sum(1 << first + at for at in every_one)
            elif -len(every_one) <= nth <= len(every_one):
                found |= 1 << first + every_one[nth - 1 if nth > 0 else nth]
    return found


@lru_cache(maxsize=_KEPT)
def week_days(wanted: frozenset[int], week_start: int, kind: YearKind) -> int:
    """All days of some weeks, below zero from the year's end (RFC 5545, BYWEEKNO with WKST).

    Week 1 is the first with four days in its year; weeks of the neighbours reach into this one.
    """
    found = 0
    this = (kind.first_weekday - week_start) % 7
    for begin, length in ((-kind.before, kind.before), (0, kind.length), (kind.length, kind.after)):
        into_week = (this + begin) % 7  # of 1 January of that year
        first = begin - into_week + (7 if into_week > 3 else 0)
        after = begin + length - (into_week + length) % 7
        end = after + (7 if (into_week + length) % 7 > 3 else 0)
        count = (end - first) // 7
        for number in wanted:
            at = first + 7 * (number - 1 if number > 0 else count + number)
            if abs(number) <= count and -7 < at < kind.length:
                found |= 127 << at + _BEFORE
    return found >> _BEFORE & (1 << kind.length) - 1


def _lowest_first(days: int) -> Iterator[int]:
    """The days of a set, from 0 on."""
    while days:
        lowest = days & -days
        yield lowest.bit_length() - 1
        days ^= lowest


def days_in(days: int, year: int) -> list[int]:
    """The days of a set of a year, as ordinals."""
    first = january_1(year)
    return [first + at for at in _lowest_first(days)]


def days_back_in(days: int, year: int) -> Iterator[int]:
    """The days of a set of a year, as ordinals, the last first; none is looked for before asked."""
    first = january_1(year)
    while days:
        at = days.bit_length() - 1
        yield first + at
        days ^= 1 << at


def _numbered(wanted: frozenset[int], length: int) -> int:
    return sum(
        {
            1 << (number - 1 if number > 0 else length + number)
            for number in wanted
            if abs(number) <= length
        }
    )


@lru_cache(maxsize=2)
def _months(length: int) -> tuple[tuple[int, int, int], ...]:
    """Each month, its first day and its length."""
    found, first = [], 0
    for month, days in enumerate(_MONTH_LENGTHS, 1):
        days_of_it = days + (month == 2 and length == 366)
        found.append((month, first, days_of_it))
        first += days_of_it
    return tuple(found)


def _length(year: int) -> int:
    return january_1(year + 1) - january_1(year)


def year_of(day: int) -> int:
    """The year of an ordinal day."""
    return date.fromordinal(day).year
