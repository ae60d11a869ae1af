"""What editors send: parts of a playlist, a layout or an entry before they are rows.

Plain values for `programme.services`; whoever reads a form or JSON makes them.  Nothing is checked
here: `programme.checks` does.
"""

from collections.abc import Collection
from datetime import datetime

from msgspec import Struct

from cards.music import MUSIC_ZONE

__all__ = ["ItemDraft", "PlaylistDraft", "Where", "WindowDraft", "ZoneDraft", "music_zone"]


class ItemDraft(Struct, frozen=True, kw_only=True):
    """An item of a playlist.  `pk` says which one it was; without it, it is a new one.

    `key` is the name that a page gave it: a new item with a key that is there is that one.
    `page` is one page of a document (all pages without); `duration_ms` None is a video's own
    length, ten seconds for all else.
    """

    asset: int
    pk: int | None = None
    page: int | None = None
    duration_ms: int | None = None
    weight: int = 1
    fit: str = "contain"
    transition: str = "fade"
    transition_ms: int = 600
    is_muted: bool = False
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    key: str | None = None


class PlaylistDraft(Struct, frozen=True, kw_only=True):
    """A playlist as an editor has it: its items, and what new ones begin with (`default_…`)."""

    name: str
    order: str = "listed"
    default_duration_ms: int | None = None
    default_fit: str = "contain"
    default_transition: str = "fade"
    default_transition_ms: int = 600
    items: tuple[ItemDraft, ...] = ()


#: Where the zone lies that is heard and not seen: below all others.
LOWEST_Z = -1000


class ZoneDraft(Struct, frozen=True, kw_only=True):
    """A zone of a layout, in pixels of the layout's canvas; `name` is for people ("": the slug)."""

    slug: str
    x: int
    y: int
    width: int
    height: int
    playlist: int
    z: int = 0
    name: str = ""

    @property
    def title(self) -> str:
        """What people call it."""
        return self.name or self.slug

    @property
    def is_seen(self) -> bool:
        """Is it a part of the picture, and not the one that music comes from?"""
        return self.slug != MUSIC_ZONE


def music_zone(playlist: int) -> ZoneDraft:
    """The zone that plays music behind a layout: a pixel below everything, which draws nothing."""
    return ZoneDraft(slug=MUSIC_ZONE, x=0, y=0, width=1, height=1, z=LOWEST_Z, playlist=playlist)


class WindowDraft(Struct, frozen=True, kw_only=True):
    """When an entry is due: wall times as `YYYY-MM-DDTHH:MM:SS` (docs/manifest.md, section 3)."""

    start: str
    duration_s: int
    rrule: str = ""
    rdates: tuple[str, ...] = ()
    exdates: tuple[str, ...] = ()
    days: str = "any"


class Where(Struct, frozen=True, kw_only=True):
    """On which screens and groups (primary keys)."""

    screens: Collection[int] = ()
    groups: Collection[int] = ()
