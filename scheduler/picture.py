"""The answer to "what is on this screen at t": a picture, and why it is that one."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

__all__ = ["Picture", "Reason", "Showing"]


class Reason(Struct, frozen=True):
    """Which takeover, entry or default put a layout on the screen.

    `anchor` is the instant its rotation is counted from; `id` and `priority` are None for the
    default layout.
    """

    kind: Literal["takeover", "entry", "default"]
    anchor: datetime
    id: str | None = None
    priority: int | None = None


class Showing(Struct, frozen=True):
    """One item in one zone: its span `[since, until)` in the rotation, and how far into it t is."""

    item: str
    asset: str
    since: datetime
    until: datetime
    offset_ms: int


class Picture(Struct, frozen=True):
    """What is on the screen.  The slate is `layout=None, because=None, zones={}`.

    A zone with nothing to show is None: the layout's background stands there.
    """

    layout: str | None
    because: Reason | None
    zones: dict[str, Showing | None]
