"""Which layout is on the screen at an instant, and why (docs/manifest.md, section 4).

The answer is a *stretch*: what stays the same until an entry, a takeover or an item comes or
goes.  Within it only turns and rotations move on, which is arithmetic.  For `scheduler.timeline`
and `scheduler.explain` only.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from msgspec import Struct

from manifest.model import Entry, Manifest, Takeover
from scheduler.activity import Activity
from scheduler.picture import Reason
from scheduler.rotation import Rotation
from scheduler.wallclock import DAY_MS, WallClock, from_ms, to_ms

__all__ = ["Contender", "Programme", "Selection", "Stretch", "TakeoverSpan"]

#: A turn whose entry has nothing to show at the anchor, and no length of its own (4.3).
_EMPTY_TURN_MS = 10_000


class Contender(Struct, frozen=True):
    """A layout that has the screen, alone or in turns."""

    layout: str
    reason: Reason


class Stretch(Struct, frozen=True):
    """Who has the screen until the instant `until`; no contender at all means the slate."""

    contenders: tuple[Contender, ...]
    anchor: int
    until: int
    turn_ends: tuple[int, ...]

    def turn_at(self, t: int) -> tuple[Contender, int, int]:
        """Whose turn it is, when it began, and until when the screen is theirs."""
        if len(self.contenders) == 1:
            return self.contenders[0], self.anchor, self.until
        round_ms = self.turn_ends[-1]
        rounds, offset = divmod(t - self.anchor, round_ms)
        turn = bisect_right(self.turn_ends, offset)
        begin = self.anchor + rounds * round_ms
        since = begin + (self.turn_ends[turn - 1] if turn else 0)
        return self.contenders[turn], since, min(self.until, begin + self.turn_ends[turn])


class TakeoverSpan(Struct, frozen=True):
    """A takeover, its span in milliseconds of UTC."""

    takeover: Takeover
    since: int
    until: int

    def is_active(self, t: int) -> bool:
        """Does it claim the screen at t? (4.2)"""
        return self.since <= t < self.until


class Programme:
    """What of a manifest does not depend on the player: its entries and takeovers, indexed.

    It keeps parts of the manifest, never the manifest itself, whose life others depend on.
    """

    def __init__(self, manifest: Manifest) -> None:
        self.layouts = manifest.layouts
        self.playlists = manifest.playlists
        self.default_layout = manifest.default_layout
        clock = WallClock(manifest.timezone)
        self.activity = Activity(manifest.entries, manifest.calendar, clock)
        spans = (
            TakeoverSpan(takeover, to_ms(takeover.from_), to_ms(takeover.until))
            for takeover in manifest.takeovers
        )
        #: Strongest first (4.2).
        self.takeovers = sorted(
            spans, key=lambda span: (-span.takeover.priority, -span.since, span.takeover.id)
        )
        self._takeover_changes = sorted(
            {instant for span in self.takeovers for instant in (span.since, span.until)}
        )

    def next_takeover_change(self, t: int) -> int | None:
        """When next a takeover begins or ends."""
        at = bisect_right(self._takeover_changes, t)
        return self._takeover_changes[at] if at < len(self._takeover_changes) else None


class Selection:
    """The choice among the layouts of a programme, for a player that cannot play some items."""

    def __init__(self, programme: Programme, unplayable: frozenset[str]) -> None:
        self._programme = programme
        self._unplayable = unplayable
        self._rotations: dict[str, Rotation] = {}

    def rotation(self, playlist: str) -> Rotation:
        """The rotation of a playlist, made when it is first asked for."""
        if playlist not in self._rotations:
            self._rotations[playlist] = Rotation(
                playlist, self._programme.playlists[playlist], self._unplayable
            )
        return self._rotations[playlist]

    def is_eligible(self, layout: str, t: int) -> bool:
        """Has a zone of the layout a valid item? (4.1)"""
        return any(rotation.has_valid(t) for rotation in self._rotations_of(layout))

    def turn_ms(self, entry: Entry, anchor: int) -> int:
        """How long the turns of an entry are (4.3)."""
        if entry.turn_ms is not None:
            return entry.turn_ms
        loops = (rotation.loop_ms(anchor) for rotation in self._rotations_of(entry.layout))
        return max(loops, default=0) or _EMPTY_TURN_MS

    def stretch_at(self, t: int) -> Stretch:
        """Who has the screen at t, and until when that is sure; at most a day ahead."""
        looked_at: list[str] = []
        until = _sooner(t + DAY_MS, self._programme.next_takeover_change(t))
        takeover = self._takeover_at(t, looked_at)
        if takeover is not None:
            until = self._next_validity_change(looked_at, t, until)
            return _alone(_taking_over(takeover), takeover.since, until)
        entries = self._entries_at(t, looked_at)
        activity = self._programme.activity
        if entries:
            priority = entries[0].priority
            until = min(until, activity.next_change(t, activity.last_place(priority)))
            until = self._next_validity_change(looked_at, t, until)
            return self._turns(entries, activity.latest_change(t, priority), until)
        until = min(until, activity.next_change(t, len(activity.entries)))
        default = self._programme.default_layout
        until = self._next_validity_change([*looked_at, default], t, until)
        if not self.is_eligible(default, t):
            return Stretch((), 0, until, ())
        anchor = activity.latest_end(t) or 0
        return _alone(Contender(default, Reason("default", from_ms(anchor))), anchor, until)

    def _takeover_at(self, t: int, looked_at: list[str]) -> TakeoverSpan | None:
        for span in self._programme.takeovers:
            if span.is_active(t):
                looked_at.append(span.takeover.layout)
                if self.is_eligible(span.takeover.layout, t):
                    return span
        return None

    def _entries_at(self, t: int, looked_at: list[str]) -> list[Entry]:
        """The active entries of the highest priority with an eligible layout, by id (4.3)."""
        chosen: list[Entry] = []
        for place in self._programme.activity.active_at(t):
            entry = self._programme.activity.entries[place]
            if chosen and entry.priority < chosen[0].priority:
                break
            looked_at.append(entry.layout)
            if self.is_eligible(entry.layout, t):
                chosen.append(entry)
        return chosen

    def _turns(self, entries: Sequence[Entry], anchor: int, until: int) -> Stretch:
        since = from_ms(anchor)
        contenders = tuple(
            Contender(entry.layout, Reason("entry", since, entry.id, entry.priority))
            for entry in entries
        )
        if len(contenders) == 1:
            return _alone(contenders[0], anchor, until)
        lengths = (self.turn_ms(entry, anchor) for entry in entries)
        return Stretch(contenders, anchor, until, tuple(accumulate(lengths)))

    def _next_validity_change(self, layouts: Iterable[str], t: int, until: int) -> int:
        """The first instant in `(t, until]` at which an item of these layouts comes or goes."""
        for layout in set(layouts):
            for rotation in self._rotations_of(layout):
                until = _sooner(until, rotation.next_change(t))
        return until

    def _rotations_of(self, layout: str) -> Iterator[Rotation]:
        return (self.rotation(zone.playlist) for zone in self._programme.layouts[layout].zones)


def _taking_over(span: TakeoverSpan) -> Contender:
    takeover = span.takeover
    reason = Reason("takeover", from_ms(span.since), takeover.id, takeover.priority)
    return Contender(takeover.layout, reason)


def _alone(contender: Contender, anchor: int, until: int) -> Stretch:
    return Stretch((contender,), anchor, until, ())


def _sooner(until: int, change: int | None) -> int:
    return until if change is None else min(until, change)
