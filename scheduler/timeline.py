"""What is on the screen at an instant, and when that changes next (docs/manifest.md, section 6).

The two public functions, and the `Timeline` behind them for callers that ask often.  The instant
is always an argument; every aware datetime from year 1 to 9999 has an answer.
"""

import weakref
from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

from manifest.model import Manifest
from scheduler.picture import Picture, Showing
from scheduler.selection import Programme, Selection, Stretch
from scheduler.wallclock import DAY_MS, from_ms, to_ms

__all__ = ["Span", "Timeline", "next_change_after", "on_screen_at"]

#: No answer of `next_change_after` lies further ahead (6.1).
_HORIZON_MS = DAY_MS
#: For how many different sets of unplayable items a timeline keeps its work.
_KEPT_SELECTIONS = 4

_timelines: dict[int, tuple["weakref.ref[Manifest]", "Timeline"]] = {}


class Span(Struct, frozen=True):
    """A picture, and the instants `[since, until)` for which it stands (offsets apart)."""

    since: datetime
    until: datetime
    picture: Picture


def on_screen_at(
    manifest: Manifest, t: datetime, unplayable: frozenset[str] = frozenset()
) -> Picture:
    """What is on the screen at t; `unplayable` are ids of items that this player cannot show (4.1).

    Never raises for a decoded manifest and an aware t.
    """
    return Timeline.of(manifest).picture_at(t, unplayable)


def next_change_after(
    manifest: Manifest, t: datetime, unplayable: frozenset[str] = frozenset()
) -> datetime:
    """The first instant after t at which another picture is due, or 24 h later if that is sooner.

    Always after t, but for the very last millisecond of year 9999, which has nothing after it.
    """
    return Timeline.of(manifest).next_change_after(t, unplayable)


class Timeline:
    """One manifest, indexed once, ready to be asked about any instant.

    It keeps parts of the manifest alive, but not the manifest.  Threads may share it.
    """

    def __init__(self, manifest: Manifest) -> None:
        self.programme = Programme(manifest)
        self._selections: dict[frozenset[str], _Moments] = {}

    @classmethod
    def of(cls, manifest: Manifest) -> "Timeline":
        """The timeline of this very manifest, made at the first call and dropped with it."""
        key = id(manifest)
        known = _timelines.get(key)
        if known is not None and known[0]() is manifest:
            return known[1]
        timeline = cls(manifest)
        _timelines[key] = weakref.ref(manifest, lambda gone: _forget(key, gone)), timeline
        return timeline

    def picture_at(self, t: datetime, unplayable: frozenset[str] = frozenset()) -> Picture:
        """See `on_screen_at`."""
        return self._moments(unplayable).picture_at(to_ms(t))

    def next_change_after(self, t: datetime, unplayable: frozenset[str] = frozenset()) -> datetime:
        """See `next_change_after`."""
        return from_ms(self._moments(unplayable).next_change_after(to_ms(t)))

    def pictures(
        self, start: datetime, until: datetime, unplayable: frozenset[str] = frozenset()
    ) -> Iterator[Span]:
        """Every picture from `start` to `until`, in order, one at a time.

        The first span begins at `start`; the last one's end may lie after `until`.
        """
        last = to_ms(until)
        since = start
        for ms, picture, change in self._moments(unplayable).pictures_from(to_ms(start)):
            end = from_ms(change)
            if ms >= last or end <= since:
                return
            yield Span(since, end, picture)
            since = end

    def selection(self, unplayable: frozenset[str] = frozenset()) -> Selection:
        """How layouts are chosen: for `scheduler.explain`."""
        return self._moments(unplayable).selection

    def _moments(self, unplayable: frozenset[str]) -> "_Moments":
        known = self._selections.get(unplayable)
        if known is None:
            if len(self._selections) >= _KEPT_SELECTIONS:
                self._selections.clear()
            known = _Moments(self.programme, unplayable)
            self._selections[unplayable] = known
        return known


class _Moments:
    """Pictures of a programme for one set of unplayable items, in milliseconds of UTC."""

    def __init__(self, programme: Programme, unplayable: frozenset[str]) -> None:
        self._layouts = programme.layouts
        self.selection = Selection(programme, unplayable)
        self._last: tuple[int, Stretch] | None = None

    def picture_at(self, t: int) -> Picture:
        return self._picture(t)[0]

    def next_change_after(self, t: int) -> int:
        _at, _picture, until = next(self.pictures_from(t))
        return until

    def pictures_from(self, t: int) -> Iterator[tuple[int, Picture, int]]:
        """Every picture from t on, for ever: since when, what, and until when."""
        picture, sure_until = self._picture(t)
        while True:
            since, horizon, following = t, t + _HORIZON_MS, picture
            while is_same(picture, following) and sure_until < horizon:
                t = sure_until
                following, sure_until = self._picture(t)
            if is_same(picture, following):
                t = horizon
                following, sure_until = self._picture(t)
            yield since, picture, t
            picture = following

    def _picture(self, t: int) -> tuple[Picture, int]:
        """The picture at t, and an instant up to which it surely stays the same."""
        stretch = self._stretch_at(t)
        if not stretch.contenders:
            return Picture(None, None, {}), stretch.until
        contender, turn_start, until = stretch.turn_at(t)
        zones: dict[str, Showing | None] = {}
        for zone in self._layouts[contender.layout].zones:
            slot = self.selection.rotation(zone.playlist).slot_at(t, turn_start)
            if slot is None:
                zones[zone.id] = None
                continue
            until = min(until, slot.until)
            zones[zone.id] = Showing(
                slot.item.id,
                slot.item.asset,
                from_ms(slot.since),
                from_ms(slot.until),
                t - slot.since,
            )
        return Picture(contender.layout, contender.reason, zones), until

    def _stretch_at(self, t: int) -> Stretch:
        last = self._last
        if last is None or not last[0] <= t < last[1].until:
            last = t, self.selection.stretch_at(t)
            self._last = last
        return last[1]


def is_same(one: Picture, other: Picture) -> bool:
    """Are two pictures the same, offsets apart? (6.1)"""
    return (one.layout, one.because, _spans(one)) == (other.layout, other.because, _spans(other))


def _spans(picture: Picture) -> dict[str, tuple[str, datetime, datetime] | None]:
    return {
        zone: None if showing is None else (showing.item, showing.since, showing.until)
        for zone, showing in picture.zones.items()
    }


def _forget(key: int, gone: "weakref.ref[Manifest]") -> None:
    known = _timelines.get(key)
    if known is not None and known[0] is gone:
        del _timelines[key]
