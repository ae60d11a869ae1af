"""What a preview shall show, as a value: the manifest, the instant, the size, and its identity.

Pure.  Two drawings with one identity look alike to the last pixel, so that one of them is enough:
a still picture looks the same for as long as it stands, a film in each of its milliseconds.
"""

import hashlib
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from cards.catalogue import card_for
from cards.music import MUSIC, MUSIC_ZONE
from cards.template import CardRefusedError
from manifest.model import Asset, CardAsset, ImageAsset, Layout, Manifest, StreamAsset
from scheduler.picture import Showing
from scheduler.timeline import on_screen_at
from server.publishing.parts import digests_of

__all__ = ["LEAST_WIDTH", "Drawing", "as_drawn", "drawing_of"]

#: A picture of a screen that is narrower than this shows nothing, in pixels.
LEAST_WIDTH = 64

#: A change of how the stage draws that pictures drawn before do not show: count up.
EDITION = 3

#: What never moves; the other kinds of pictures may be animated.
_STILL = frozenset({"image/jpeg"})


class Drawing(Struct, frozen=True):
    """A picture that is wanted: `files` (SHA-256) are those that stand in it."""

    identity: str
    manifest: Manifest
    at: datetime
    size: tuple[int, int]
    files: frozenset[str]


def drawing_of(manifest: Manifest, at: datetime, width: int | None = None) -> Drawing:
    """The drawing of a screen at an instant, `width` pixels wide (None: as wide as the screen).

    In the place of a stream stands its stand-in: a preview has no network.
    """
    canvas = manifest.canvas
    wide = min(width or canvas.width, canvas.width)
    size = wide, max(1, round(wide * canvas.height / canvas.width))
    offline = as_drawn(manifest)
    seen, shown = _seen(offline, at.astimezone(UTC))
    what = msgspec.json.encode([EDITION, size, seen], order="deterministic", enc_hook=_text)
    files = frozenset(sha256 for asset in shown for sha256 in digests_of(asset))
    return Drawing(hashlib.sha256(what).hexdigest(), offline, at, size, files)


def _text(value: object) -> str:
    """A text of a kind of its own (a headline of a card) as what it says."""
    if isinstance(value, str):
        return str(value)
    raise TypeError(f"{type(value).__name__} is nothing that a drawing is known by")


def as_drawn(manifest: Manifest) -> Manifest:
    """What can be drawn of it: stand-ins in the places of streams, and no music behind.

    Itself, where it has neither.  Whoever draws many pictures asks this once, so that the manifest
    is indexed once.
    """
    assets = manifest.assets
    is_heard = any(isinstance(each, CardAsset) and each.template == MUSIC.name
                   for each in assets.values())  # fmt: skip
    if not is_heard and not any(isinstance(each, StreamAsset) for each in assets.values()):
        return manifest
    offline = {
        id_: assets[each.fallback] if isinstance(each, StreamAsset) else each
        for id_, each in assets.items()
    }
    layouts = {id_: _without_music(each) for id_, each in manifest.layouts.items()}
    return replace(manifest, assets=offline, layouts=layouts)


def _without_music(layout: Layout) -> Layout:
    """The layout as it is seen; one of nothing but music stays, and is empty."""
    seen = tuple(each for each in layout.zones if each.id != MUSIC_ZONE)
    return replace(layout, zones=seen or layout.zones)


def _seen(manifest: Manifest, at: datetime) -> tuple[list[Any], list[Asset]]:
    """All that decides how the picture looks, and the assets in it."""
    picture = on_screen_at(manifest, at)
    if picture.layout is None:  # the slate tells the time, to the minute
        return ["slate", manifest.screen, manifest.timezone, f"{at:%Y-%m-%dT%H:%M}"], []
    layout = manifest.layouts[picture.layout]
    fits = {item.id: item.fit for each in manifest.playlists.values() for item in each.items}
    screen = f"{manifest.site}/{manifest.screen}"
    zones, shown, zone_info = list[Any](), list[Asset](), ZoneInfo(manifest.timezone)
    for zone in sorted(layout.zones, key=lambda each: each.z):
        showing = picture.zones.get(zone.id)
        if showing is not None:
            asset = manifest.assets[showing.asset]
            place = (zone.x, zone.y, zone.width, zone.height)
            look = _look(asset, showing, at.astimezone(zone_info), screen)
            zones.append([place, fits[showing.item], *look])
            shown.append(asset)
    return [manifest.canvas, layout.background, zones], shown


def _look(asset: Asset, showing: Showing, there: datetime, screen: str) -> tuple[Asset, int, Any]:
    """What an asset looks like: itself (whatever its title), how far into it we are, its face."""
    is_still = isinstance(asset, ImageAsset) and asset.mime in _STILL
    face = _face(asset, there, screen) if isinstance(asset, CardAsset) else None
    return replace(asset, title=""), 0 if is_still else showing.offset_ms, face


def _face(card: CardAsset, there: datetime, screen: str) -> dict[str, Any] | None:
    """What a card shows at that instant; None: the stage refuses it, and says why."""
    try:
        return card_for(card, there, screen).face.data
    except CardRefusedError:
        return None
