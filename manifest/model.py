"""What one screen may show, and when: the manifest as frozen values.

Field names are those of the document (docs/manifest.md, section 2).  Instants are aware
datetimes in UTC with whole milliseconds; wall times are naive datetimes on the clock of
`Manifest.timezone`.  Nothing here checks anything: `manifest.codec` does, and only what it
returns may be shown.
"""

from datetime import date, datetime
from typing import Any, Literal

from msgspec import Struct, field

__all__ = [
    "Asset",
    "Calendar",
    "Canvas",
    "CardAsset",
    "Entry",
    "FileReference",
    "Fit",
    "ImageAsset",
    "Item",
    "Layout",
    "Manifest",
    "Panel",
    "Playlist",
    "StreamAsset",
    "Takeover",
    "Transition",
    "VideoAsset",
    "Window",
    "Zone",
]

Fit = Literal["contain", "cover", "stretch"]


class Model(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Base of every value here: frozen, and refusing keys that it does not know."""


class Canvas(Model, frozen=True):
    """The design size of the screen, in pixels."""

    width: int
    height: int


class Calendar(Model, frozen=True):
    """Public holidays (`rest`) and the days worked in exchange for them (`work`, 调休)."""

    rest: frozenset[date] = frozenset()
    work: frozenset[date] = frozenset()


class FileReference(Model, frozen=True):
    """A file that a card needs, named by what it holds."""

    sha256: str
    bytes: int
    mime: str


class ImageAsset(Model, frozen=True, tag_field="kind", tag="image"):
    """A still or animated picture; `width` and `height` in pixels."""

    title: str
    sha256: str
    bytes: int
    mime: str
    width: int
    height: int


class VideoAsset(Model, frozen=True, tag_field="kind", tag="video"):
    """A video file; `audio` says whether it has a sound track."""

    title: str
    sha256: str
    bytes: int
    mime: str
    width: int
    height: int
    duration_ms: int
    audio: bool


class StreamAsset(Model, frozen=True, tag_field="kind", tag="stream"):
    """A live source, and the asset that stands in for it while it cannot be had."""

    title: str
    url: str
    fallback: str


class CardAsset(Model, frozen=True, tag_field="kind", tag="card"):
    """A card: a named template, the data that fills it, and the files that it shows."""

    title: str
    template: str
    data: dict[str, Any]
    blobs: dict[str, FileReference] = {}


Asset = ImageAsset | VideoAsset | StreamAsset | CardAsset


class Transition(Model, frozen=True):
    """How an item takes the place of the one before it; `ms` is how long that takes."""

    kind: Literal["cut", "fade", "slide"] = "cut"
    ms: int = 0


class Item(Model, frozen=True):
    """An asset in a playlist.  Valid at t when `valid_from <= t < valid_until` (None: open)."""

    id: str
    asset: str
    duration_ms: int
    weight: int = 1
    fit: Fit = "contain"
    transition: Transition = Transition()
    valid_from: datetime | None = None
    valid_until: datetime | None = None


class Playlist(Model, frozen=True):
    """An endless loop of items."""

    items: tuple[Item, ...]
    order: Literal["listed", "shuffled"] = "listed"


class Zone(Model, frozen=True):
    """A rectangle of a layout, in canvas pixels; it plays one playlist.  Larger `z` is above."""

    id: str
    x: int
    y: int
    width: int
    height: int
    playlist: str
    z: int = 0


class Layout(Model, frozen=True):
    """A full-screen arrangement of zones on a background colour (`#rrggbb`)."""

    background: str
    zones: tuple[Zone, ...]


class Window(Model, frozen=True):
    """A recurring span of wall time (docs/manifest.md, section 3)."""

    start: datetime
    duration_s: int
    rrule: str | None = None
    rdates: tuple[datetime, ...] = ()
    exdates: tuple[datetime, ...] = ()
    days: Literal["any", "work", "rest"] = "any"


class Entry(Model, frozen=True):
    """A layout that is due in a window.  A larger priority wins; equals take turns."""

    id: str
    layout: str
    priority: int
    window: Window
    turn_ms: int | None = None


class Takeover(Model, frozen=True):
    """An urgent layout above all entries, from one instant to another."""

    id: str
    layout: str
    from_: datetime = field(name="from")
    until: datetime
    priority: int


class Panel(Model, frozen=True):
    """When the panel is lit: in any of these windows.  No `Panel` at all means always."""

    on: tuple[Window, ...]


class Manifest(Model, frozen=True, kw_only=True, weakref=True):
    """Everything that one screen may show, and when."""

    format: Literal["yingbi/1"] = "yingbi/1"
    site: str
    screen: str
    version: int
    issued_at: datetime
    expires_at: datetime
    timezone: str
    canvas: Canvas
    calendar: Calendar = Calendar()
    assets: dict[str, Asset]
    playlists: dict[str, Playlist]
    layouts: dict[str, Layout]
    entries: tuple[Entry, ...]
    default_layout: str
    takeovers: tuple[Takeover, ...] = ()
    panel: Panel | None = None

    def files(self) -> dict[str, FileReference]:
        """Every file that this manifest names, by its SHA-256: what a generation must hold."""
        found: dict[str, FileReference] = {}
        for asset in self.assets.values():
            if isinstance(asset, ImageAsset | VideoAsset):
                found[asset.sha256] = FileReference(asset.sha256, asset.bytes, asset.mime)
            elif isinstance(asset, CardAsset):
                found.update({file.sha256: file for file in asset.blobs.values()})
        return found
