"""Which items this player cannot show at the moment, since when, and when it tries them again.

The set is an argument of the scheduler (docs/manifest.md, clause 4.1).  A change of it moves the
rotation, so it counts from the moment at which the broken item would have been due: what is on
screen now stays until its own end.  Pure: instants and seconds are arguments.
"""

import math
from datetime import datetime

from msgspec import Struct

__all__ = ["RETRY_S", "Unplayable"]

#: Seconds until the first, second ... try after a failure; the last one repeats.
RETRY_S = (60.0, 600.0, 3600.0, 86400.0)

#: With nothing else to show, everything is tried again this often.
HOPE_S = 10.0


class _Failure(Struct):
    failures: int
    retry_at_s: float


class Unplayable:
    """The ids of items that are left out, now and from an instant on."""

    def __init__(self) -> None:
        self._failures: dict[str, _Failure] = {}
        self._now: frozenset[str] = frozenset()
        self._later: frozenset[str] = frozenset()
        self._switch_at: datetime | None = None

    def at(self, t: datetime) -> frozenset[str]:
        """The items left out at `t`."""
        if self._switch_at is not None and t >= self._switch_at:
            return self._later
        return self._now

    @property
    def switch_at(self) -> datetime | None:
        """The instant at which the set changes, if it is going to."""
        return self._switch_at

    def add(
        self,
        items: frozenset[str],
        due: datetime,
        monotonic_s: float,
        for_good: bool = False,
    ) -> None:
        """`items` cannot be shown: leave them out from `due` on, with `for_good` until forgiven."""
        for item in items:
            earlier = self._failures.get(item)
            failures = 1 if earlier is None else earlier.failures + 1
            wait_s = math.inf if for_good else _wait_s(failures)
            self._failures[item] = _Failure(failures, monotonic_s + wait_s)
        self._change(self._later | items, due)

    def forgive(self, items: frozenset[str]) -> None:
        """Forget everything about `items`: their bytes are others now."""
        for item in items:
            self._failures.pop(item, None)
        self._now -= items
        self._later -= items

    def forgive_played(self, item: str) -> None:
        """`item` was shown as it should be: its next failure is its first (unless it is left out
        already, which the rotation counts on).
        """
        if item not in self._now | self._later:
            self._failures.pop(item, None)

    def keep_only(self, items: frozenset[str]) -> None:
        """A new manifest: forget items that it does not know."""
        self.forgive(frozenset(self._failures) - items)

    def retry(self, monotonic_s: float, boundary: datetime, hopeless: bool) -> None:
        """From `boundary` on, try again those whose time has come (all, if it is hopeless)."""
        due = frozenset(
            item
            for item in self._later
            if monotonic_s >= self._retry_at_s(self._failures[item], hopeless)
        )
        if due:
            self._change(self._later - due, boundary)

    def pass_to(self, now: datetime) -> None:
        """The time is `now`: what was to count from then on counts."""
        if self._switch_at is not None and now >= self._switch_at:
            self._now, self._switch_at = self._later, None

    def _change(self, later: frozenset[str], at: datetime) -> None:
        self._later = later
        if later == self._now:
            self._switch_at = None
        elif self._switch_at is None or at < self._switch_at:
            self._switch_at = at

    def _retry_at_s(self, failure: _Failure, hopeless: bool) -> float:
        if not hopeless:
            return failure.retry_at_s
        return failure.retry_at_s - max(0.0, _wait_s(failure.failures) - HOPE_S)


def _wait_s(failures: int) -> float:
    return RETRY_S[min(failures, len(RETRY_S)) - 1]
