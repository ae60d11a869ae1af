"""Arrangements to begin with, and the sizes of screens that are usual.

Places are hundredths of the canvas, so that a preset fits every size without a seam.
"""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from msgspec import Struct

from manifest.model import Canvas
from server.programme.drafts import ZoneDraft

__all__ = ["CANVASES", "PARTS", "PRESETS", "Part", "Preset", "zones_of_preset"]

#: What a zone is for: it says which playlist goes in.
PARTS: dict[str, Any] = {
    "main": gettext_lazy("Main picture"),
    "side": gettext_lazy("Side"),
    "ticker": gettext_lazy("Ticker"),
}


class Part(Struct, frozen=True):
    """A zone of a preset, in hundredths of the canvas."""

    slug: str
    kind: str
    x: int
    y: int
    width: int
    height: int


class Preset(Struct, frozen=True):
    """An arrangement; `upright` ones are meant for screens that are higher than wide."""

    title: Any
    parts: tuple[Part, ...]
    upright: bool = False


PRESETS: dict[str, Preset] = {
    "full": Preset(gettext_lazy("Full screen"), (Part("main", "main", 0, 0, 100, 100),)),
    "ticker": Preset(
        gettext_lazy("Main and ticker"),
        (Part("main", "main", 0, 0, 100, 90), Part("ticker", "ticker", 0, 90, 100, 10)),
    ),
    "side": Preset(
        gettext_lazy("Main and side"),
        (Part("main", "main", 0, 0, 75, 100), Part("side", "side", 75, 0, 25, 100)),
    ),
    "side-ticker": Preset(
        gettext_lazy("Main, side and ticker"),
        (
            Part("main", "main", 0, 0, 75, 90),
            Part("side", "side", 75, 0, 25, 90),
            Part("ticker", "ticker", 0, 90, 100, 10),
        ),
    ),
    "l": Preset(
        gettext_lazy("L: side and foot around the main picture"),
        (
            Part("main", "main", 25, 0, 75, 80),
            Part("side", "side", 0, 0, 25, 100),
            Part("foot", "ticker", 25, 80, 75, 20),
        ),
    ),
    "halves": Preset(
        gettext_lazy("Two halves"),
        (Part("left", "main", 0, 0, 50, 100), Part("right", "side", 50, 0, 50, 100)),
    ),
    "pair": Preset(
        gettext_lazy("One above the other"),
        (Part("above", "main", 0, 0, 100, 50), Part("below", "side", 0, 50, 100, 50)),
        upright=True,
    ),
    "pair-ticker": Preset(
        gettext_lazy("Two and a ticker between"),
        (
            Part("above", "main", 0, 0, 100, 46),
            Part("ticker", "ticker", 0, 46, 100, 8),
            Part("below", "side", 0, 54, 100, 46),
        ),
        upright=True,
    ),
    "head": Preset(
        gettext_lazy("Picture above, text below"),
        (Part("main", "main", 0, 0, 100, 32), Part("text", "side", 0, 32, 100, 68)),
        upright=True,
    ),
}

#: Sizes of screens, in pixels.
CANVASES: tuple[tuple[str, Any], ...] = (
    ("1920x1080", gettext_lazy("Landscape 1920 × 1080")),
    ("1080x1920", gettext_lazy("Portrait 1080 × 1920")),
    ("3840x2160", gettext_lazy("Landscape 3840 × 2160")),
    ("2160x3840", gettext_lazy("Portrait 2160 × 3840")),
    ("3840x1080", gettext_lazy("Two side by side 3840 × 1080")),
    ("2560x720", gettext_lazy("LED wall 2560 × 720")),
    ("1920x360", gettext_lazy("LED band 1920 × 360")),
)


def zones_of_preset(preset: str, canvas: Canvas, playlists: dict[str, int]) -> list[ZoneDraft]:
    """Return a preset's zones in pixels; `playlists` says what plays in each kind of part.

    A kind that is not in `playlists` plays what the main picture plays.
    """
    return [_zone(part, canvas, playlists) for part in PRESETS[preset].parts]


def _zone(part: Part, canvas: Canvas, playlists: dict[str, int]) -> ZoneDraft:
    x, right = canvas.width * part.x // 100, canvas.width * (part.x + part.width) // 100
    y, below = canvas.height * part.y // 100, canvas.height * (part.y + part.height) // 100
    names = {"above": _("Above"), "below": _("Below"), "left": _("Left half"),
             "right": _("Right half"), "foot": _("Foot"), "text": _("Text")}  # fmt: skip
    return ZoneDraft(
        slug=part.slug,
        name=names.get(part.slug, str(PARTS[part.kind])),
        x=x,
        y=y,
        width=right - x,
        height=below - y,
        playlist=playlists.get(part.kind) or playlists["main"],
    )
