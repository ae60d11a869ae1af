"""What the form of the editor sends, read as it was typed: nothing typed is ever lost.

`changes` is strict, and says what is no number; `drafts` and `canvas` make the best of it, for
pictures and advice on what is not saved yet.
"""

import re
from typing import Any

from django.http import HttpRequest
from msgspec import Struct

from cards.music import MUSIC_ZONE
from manifest.model import Canvas
from server.errors import Invalid
from server.programme.drafts import ZoneDraft, music_zone
from server.programme.layout_cautions import Viewing
from server.screens.models import LARGEST_SIDE, LEAST_SIDE
from server.staff.layouts.zone_words import zone_word

__all__ = ["Posted", "posted"]

_NUMBERS = ("x", "y", "width", "height", "z")
_COLUMNS = ("slug", *_NUMBERS, "playlist")


class Posted(Struct):
    """The form, each field as it was typed; `zones` are those that are seen.

    `music` is the playlist that is heard behind them; 0: none.
    """

    name: str
    width: str
    height: str
    background: str
    version: int
    zones: list[dict[str, Any]]
    music: int = 0
    viewing: Viewing = Viewing()

    def changes(self) -> dict[str, Any]:
        """What `services.layout_change` takes.  Raises `Invalid`."""
        width, height = _number(self.width), _number(self.height)
        if min(width, height) < LEAST_SIDE:
            raise Invalid(
                "A screen has at least %(least)d pixels a side.", values={"least": LEAST_SIDE}
            )
        return {
            "name": self.name.strip() or None,
            "canvas": Canvas(width, height),
            "background": self.background,
            "zones": [
                *([music_zone(self.music)] if self.music else []),
                *(_draft(zone) for zone in self.zones),
            ],
        }

    def canvas(self) -> Canvas:
        """The canvas, as far as it was typed."""
        width, height = (_nearest(side, LEAST_SIDE) for side in (self.width, self.height))
        return Canvas(max(width, LEAST_SIDE), max(height, LEAST_SIDE))

    def drafts(self) -> list[ZoneDraft]:
        """The zones that are seen, as far as they were typed."""
        return [_draft({**zone, **{n: _nearest(zone[n], 0) for n in _NUMBERS}})
                for zone in self.zones]  # fmt: skip


def posted(request: HttpRequest) -> Posted:
    """Read the form."""
    sent = request.POST
    return Posted(
        name=sent.get("name", ""),
        width=sent.get("width", ""),
        height=sent.get("height", ""),
        background=sent.get("background", ""),
        version=int(version) if (version := sent.get("version", "")).isdecimal() else 0,
        zones=_zones(request),
        music=_nearest(sent.get("music", ""), 0),
        viewing=Viewing(
            _within(sent.get("inches", ""), Viewing().inches, 5, 1000),
            _within(sent.get("distance", ""), Viewing().distance_m, 0.3, 200),
        ),
    )


def _zones(request: HttpRequest) -> list[dict[str, Any]]:
    """The zones as they were typed; a row without any name is left out, so is the one removed."""
    columns = [request.POST.getlist(f"zone_{name}") for name in _COLUMNS]
    rows = [dict(zip(_COLUMNS, values, strict=True)) for values in zip(*columns, strict=False)]
    names = request.POST.getlist("zone_name")
    for row, name in zip(rows, [*names, *[""] * (len(rows) - len(names))], strict=True):
        row["name"] = name.strip()[:60]
        row["slug"] = row["slug"].strip()
        row["playlist"] = _nearest(row["playlist"], 0)
    removed = request.POST.get("remove", "")
    kept = [row for row in rows if row["slug"] or row["name"]]
    _name_slugs(kept)
    kept = [row for row in kept if row["slug"] != removed]
    return [row | {"title": zone_word(row["slug"], row["name"])} for row in kept]


def _name_slugs(rows: list[dict[str, Any]]) -> None:
    """New zones get an identifier: their name where it is one, else a number."""
    taken = {MUSIC_ZONE, *(row["slug"] for row in rows)}
    for row in rows:
        if row["slug"]:
            continue
        stem = re.sub(r"[^a-z0-9]+", "-", row["name"].lower()).strip("-")[:40] or "zone"
        names = (stem, *(f"{stem}-{n}" for n in range(2, len(rows) + 4)))
        row["slug"] = next(name for name in names if name not in taken)
        taken.add(row["slug"])


def _draft(zone: dict[str, Any]) -> ZoneDraft:
    return ZoneDraft(
        slug=str(zone["slug"]),
        name=str(zone["name"]),
        playlist=int(zone["playlist"]),
        **{name: _number(zone[name]) for name in _NUMBERS},
    )


def _number(text: object) -> int:
    """A number of pixels.  Raises `Invalid`."""
    try:
        value = int(str(text))
    except ValueError:
        value = LARGEST_SIDE * 2
    if abs(value) > LARGEST_SIDE:
        raise Invalid("“%(text)s” is no number of pixels.", values={"text": str(text)[:20]})
    return value


def _nearest(text: object, default: int) -> int:
    try:
        return _number(text)
    except Invalid:
        return default


def _within(text: str, default: float, low: float, high: float) -> float:
    """A number such as 5.5 between two limits, or the usual one."""
    try:
        return min(max(float(text), low), high) if "n" not in text.lower() else default
    except ValueError:
        return default
