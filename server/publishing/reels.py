"""What a manifest shows over a while, as values that a page can play: asked of the scheduler.

Pure.  A reel is every picture from one instant to another with the items in its zones; nothing in
it is worked out here but what `scheduler.timeline` said.
"""

from datetime import datetime, timedelta
from itertools import islice

from msgspec import Struct

from manifest.model import CardAsset, Item, Manifest, StreamAsset, VideoAsset
from scheduler.picture import Picture, Showing
from scheduler.timeline import Span, Timeline

__all__ = ["LONGEST", "MOST_SPANS", "Part", "Reel", "ReelSpan", "ReelZone", "neighbours", "reel_of"]

#: So many pictures are told of at once; `Reel.until` says how far they reach.
MOST_SPANS = 600

#: The longest while that is told of at once.
LONGEST = timedelta(hours=24)

#: How long after its beginning an item is drawn: what moves in has come to rest.
SETTLED = timedelta(seconds=4)


#: How far back the picture before is looked for, nearest first; and how many changes tell it.
_LOOK_BACK = (timedelta(minutes=2), timedelta(hours=1), timedelta(hours=24))
_ENOUGH = 2


class Part(Struct, frozen=True):
    """What a zone shows during a span: `since` and `until` are those of the item itself.

    `offset_ms` is how far into the item the span begins.
    """

    zone: str
    item: str
    asset: str
    since: datetime
    until: datetime
    offset_ms: int
    transition: str
    transition_ms: int


class ReelSpan(Struct, frozen=True):
    """A picture that stands from `at` until `until`; no `layout` is the slate.

    `drawn_at` is the instant at which it looks as it does for most of that time.
    """

    at: datetime
    until: datetime
    drawn_at: datetime
    layout: str | None
    because: str | None
    parts: tuple[Part, ...]


class ReelZone(Struct, frozen=True):
    """Where a zone is, in pixels of the canvas; `z` larger is above."""

    zone: str
    x: int
    y: int
    width: int
    height: int
    z: int


class Reel(Struct, frozen=True):
    """Every picture from `since` to `until`, in order, and what the pages need beside them.

    `titles` by asset; `moving` are assets that change while they stand; `fits` by item.
    """

    since: datetime
    until: datetime
    timezone: str
    width: int
    height: int
    spans: tuple[ReelSpan, ...]
    zones: dict[str, tuple[ReelZone, ...]]
    titles: dict[str, str]
    fits: dict[str, str]
    films: frozenset[str]
    moving: frozenset[str]


def reel_of(manifest: Manifest, since: datetime, until: datetime) -> Reel:
    """The reel of a manifest; shorter than asked if there is too much in it."""
    until = min(until, since + LONGEST)
    items = _items(manifest)
    found = list(islice(Timeline.of(manifest).pictures(since, until), MOST_SPANS + 1))
    shown = found[:MOST_SPANS]
    spans = tuple(_span(each, manifest, items) for each in shown)
    layouts = {each.layout for each in spans if each.layout is not None}
    assets = {part.asset for each in spans for part in each.parts}
    return Reel(
        since=since,
        until=found[MOST_SPANS].since if len(found) > MOST_SPANS else until,
        timezone=manifest.timezone,
        width=manifest.canvas.width,
        height=manifest.canvas.height,
        spans=spans,
        zones={each: _zones(manifest, each) for each in layouts},
        titles={each: manifest.assets[each].title for each in assets},
        fits={part.item: items[part.item].fit for each in spans for part in each.parts},
        films=frozenset(each for each in assets if isinstance(manifest.assets[each], VideoAsset)),
        moving=frozenset(
            each for each in assets if isinstance(manifest.assets[each], CardAsset | StreamAsset)
        ),
    )


def neighbours(manifest: Manifest, at: datetime) -> tuple[datetime, datetime]:
    """When the picture before the one at `at` began, and when the next one begins.

    Looks a day back; if there was no other picture, that is the answer.
    """
    timeline = Timeline.of(manifest)
    after = timeline.next_change_after(at)
    before = at - _LOOK_BACK[-1]
    for while_ in _LOOK_BACK:
        begun = [each.since for each in timeline.pictures(at - while_, after)][1:]
        if len(begun) >= _ENOUGH:
            return begun[-2], after
    return before, after


def _drawn_at(span: Span) -> datetime:
    """When in its time a picture looks as it does for most of it."""
    settled = span.since + SETTLED
    return settled if settled < span.until else span.since


def _items(manifest: Manifest) -> dict[str, Item]:
    return {item.id: item for each in manifest.playlists.values() for item in each.items}


def _span(span: Span, manifest: Manifest, items: dict[str, Item]) -> ReelSpan:
    picture = span.picture
    has_card = any(
        showing is not None and isinstance(manifest.assets[showing.asset], CardAsset)
        for showing in picture.zones.values()
    )
    return ReelSpan(
        at=span.since,
        until=span.until,
        drawn_at=_drawn_at(span) if has_card else span.since,
        layout=picture.layout,
        because=None if picture.because is None else picture.because.id,
        parts=tuple(_parts(picture, items)),
    )


def _parts(picture: Picture, items: dict[str, Item]) -> list[Part]:
    return [
        _part(zone, showing, items[showing.item])
        for zone, showing in picture.zones.items()
        if showing is not None
    ]


def _part(zone: str, showing: Showing, item: Item) -> Part:
    return Part(
        zone=zone,
        item=showing.item,
        asset=showing.asset,
        since=showing.since,
        until=showing.until,
        offset_ms=showing.offset_ms,
        transition=item.transition.kind,
        transition_ms=item.transition.ms,
    )


def _zones(manifest: Manifest, layout: str) -> tuple[ReelZone, ...]:
    zones = sorted(manifest.layouts[layout].zones, key=lambda each: each.z)
    return tuple(ReelZone(z.id, z.x, z.y, z.width, z.height, z.z) for z in zones)
