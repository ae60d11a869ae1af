"""Arrangements to begin with, and the sizes of screens that are usual.

Places are hundredths of the canvas, so that a preset fits every size without a seam.
"""

from typing import Any

from django.utils.translation import gettext_lazy
from msgspec import Struct

from manifest.model import Canvas
from server.programme.drafts import ZoneDraft
from server.programme.layouts import DEFAULT_BACKGROUND
from server.staff.layouts.zone_words import ZONE_WORDS, zone_word

__all__ = ["CANVASES", "PARTS", "PRESETS", "Part", "Preset", "zones_of_preset"]

#: What a zone is for: it says which playlist goes in.
PARTS: dict[str, Any] = {kind: ZONE_WORDS[kind] for kind in ("main", "side", "corner", "ticker")}


class Part(Struct, frozen=True):
    """A zone of a preset, in hundredths of the canvas."""

    slug: str
    kind: str
    x: int
    y: int
    width: int
    height: int


class Preset(Struct, frozen=True):
    """An arrangement; `upright` ones are meant for screens that are higher than wide.

    One for a place says what it is good for (`purpose`) and for which `size` it is meant; one that
    is but a shape says neither.
    """

    title: Any
    parts: tuple[Part, ...]
    upright: bool = False
    purpose: Any = ""
    size: str = ""
    background: str = DEFAULT_BACKGROUND


WIDE, UPRIGHT, WALL = "1920x1080", "1080x1920", "3840x1080"

#: Arrangements for the places of a house.  What is read in passing has large zones and few of them;
#: on a wall of two panels no words but the ticker's stand on the seam; at night most stays dark.
_PLACES: dict[str, Preset] = {
    "lobby": Preset(
        gettext_lazy("Lobby"),
        (
            Part("main", "main", 0, 0, 67, 90),
            Part("corner", "corner", 67, 0, 33, 30),
            Part("side", "side", 67, 30, 33, 60),
            Part("ticker", "ticker", 0, 90, 100, 10),
        ),
        purpose=gettext_lazy("Films and welcome, notices beside them, the time in the corner."),
        size=WIDE,
    ),
    "lobby-portrait": Preset(
        gettext_lazy("Lobby, portrait"),
        (
            Part("main", "main", 0, 0, 100, 34),
            Part("side", "side", 0, 34, 100, 44),
            Part("corner", "corner", 0, 78, 100, 16),
            Part("ticker", "ticker", 0, 94, 100, 6),
        ),
        upright=True,
        purpose=gettext_lazy("For a standing screen beside the door: picture, notice, time."),
        size=UPRIGHT,
    ),
    "canteen": Preset(
        gettext_lazy("Canteen"),
        (
            Part("main", "main", 0, 0, 64, 90),
            Part("side", "side", 64, 0, 36, 58),
            Part("corner", "corner", 64, 58, 36, 32),
            Part("ticker", "ticker", 0, 90, 100, 10),
        ),
        purpose=gettext_lazy("The menu large, hints for the meal beside it."),
        size=WIDE,
    ),
    "corridor": Preset(
        gettext_lazy("Corridor"),
        (Part("main", "main", 0, 0, 100, 86), Part("ticker", "ticker", 0, 86, 100, 14)),
        purpose=gettext_lazy("One large picture and a large ticker: read in passing."),
        size=WIDE,
    ),
    "meeting": Preset(
        gettext_lazy("Meeting floor"),
        (
            Part("main", "main", 0, 0, 60, 100),
            Part("corner", "corner", 60, 0, 40, 34),
            Part("side", "side", 60, 34, 40, 66),
        ),
        purpose=gettext_lazy("The meetings of the day, the time, a quiet notice; nothing runs."),
        size=WIDE,
    ),
    "shaft": Preset(
        gettext_lazy("Shaft entrance"),
        (
            Part("main", "main", 0, 0, 50, 84),
            Part("side", "side", 50, 0, 50, 84),
            Part("ticker", "ticker", 0, 84, 100, 16),
        ),
        purpose=gettext_lazy(
            "Days without an accident and the point of this shift, half and half."
        ),
        size=WIDE,
    ),
    "wall": Preset(
        gettext_lazy("Video wall 2 × 1"),
        (
            Part("main", "main", 0, 0, 50, 90),
            Part("side", "side", 50, 0, 27, 90),
            Part("corner", "corner", 77, 0, 23, 90),
            Part("ticker", "ticker", 0, 90, 100, 10),
        ),
        purpose=gettext_lazy("Two panels side by side: no zone but the ticker crosses the seam."),
        size=WALL,
    ),
    "night": Preset(
        gettext_lazy("Night mode"),
        (Part("main", "main", 22, 28, 56, 30), Part("side", "side", 22, 58, 56, 14)),
        purpose=gettext_lazy("Few words on black for the hours in which nobody should be dazzled."),
        size=WIDE,
        background="#05070A",
    ),
}

_SHAPES: dict[str, Preset] = {
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

PRESETS: dict[str, Preset] = _PLACES | _SHAPES

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
    return ZoneDraft(
        slug=part.slug,
        name=zone_word(part.slug),
        x=x,
        y=y,
        width=right - x,
        height=below - y,
        playlist=playlists.get(part.kind) or playlists["main"],
    )
