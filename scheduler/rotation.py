"""Which item of a playlist is on at an instant (docs/manifest.md, section 5).

A rotation is one playlist with one set of unplayable items.  Between two changes of its valid
items it is an endless loop of cycles, of which any one can be worked out without those before.
For the modules of `scheduler` only.
"""

from array import array
from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from hashlib import sha256
from itertools import accumulate
from math import gcd
from typing import NamedTuple

from manifest.model import Item, Playlist
from scheduler.wallclock import to_ms

__all__ = ["Rotation", "Slot"]

#: How many sets of valid items of a playlist are kept ready: the one on screen, and neighbours.
_KEPT_LOOPS = 4
#: How many cycles of a shuffled loop are kept ready: as many as have so many steps together,
#: but at least the one on screen and its neighbour, and no more than a day usually has.
_KEPT_STEPS = 16_384
_KEPT_CYCLES = (2, 32)


class Slot(NamedTuple):
    """An item's span `[since, until)` in its rotation, in milliseconds of UTC."""

    item: Item
    since: int
    until: int


class Rotation:
    """One playlist, ready to be asked about any instant."""

    def __init__(self, name: str, playlist: Playlist, unplayable: frozenset[str]) -> None:
        self._name = name
        self._shuffled = playlist.order == "shuffled"
        self._playable = [item for item in playlist.items if item.id not in unplayable]
        #: Every instant at which some item becomes valid or ceases to be (4.1, 5.1).
        self._changes = sorted(
            {
                to_ms(instant)
                for item in playlist.items
                for instant in (item.valid_from, item.valid_until)
                if instant is not None
            }
        )
        self._spans = [_validity(item) for item in self._playable]
        self._valid = lru_cache(maxsize=_KEPT_LOOPS)(self._valid_between)
        self._loop = lru_cache(maxsize=_KEPT_LOOPS)(self._loop_between)
        self._length = lru_cache(maxsize=_KEPT_LOOPS)(self._length_between)

    def next_change(self, t: int) -> int | None:
        """The first instant after t at which the set of valid items may change."""
        at = bisect_right(self._changes, t)
        return self._changes[at] if at < len(self._changes) else None

    def has_valid(self, t: int) -> bool:
        """Is any item valid at t?"""
        return bool(self._valid(bisect_right(self._changes, t)))

    def valid_at(self, t: int) -> Sequence[Item]:
        """The items that are valid at t."""
        return self._valid(bisect_right(self._changes, t))

    def loop_ms(self, t: int) -> int:
        """How long one cycle of the items valid at t lasts; 0 without any."""
        return self._length(bisect_right(self._changes, t))

    def slot_at(self, t: int, turn_start: int) -> Slot | None:
        """What is on at t in a turn that began at `turn_start`; None if no item is valid."""
        interval = bisect_right(self._changes, t)
        loop = self._loop(interval)
        if loop is None:
            return None
        start = max(turn_start, self._changes[interval - 1]) if interval else turn_start
        return loop.slot_at(t, start)

    def _valid_between(self, interval: int) -> list[Item]:
        """The items valid from the change before this number to the one that has it."""
        if not self._changes:
            return self._playable
        at = self._changes[interval - 1] if interval else self._changes[0] - 1
        return [
            item
            for item, (since, until) in zip(self._playable, self._spans, strict=True)
            if (since is None or since <= at) and (until is None or at < until)
        ]

    def _length_between(self, interval: int) -> int:
        return sum(item.duration_ms * item.weight for item in self._valid(interval))

    def _loop_between(self, interval: int) -> "_ListedLoop | _ShuffledLoop | None":
        valid = self._valid(interval)
        if not valid:
            return None
        return _ShuffledLoop(self._name, valid) if self._shuffled else _ListedLoop(valid)


class _Cycle:
    """Items in the order in which they come, and when each ends, counted from the cycle's start."""

    def __init__(self, items: Sequence[Item], order: Collection[int]) -> None:
        self._items = items
        self._order = array("I", order)
        self._ends = array("Q", accumulate(items[at].duration_ms for at in order))
        self.length_ms: int = self._ends[-1]

    def slot_at(self, offset: int, start: int) -> Slot:
        """The item `offset` into a cycle that began at `start`."""
        at = bisect_right(self._ends, offset)
        since = self._ends[at - 1] if at else 0
        return Slot(self._items[self._order[at]], start + since, start + self._ends[at])


class _ListedLoop:
    """Smooth weighted round-robin: the same cycle for ever."""

    def __init__(self, items: Sequence[Item]) -> None:
        self._cycle = _Cycle(items, list(smooth_order([item.weight for item in items])))

    def slot_at(self, t: int, start: int) -> Slot:
        """The item that is on at t in a loop that began at `start` (5.3)."""
        number, offset = divmod(t - start, self._cycle.length_ms)
        return self._cycle.slot_at(offset, start + number * self._cycle.length_ms)


class _ShuffledLoop:
    """A new order each cycle, drawn from the playlist's name and the cycle's number."""

    def __init__(self, playlist: str, items: Sequence[Item]) -> None:
        self._playlist = playlist
        self._items = items
        self._length_ms = sum(item.duration_ms * item.weight for item in items)
        fewest, most = _KEPT_CYCLES
        kept = min(max(_KEPT_STEPS // sum(item.weight for item in items), fewest), most)
        self._cycle = lru_cache(maxsize=kept)(self._arranged)

    def slot_at(self, t: int, start: int) -> Slot:
        """The item that is on at t in a loop that began at `start` (5.3)."""
        number, offset = divmod(t - start, self._length_ms)
        return self._cycle(number).slot_at(offset, start + number * self._length_ms)

    def _arranged(self, number: int) -> _Cycle:
        """Cycle `number`: as sorted, but never beginning with the item that ended the last (5.2).

        Cycle 0 has none before it.  Below 0 is only the default layout before 1970.
        """
        order = [item for _digest, item in sorted(self._steps(number))]
        if number != 0 and len(self._items) > 1:
            _digest, last = max(self._steps(number - 1))
            if order[0] == last:
                first_other = next(at for at, item in enumerate(order) if item != last)
                order.insert(0, order.pop(first_other))
        return _Cycle(self._items, order)

    def _steps(self, number: int) -> Iterator[tuple[bytes, int]]:
        """Each step's digest, which sorts as its hex form does, and the place of its item."""
        for place, item in enumerate(self._items):
            prefix = f"{self._playlist}/{number}/{item.id}/"
            for copy in range(item.weight):
                yield sha256(f"{prefix}{copy}".encode()).digest(), place


def smooth_order(weights: Sequence[int]) -> Iterator[int]:
    """Smooth weighted round-robin (5.2): places in the order of the steps of one cycle.

    After step s an item of weight w taken c times has the credit s*w - c*W, with W the sum of
    weights.  Items of one weight therefore take turns in the order of the list, and a step only
    has to compare the next item of each weight; and weights with a common divisor make the same
    cycle several times, of which one is enough.
    """
    divisor = gcd(*weights)
    total = sum(weights) // divisor
    classes = [
        _WeightClass(weight // divisor, [at for at, one in enumerate(weights) if one == weight])
        for weight in sorted(set(weights))
    ]
    if len(classes) == 1:
        yield from range(len(weights))
        return
    for step in range(1, total + 1):
        best = max(classes, key=lambda one: one.claim(step, total))
        yield best.take()


class _WeightClass:
    """The items of one weight, which take turns among themselves."""

    def __init__(self, weight: int, places: list[int]) -> None:
        self._weight = weight
        self._places = places
        self._rounds = 0
        self._next = 0

    def claim(self, step: int, total: int) -> tuple[int, int]:
        """The credit of the next item, and its place: of equals the earlier one wins."""
        return step * self._weight - self._rounds * total, -self._places[self._next]

    def take(self) -> int:
        place = self._places[self._next]
        self._next += 1
        if self._next == len(self._places):
            self._next, self._rounds = 0, self._rounds + 1
        return place


def _validity(item: Item) -> tuple[int | None, int | None]:
    since = None if item.valid_from is None else to_ms(item.valid_from)
    until = None if item.valid_until is None else to_ms(item.valid_until)
    return since, until
