"""What is on the stage as values: a scene is a layout and the take that each of its zones shows.

Made from the scheduler's `Picture` and the manifest; no Qt, no clock, no files.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec
from msgspec import Struct

from manifest.model import (
    Asset,
    Canvas,
    CardAsset,
    ImageAsset,
    Item,
    Layout,
    Manifest,
    StreamAsset,
    VideoAsset,
)
from manifest.model import Zone as ZonePlan
from scheduler.picture import Picture, Showing

__all__ = ["Cue", "Scene", "Set", "Take", "continues", "identity", "plan", "same_showing", "scene"]

#: Two showings of one item that begin closer than this are the same showing.
SAME_SHOWING = timedelta(milliseconds=500)


def identity(asset: Asset) -> str:
    """64 hex digits that name what `asset` would show: they change when its bytes change."""
    if isinstance(asset, ImageAsset | VideoAsset):
        return asset.sha256
    named = asset.url.encode() if isinstance(asset, StreamAsset) else _card_bytes(asset)
    return hashlib.sha256(named).hexdigest()


def _card_bytes(card: CardAsset) -> bytes:
    return msgspec.json.encode([card.template, card.data, card.blobs], order="deterministic")


class Take(Struct, frozen=True, eq=False):
    """One showing of one item in one zone: it is due from `since` until `until`.

    `asset` is what is drawn: the item's own, or the fallback of a stream that cannot be had.
    `timezone` is that of the screen's site, for what tells the time, and `screen` (SITE/SCREEN)
    the screen by name, for what tells where it stands.
    """

    zone: str
    item: Item
    asset: Asset
    since: datetime
    until: datetime
    timezone: str
    screen: str = ""

    def offset_ms(self, at: datetime) -> int:
        """How far into the item `at` is, in ms, never negative."""
        return max(0, (at - self.since) // timedelta(milliseconds=1))

    @property
    def is_timed(self) -> bool:
        """Does it matter how far into the item we are?  (A still picture only stands.)"""
        return isinstance(self.asset, VideoAsset)

    def shows_like(self, other: "Take") -> bool:
        """Would the two be drawn alike (whatever their place in time)?"""
        return self.item.fit == other.item.fit and (
            self.asset == other.asset or identity(self.asset) == identity(other.asset)
        )


class Set(Struct, frozen=True):
    """Where things stand: the canvas, the background, and the zones' places, lowest first.

    Layouts with equal sets are one and the same to the eye, whatever their playlists are called.
    """

    canvas: Canvas
    background: str
    places: tuple[tuple[str, int, int, int, int], ...]
    """(zone id, x, y, width, height) in canvas pixels, in drawing order"""

    @classmethod
    def of(cls, canvas: Canvas, layout: Layout) -> "Set":
        """The set of `layout`."""
        zones = sorted(layout.zones, key=_height)
        return cls(
            canvas,
            layout.background,
            tuple((zone.id, zone.x, zone.y, zone.width, zone.height) for zone in zones),
        )


def _height(zone: ZonePlan) -> int:
    return zone.z


class Scene(Struct, frozen=True):
    """A set, and what each of its zones shows; a zone that has nothing to show is not named."""

    set: Set
    takes: dict[str, Take]


class Cue(Struct, frozen=True):
    """Something to make ready: `take` will be due in `set` at `at`."""

    set: Set
    take: Take
    at: datetime


def scene(
    manifest: Manifest, picture: Picture, fallen: frozenset[str] = frozenset()
) -> Scene | None:
    """The scene of `picture`; None: the slate.

    `fallen` names the assets (streams) whose fallback stands in for them.
    """
    if picture.layout is None:
        return None
    items = _items(manifest)
    takes = {
        zone: _take(manifest, items[showing.item], zone, showing, fallen)
        for zone, showing in picture.zones.items()
        if showing is not None
    }
    return Scene(Set.of(manifest.canvas, manifest.layouts[picture.layout]), takes)


def _take(
    manifest: Manifest, item: Item, zone: str, showing: Showing, fallen: frozenset[str]
) -> Take:
    asset = manifest.assets[item.asset]
    if isinstance(asset, StreamAsset) and item.asset in fallen:
        asset = manifest.assets[asset.fallback]
    screen = f"{manifest.site}/{manifest.screen}"
    return Take(zone, item, asset, showing.since, showing.until, manifest.timezone, screen)


_indexed: tuple[Manifest, dict[str, Item]] | None = None


def _items(manifest: Manifest) -> dict[str, Item]:
    """Items by id, kept for the manifest that was asked for last."""
    global _indexed  # noqa: PLW0603  (one manifest plays at a time; an index of 10,000 items is worth keeping)
    if _indexed is None or _indexed[0] is not manifest:
        found = {item.id: item for each in manifest.playlists.values() for item in each.items}
        _indexed = (manifest, found)
    return _indexed[1]


def same_showing(one: Take, other: Take) -> bool:
    """Are these the same showing of the same bytes, perhaps from two manifests?"""
    return abs(one.since - other.since) < SAME_SHOWING and one.shows_like(other)


def continues(old: Take, new: Take) -> bool:
    """May what is on screen simply stay?  A still stays whenever it is due again."""
    return same_showing(old, new) or (not new.is_timed and old.shows_like(new))


def plan(now: Scene | None, coming: Iterable[tuple[datetime, Scene | None]]) -> list[Cue]:
    """What to make ready: the next take of every zone, in the order in which they are due."""
    cues: dict[tuple[Set, str], Cue | None] = {}
    shown = {} if now is None else now.takes
    current = {} if now is None else {(now.set, zone): take for zone, take in shown.items()}
    for at, then in coming:
        if then is None:
            continue
        for zone, take in then.takes.items():
            place = (then.set, zone)
            if place in cues or (place in current and continues(current[place], take)):
                continue
            cues[place] = Cue(then.set, take, at)
    return [cue for cue in cues.values() if cue is not None]
