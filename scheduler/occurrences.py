"""The occurrences of one window, day by day (docs/manifest.md, 3.1 to 3.4).

Occurrences that overlap or touch are one *run*.  A day answers for itself, so that everything is
found near the instant asked for, however old the window is.  For `scheduler.windows` only.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from datetime import datetime
from heapq import merge
from itertools import pairwise
from operator import neg

from manifest.model import Window
from scheduler.series import Series
from scheduler.wallclock import (
    DAY_S,
    FIRST_DAY,
    LAST_DAY,
    OFFSET_DAYS,
    WallClock,
    midnight_utc,
    utc_day,
)
from scheduler.working_days import WorkingDays

__all__ = ["Occurrences", "Run", "joined"]

#: The instants `[start, end)` of occurrences that overlap or touch.
Run = tuple[int, int]

#: A wall day and the wall times of its occurrences, ascending, in seconds.
DayTimes = tuple[int, tuple[int, ...]]


class Occurrences:
    """The occurrences of one window, and the runs that they make."""

    def __init__(self, window: Window, clock: WallClock, working_days: WorkingDays) -> None:
        self._clock = clock
        self._working_days = working_days
        self._days = window.days
        self._duration_s = window.duration_s
        self._duration_ms = window.duration_s * 1000
        self._listed = _by_day([window.start, *window.rdates])
        self._listed_days = sorted(self._listed)
        self._removed = _by_day(window.exdates)
        self._exceptional_days = sorted({*self._listed, *self._removed})
        self._series = Series(window.rrule, window.start, clock) if window.rrule else None
        self._shape: tuple[tuple[int, ...], bool] = ((), True)

    def most_on_a_day(self) -> int:
        """No day has more occurrences than this."""
        listed = max(len(seconds) for seconds in self._listed.values())
        return listed + (self._series.most_on_a_day() if self._series is not None else 0)

    def runs_back(self, until: int, after: int) -> Iterator[Run]:
        """The runs of each day that begin at or before `until`, last first.

        All that end after `after` are among them.  Made as they are asked for.
        """
        day = min(utc_day(until) + OFFSET_DAYS, LAST_DAY)
        floor = utc_day(after - self._duration_ms) - OFFSET_DAYS
        while day >= floor:
            for group in self._groups_back(day, floor):
                first = self._steady_from(group, floor)
                run = None if first is None else self._run_through(first, *group[0])
                if first is not None and run is not None and run[0] <= until:
                    yield run
                    day = first - 1
                    break
                yield from self._runs_of(group, until)
            else:
                return

    def _runs_of(self, group: list[DayTimes], until: int) -> Iterator[Run]:
        """The runs of a group of days that begin at or before `until`, last first."""
        day, seconds = group[0]
        offset = self._clock.offset_on(day)
        if len(group) > 1 or offset is None:
            starts = {one for day, some in group for one in self._clock.instants(day, some)}
            yield from self._joined_back(sorted(starts, reverse=True), until)
        elif self._is_one_run(seconds):
            run = self._run_through(day, day, seconds)
            yield from [run] if run[0] <= until else []
        else:
            shift = midnight_utc(day) - offset * 1000
            yield from self._joined_back(
                (shift + second * 1000 for second in reversed(seconds)), until
            )

    def _run_through(self, first: int, last: int, seconds: tuple[int, ...]) -> Run:
        """The run that these wall times make, day after day, on days of one offset."""
        offset = self._clock.offset_on(last)
        assert offset is not None
        begin, end = (midnight_utc(day) - offset * 1000 for day in (first, last))
        return begin + seconds[0] * 1000, end + seconds[-1] * 1000 + self._duration_ms

    def _steady_from(self, group: list[DayTimes], floor: int) -> int | None:
        """Since which earlier day the window has been open day and night, if that is plain to see.

        A run that never breaks would else be walked back day by day to where it began.
        """
        (day, seconds) = group[0]
        if self._series is None or self._days != "any" or len(group) > 1:
            return None
        if seconds[-1] + self._duration_s < DAY_S + seconds[0] or not self._is_one_run(seconds):
            return None
        same_from = self._series.same_from(day)
        if same_from is None:
            return None
        before = bisect_right(self._exceptional_days, day)
        exception = self._exceptional_days[before - 1] if before else FIRST_DAY - 1
        # A few days more than asked for, so that the run surely begins before what matters.
        first = max(same_from, exception + 1, floor - 3)
        steady = self._clock.steady_from(day, first) if first < day else None
        return steady if steady is not None and steady < day else None

    def _joined_back(self, starts: Iterable[int], until: int) -> Iterator[Run]:
        """The runs of occurrences that begin at these instants, both last first."""
        run: Run | None = None
        for start in starts:
            if start > until:
                continue
            if run is not None and start + self._duration_ms >= run[0]:
                run = start, run[1]
                continue
            if run is not None:
                yield run
            run = start, start + self._duration_ms
        if run is not None:
            yield run

    def _groups_back(self, day: int, floor: int) -> Iterator[list[DayTimes]]:
        """The days with occurrences and their wall times, last first.

        A switch may move wall times past those of the next day: such days come as one group.
        """
        group: list[DayTimes] = []
        for earlier in self._days_back(day, floor):
            if group and earlier < group[-1][0] - 2 * OFFSET_DAYS:
                yield group
                group = []
            seconds = self.seconds_on(earlier)
            if not seconds:
                continue
            if group and not self._clock.may_mix(earlier, group[-1][0]):
                yield group
                group = []
            group.append((earlier, seconds))
        if group:
            yield group

    def _days_back(self, day: int, floor: int) -> Iterator[int]:
        """The days that may have an occurrence, from `day` back to `floor`."""
        listed = reversed(self._listed_days[: bisect_right(self._listed_days, day)])
        ruled = self._series.days_back(day, self._allowed) if self._series is not None else ()
        before = day + 1
        for candidate in merge(ruled, listed, key=neg):
            if candidate < floor:
                return
            if candidate < before:
                yield candidate
                before = candidate

    def _allowed(self, year: int) -> int:
        """The days of a year that 3.2 lets through, as a set."""
        if self._days == "any":
            return -1
        working = self._working_days.of_year(year)
        return working if self._days == "work" else ~working

    def runs_on(self, day: int, after: int, before: int) -> list[Run]:
        """The runs of those of a day's occurrences that begin in `(after, before)`, or more."""
        seconds = self.seconds_on(day)
        if not seconds:
            return []
        offset = self._clock.offset_on(day)
        if offset is None:
            starts = self._clock.instants(day, seconds)
            return joined((start, start + self._duration_ms) for start in starts)
        shift = midnight_utc(day) - offset * 1000
        if self._is_one_run(seconds):
            return [(shift + seconds[0] * 1000, shift + seconds[-1] * 1000 + self._duration_ms)]
        first = bisect_right(seconds, (after - shift) // 1000)
        last = bisect_left(seconds, -((shift - before) // 1000))
        return joined(
            (shift + second * 1000, shift + second * 1000 + self._duration_ms)
            for second in seconds[first:last]
        )

    def _is_one_run(self, seconds: tuple[int, ...]) -> bool:
        """Do a day's occurrences all overlap or touch?  Most days are like the one before."""
        known, answer = self._shape
        if seconds is not known:
            answer = all(two - one <= self._duration_s for one, two in pairwise(seconds))
            self._shape = seconds, answer
        return answer

    def seconds_on(self, day: int) -> tuple[int, ...]:
        """The wall times of a day's occurrences (3.1, 3.2), ascending, in seconds."""
        seconds = self._series.seconds_on(day) if self._series is not None else ()
        if day in self._listed:
            seconds = tuple(sorted({*seconds, *self._listed[day]}))
        if not seconds:
            return ()
        if self._days != "any" and self._working_days.is_working(day) != (self._days == "work"):
            return ()
        if day in self._removed:
            return tuple(second for second in seconds if second not in self._removed[day])
        return seconds


def joined(runs: Iterable[Run]) -> list[Run]:
    """Runs in order of their beginning, those that overlap or touch made one (3.4)."""
    joined: list[Run] = []
    for start, end in runs:
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def _by_day(walls: Iterable[datetime]) -> dict[int, frozenset[int]]:
    """Wall times as seconds of their days."""
    days: dict[int, set[int]] = {}
    for wall in walls:
        second = wall.hour * 3600 + wall.minute * 60 + wall.second
        days.setdefault(wall.toordinal(), set()).add(second)
    return {day: frozenset(seconds) for day, seconds in days.items()}
