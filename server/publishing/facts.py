"""What manifests are compiled from, as plain frozen values: the programme of a batch of screens.

`publishing.loader` fills these from the database, `publishing.compile` reads them; tests make them
by hand.  Numbers are primary keys.  Where a part needs no compiling (a window, a canvas), it is the
manifest's own value.
"""

from datetime import date, datetime
from typing import Any, Literal

from msgspec import Struct

from manifest.model import Canvas, Fit, Window

__all__ = [
    "AssetFacts",
    "EntryFacts",
    "Facts",
    "FileFacts",
    "ItemFacts",
    "LayoutFacts",
    "PlaylistFacts",
    "ScreenFacts",
    "TakeoverFacts",
    "ZoneFacts",
]


class FileFacts(Struct, frozen=True):
    """A rendition for the wall: page 0 is the asset as a whole, pages of documents count from 1.

    `text_percent`: how high the text of a page is, of the page's height.
    """

    page: int
    sha256: str
    bytes: int
    mime: str
    width: int
    height: int
    duration_ms: int | None = None
    audio: bool = False
    text_percent: float | None = None


class AssetFacts(Struct, frozen=True):
    """An asset; `files` for every wall, `files_4k` for walls that can play them.

    `kind` is one of `library.models.AssetKind`.

    `is_ready` is False while it is being processed, when that failed and when it was withdrawn.
    """

    pk: int
    kind: str
    title: str
    is_ready: bool
    files: tuple[FileFacts, ...] = ()
    files_4k: tuple[FileFacts, ...] = ()
    content: dict[str, Any] = {}
    valid_until: datetime | None = None
    is_withdrawn: bool = False


class ItemFacts(Struct, frozen=True):
    """An asset in a playlist: of a document all pages, or the one that `page` names."""

    pk: int
    asset: int
    page: int | None = None
    duration_ms: int | None = None
    weight: int = 1
    fit: Fit = "contain"
    transition: Literal["cut", "fade", "slide"] = "cut"
    transition_ms: int = 0
    is_muted: bool = False
    valid_from: datetime | None = None
    valid_until: datetime | None = None


class PlaylistFacts(Struct, frozen=True):
    """A playlist with its items in order."""

    pk: int
    name: str
    items: tuple[ItemFacts, ...]
    order: Literal["listed", "shuffled"] = "listed"


class ZoneFacts(Struct, frozen=True):
    """A zone, in pixels of its layout's canvas."""

    slug: str
    x: int
    y: int
    width: int
    height: int
    playlist: int
    z: int = 0


class LayoutFacts(Struct, frozen=True):
    """A layout, designed for a canvas of one size."""

    pk: int
    name: str
    canvas: Canvas
    background: str
    zones: tuple[ZoneFacts, ...]


class EntryFacts(Struct, frozen=True):
    """An enabled entry, and where it is due."""

    pk: int
    name: str
    layout: int
    priority: int
    window: Window
    turn_ms: int | None = None
    screens: frozenset[int] = frozenset()
    groups: frozenset[int] = frozenset()


class TakeoverFacts(Struct, frozen=True):
    """A takeover, and where."""

    pk: int
    name: str
    layout: int
    starts_at: datetime
    ends_at: datetime
    priority: int = 0
    screens: frozenset[int] = frozenset()
    groups: frozenset[int] = frozenset()


class ScreenFacts(Struct, frozen=True):
    """A screen, and what is decided for it alone."""

    pk: int
    slug: str
    site: str
    name: str
    canvas: Canvas
    timezone: str
    default_layout: int | None = None
    panel: tuple[Window, ...] | None = None
    groups: frozenset[int] = frozenset()
    allows_4k: bool = False


class Facts(Struct, frozen=True):
    """All that the manifests of some screens are made of."""

    screens: dict[int, ScreenFacts] = {}
    layouts: dict[int, LayoutFacts] = {}
    playlists: dict[int, PlaylistFacts] = {}
    assets: dict[int, AssetFacts] = {}
    entries: tuple[EntryFacts, ...] = ()
    takeovers: tuple[TakeoverFacts, ...] = ()
    rest_days: frozenset[date] = frozenset()
    work_days: frozenset[date] = frozenset()
