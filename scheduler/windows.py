"""When one window is open (docs/manifest.md, section 3).

An occurrence is open for `[instant(start), instant(start) + duration)`; occurrences that overlap
or touch are one *run*.  Everything is found near the instant asked for: the cost does not grow
with the age of the window, except for the one walk back to where a run that never breaks began.
For the modules of `scheduler` only.
"""

from operator import itemgetter

from manifest.model import Window
from scheduler.occurrences import Occurrences, Run, joined
from scheduler.wallclock import DAY_MS, FIRST_DAY, LAST_DAY, OFFSET_DAYS, WallClock, utc_day
from scheduler.working_days import WorkingDays

__all__ = ["NEVER", "WindowIndex"]

#: Before every instant there is.
NEVER = -(2**63)

_end = itemgetter(1)


class WindowIndex:
    """One window of a manifest, ready to be asked about any instant.

    What it remembers is bounded, and each memory is replaced as a whole: threads may share it.
    """

    def __init__(self, window: Window, clock: WallClock, working_days: WorkingDays) -> None:
        self._duration_ms = window.duration_s * 1000
        self._occurrences = Occurrences(window, clock, working_days)
        #: The last run of a single day (None: none at all) that begins by the instant beside it.
        self._latest: tuple[Run | None, int] | None = None
        #: The window is open between these instants; did it open at the first of them?
        self._open: tuple[int, int, bool] | None = None

    def most_on_a_day(self) -> int:
        """No day has more occurrences than this."""
        return self._occurrences.most_on_a_day()

    def boundaries(self, after: int, before: int) -> tuple[bool, list[int]]:
        """Is the window open at `after`, and when in `(after, before)` does that change?"""
        is_open, changes = False, []
        for start, end in self.runs(after, before):
            if start <= after:
                is_open = True
            else:
                changes.append(start)
            if end < before:
                changes.append(end)
        return is_open, changes

    def runs(self, after: int, before: int) -> list[Run]:
        """The runs that end after `after` and begin before `before`, in order.

        The first may have begun, and the last may end, outside of what was looked at: only
        what lies within `after` ... `before` is exact.
        """
        first = max(utc_day(after - self._duration_ms) - OFFSET_DAYS, FIRST_DAY)
        last = min(utc_day(before) + OFFSET_DAYS, LAST_DAY)
        since = after - self._duration_ms
        on_days = [
            run
            for day in range(first, last + 1)
            for run in self._occurrences.runs_on(day, since, before)
        ]
        return [run for run in joined(sorted(on_days)) if run[1] > after and run[0] < before]

    def latest_change(self, until: int, after: int) -> int:
        """When in `(after, until]` the window last opened or closed; `after` if it did not."""
        run = self._latest_run(until, after)
        if run is None:
            return after
        return max(after, run[1] if run[1] <= until else run[0])

    def latest_end(self, until: int, after: int) -> int:
        """When in `(after, until]` the window last closed; `after` if it did not."""
        run = self._latest_run(until, after)
        if run is not None and run[1] > until:
            run = self._latest_run(run[0] - 1, after) if run[0] > after else None
        return after if run is None else max(after, run[1])

    def _latest_run(self, until: int, after: int) -> Run | None:
        """The last run that begins at or before `until`; None if none of that is after `after`.

        Its end is exact if it is not later than `until`; its beginning, if the window is still
        open at `until` and that is later than `after`.
        """
        run = self._latest_day_run(until, after)
        if run is None or run[1] <= until:
            return run
        return self._opened(run[0], until, after), run[1]

    def _opened(self, start: int, until: int, after: int) -> int:
        """When the window opened that is open from `start` to `until`; not exact before `after`."""
        is_exact = False
        while not is_exact and start > after:
            known = self._open
            if known is not None and known[0] < start <= known[1]:
                start, is_exact = known[0], known[2]
                continue
            is_exact = True
            for earlier, end in self._occurrences.runs_back(start - 1, after):
                if end < start:
                    break
                start = min(start, earlier)
                if start <= after or (known is not None and known[0] < start <= known[1]):
                    is_exact = False
                    break
        self._open = start, until, is_exact
        return start

    def _latest_day_run(self, until: int, after: int) -> Run | None:
        """The last run, among those that a single day makes, beginning at or before `until`."""
        latest = self._latest
        known = None
        since = after
        if latest is not None and latest[1] <= until:
            known = latest[0]
            since = max(after, latest[1] - 2 * OFFSET_DAYS * DAY_MS)
        found = next(self._occurrences.runs_back(until, since), None)
        # All occurrences are of one length: the run that ends last has the one that begins last.
        run = max((one for one in (known, found) if one is not None), key=_end, default=None)
        if run is not None or after <= NEVER:
            self._latest = run, until
        return run
