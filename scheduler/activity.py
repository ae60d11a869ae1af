"""Which entries are active at an instant, and when that last changed (docs/manifest.md, 4.3, 4.4).

An entry is *active* while its window is open, whether or not anything of it could be shown.  The
comings and goings of all entries are worked out a *chapter* at a time, mostly a day of UTC, and
kept: a question about a known chapter costs no more than looking through it.  For
`scheduler.selection` only.
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from operator import xor
from typing import NamedTuple

from manifest.model import Calendar, Entry
from scheduler.wallclock import DAY_MS, WallClock
from scheduler.windows import NEVER, WindowIndex
from scheduler.working_days import WorkingDays

__all__ = ["Activity"]

#: How many chapters are kept ready.
_KEPT_CHAPTERS = 64
#: A chapter is the longest of these that is not likely to hold more comings and goings than this:
#: a day, but for programmes that nobody would make on purpose.
_CHAPTERS_MS = (DAY_MS, DAY_MS // 4, DAY_MS // 24, DAY_MS // 144, DAY_MS // 1440)
_MOST_CHANGES = 50_000
#: After so many changes the set of active entries is written down anew.
_PAGE = 32


class Activity:
    """All entries of a manifest, strongest first: highest priority, then smallest id.

    An entry is known by its place in that order; a set of entries is an integer with a bit at
    each one's place.
    """

    def __init__(self, entries: Sequence[Entry], calendar: Calendar, clock: WallClock) -> None:
        self.entries = sorted(entries, key=lambda entry: (-entry.priority, entry.id))
        working_days = WorkingDays(calendar)
        self._windows = [WindowIndex(entry.window, clock, working_days) for entry in self.entries]
        self._last_places = {entry.priority: at for at, entry in enumerate(self.entries)}
        a_day = 2 * sum(window.most_on_a_day() for window in self._windows)
        fitting = (ms for ms in _CHAPTERS_MS if a_day * ms <= _MOST_CHANGES * DAY_MS)
        self._chapter_ms = next(fitting, _CHAPTERS_MS[-1])
        self._chapter = lru_cache(maxsize=_KEPT_CHAPTERS)(self._chapter_from)
        self._change_before = lru_cache(maxsize=_KEPT_CHAPTERS)(self._latest_change)
        self._end_before = lru_cache(maxsize=_KEPT_CHAPTERS)(self._latest_end)

    def window(self, place: int) -> WindowIndex:
        """The window of the entry at this place."""
        return self._windows[place]

    def last_place(self, priority: int) -> int:
        """The place of the last entry of a priority that some entry has."""
        return self._last_places[priority]

    def active_at(self, t: int) -> Iterator[int]:
        """The places of the entries active at t, strongest first."""
        active = self._chapter(self._begin(t)).active_at(t)
        while active:
            lowest = active & -active
            yield lowest.bit_length() - 1
            active ^= lowest

    def next_change(self, t: int, weakest: int) -> int:
        """When next an entry at a place up to `weakest` comes or goes; at most a day ahead."""
        chapter = self._chapter(self._begin(t))
        for at in range(bisect_right(chapter.instants, t), len(chapter.instants)):
            if chapter.places[at] <= weakest:
                return chapter.instants[at]
        return self._begin(t) + self._chapter_ms

    def latest_change(self, t: int, priority: int) -> int:
        """The anchor of 4.3: when an entry of this priority last became active or ceased to be."""
        chapter = self._chapter(self._begin(t))
        for at in range(bisect_right(chapter.instants, t) - 1, -1, -1):
            if self.entries[chapter.places[at]].priority == priority:
                return chapter.instants[at]
        return self._change_before(self._begin(t), priority)

    def latest_end(self, t: int) -> int | None:
        """The anchor of 4.4: the latest end of any entry's run at or before t."""
        chapter = self._chapter(self._begin(t))
        at = bisect_right(chapter.instants, t) - 1
        while at >= 0 and not chapter.is_end[at]:
            at -= 1
        latest = chapter.instants[at] if at >= 0 else self._end_before(self._begin(t))
        return None if latest == NEVER else latest

    def _begin(self, t: int) -> int:
        """The instant at which the chapter of t begins."""
        return t - t % self._chapter_ms

    def _latest_change(self, t: int, priority: int) -> int:
        latest = NEVER
        for entry, window in zip(self.entries, self._windows, strict=True):
            if entry.priority == priority:
                latest = window.latest_change(t, latest)
        return latest

    def _latest_end(self, t: int) -> int:
        latest = NEVER
        for window in self._windows:
            latest = window.latest_end(t, latest)
        return latest

    def _chapter_from(self, begin: int) -> "_Chapter":
        active = 0
        changes: list[tuple[int, int, bool]] = []
        for place, window in enumerate(self._windows):
            is_open, boundaries = window.boundaries(begin, begin + self._chapter_ms)
            active |= is_open << place
            for instant in boundaries:
                changes.append((instant, place, is_open))
                is_open = not is_open
        changes.sort()
        places = array("H", (place for _instant, place, _is_end in changes))
        return _Chapter(
            tuple(accumulate(map(_toggled, _pages(places)), xor, initial=active)),
            array("q", (instant for instant, _place, _is_end in changes)),
            places,
            bytes(is_end for _instant, _place, is_end in changes),
        )


class _Chapter(NamedTuple):
    """Who is active when each page of a chapter begins, and who comes and goes within it."""

    active: tuple[int, ...]
    instants: "array[int]"
    places: "array[int]"
    is_end: bytes

    def active_at(self, t: int) -> int:
        """The set of the entries active at t."""
        page, rest = divmod(bisect_right(self.instants, t), _PAGE)
        return self.active[page] ^ _toggled(self.places[page * _PAGE : page * _PAGE + rest])


def _pages(places: "array[int]") -> Iterator["array[int]"]:
    return (places[at : at + _PAGE] for at in range(0, len(places), _PAGE))


def _toggled(places: Iterable[int]) -> int:
    """The entries that come or go an odd number of times."""
    found = 0
    for place in places:
        found ^= 1 << place
    return found
