"""A recurrence rule from its DTSTART to where UNTIL or COUNT ends it (for `scheduler.windows`).

UNTIL and COUNT are never both there (RFC 5545, 3.3.10).  COUNT has to be counted from the start,
day by day: it is counted once, as far as anybody asked, and not at all while even the fullest days
could not have used it up.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache

from scheduler.recurrence import AllowedDays, Recurrence
from scheduler.rrule import RuleParts
from scheduler.wallclock import OFFSET_DAYS, WallClock, to_ms
from scheduler.year_days import january_1, year_of

__all__ = ["Series"]


#: Rules, and what was found out of them, that are kept ready: an entry that stands in many
#: manifests (of a group, of a week that is drawn again) is worked out once.
_KEPT_RULES = 1_024


class Series:
    """What a rule adds to its DTSTART, which is an occurrence whether it fits the rule or not."""

    def __init__(self, rule: str, start: datetime, clock: WallClock) -> None:
        parts = _parts_of(rule)
        self._recurrence = _recurrence_of(rule, start)
        self._clock = clock
        self.first_day = start.toordinal()
        self._first_second = start.hour * 3600 + start.minute * 60 + start.second
        self._until = _Until(parts.until, clock) if parts.until else None
        # DTSTART is the first of those that COUNT counts.
        self._count = None if parts.count is None else parts.count - 1
        #: The day to count next, and what is then left of COUNT.
        self._counted = (self.first_day, self._count or 0)
        #: The day on which COUNT is used up, and how many occurrences it still lets through then.
        self._spent_on: tuple[int, int] | None = None
        self.most_on_a_day = self._recurrence.most_on_a_day

    def days_back(self, day: int, allowed: AllowedDays) -> Iterator[int]:
        """The days, from `day` back, on which there may be an occurrence, and which `allowed`."""
        if self._until is not None:
            day = min(day, self._until.last_day)
        if self._spent_on is not None:
            day = min(day, self._spent_on[0])
        return self._recurrence.days_back(day, allowed)

    def same_from(self, day: int) -> int | None:
        """Since which day every day to `day` has had the same times; None if that is not plain."""
        if not self._recurrence.is_same_every_day:
            return None
        if self._until is not None and day >= self._until.last_day - 2 * OFFSET_DAYS:
            return None
        if self._count is not None:
            self._left_on(day)
            if self._spent_on is not None and day >= self._spent_on[0]:
                return None
        return self.first_day + 1 if day > self.first_day else None

    def seconds_on(self, day: int) -> tuple[int, ...]:
        """Seconds since midnight, ascending, of the occurrences that the rule adds on a day."""
        seconds = self._uncut(day)
        if not seconds:
            return ()
        if self._until is not None:
            return self._until.cut(day, seconds)
        if self._count is not None:
            return seconds[: self._left_on(day)]
        return seconds

    def _uncut(self, day: int) -> tuple[int, ...]:
        if day < self.first_day:
            return ()
        seconds = self._recurrence.seconds_on(day)
        if day == self.first_day:
            return tuple(second for second in seconds if second > self._first_second)
        return seconds

    def _left_on(self, day: int) -> int:
        """How many of a day's occurrences COUNT lets through."""
        assert self._count is not None
        if self._spent_on is None:
            self._count_to(day)
        if self._spent_on is None or day < self._spent_on[0]:
            return self._count
        return self._spent_on[1] if day == self._spent_on[0] else 0

    def _count_to(self, day: int) -> None:
        """Count the occurrences to the end of `day`, from where the last counting ended."""
        assert self._count is not None
        days = day - self.first_day + 1
        if days * self._recurrence.most_on_a_day() < self._count:
            return
        first, left = self._counted
        while first <= day and self._spent_on is None:
            year = year_of(first)
            last = min(day, january_1(year + 1) - 1)
            whole = self._recurrence.number_in(year) if first == january_1(year) else None
            if whole is not None and whole < left and last < day:
                left -= whole
            else:
                left = self._count_days(first, last, left)
            first = last + 1
        self._counted = first, left

    def _count_days(self, first: int, last: int, left: int) -> int:
        """Take the occurrences of some days from what is left of COUNT."""
        for counting in self._recurrence.days_from(first, last):
            found = len(self._uncut(counting))
            if found >= left:
                self._spent_on = counting, left
                return 0
            left -= found
        return left


class _Until:
    """UNTIL, inclusive: a wall time, or with `Z` an instant."""

    def __init__(self, until: str, clock: WallClock) -> None:
        self._clock = clock
        last = datetime.fromisoformat(until.removesuffix("Z"))
        self._is_instant = until.endswith("Z")
        self._day = last.toordinal()
        #: No wall day after this one has an occurrence.
        self.last_day = self._day + OFFSET_DAYS
        self._second = last.hour * 3600 + last.minute * 60 + last.second
        self._ms = to_ms(last.replace(tzinfo=UTC))

    def cut(self, day: int, seconds: tuple[int, ...]) -> tuple[int, ...]:
        """Those wall times of a day that are not after UNTIL."""
        if self._is_instant:
            if abs(day - self._day) > OFFSET_DAYS:
                return seconds if day < self._day else ()
            return tuple(
                second for second in seconds if self._clock.instants(day, (second,))[0] <= self._ms
            )
        if day == self._day:
            return tuple(second for second in seconds if second <= self._second)
        return seconds if day < self._day else ()


@lru_cache(maxsize=_KEPT_RULES)
def _parts_of(rule: str) -> RuleParts:
    return RuleParts.of(rule)


@lru_cache(maxsize=_KEPT_RULES)
def _recurrence_of(rule: str, start: datetime) -> Recurrence:
    """What it remembers is bounded, and the same for all: threads and manifests share it."""
    return Recurrence(_parts_of(rule), start)
