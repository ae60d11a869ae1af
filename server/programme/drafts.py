"""What editors send: parts of a playlist, a layout or an entry before they are rows.

Plain values for `programme.services`; whoever reads a form or JSON makes them.  Nothing is checked
here: `programme.checks` does.
"""

from collections.abc import Collection
from datetime import datetime

from msgspec import Struct

__all__ = ["ItemDraft", "Where", "WindowDraft", "ZoneDraft"]


class ItemDraft(Struct, frozen=True, kw_only=True):
    """An item of a playlist.  `pk` says which one it was; without it, it is a new one.

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
    valid_from: datetime | None = None
    valid_until: datetime | None = None


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
