"""The shapes in which a card is looked at while it is written: screens and usual zones.  Pure.

For previews and the pages that offer them.  A card fits every size; these are the ones in which
editors meet it on walls.
"""

from collections.abc import Mapping

from cards.ticker import TICKER
from manifest.model import Canvas

__all__ = ["SHAPES", "WIDE", "shapes_of"]

WIDE = "wide"

#: Sizes in pixels: a screen level and upright, and zones of our layout presets.
SHAPES: Mapping[str, Canvas] = {
    WIDE: Canvas(1920, 1080),
    "tall": Canvas(1080, 1920),
    "side": Canvas(640, 720),
    "corner": Canvas(640, 320),
    "strip": Canvas(1920, 100),
    "short-strip": Canvas(1080, 100),
}

_STRIPS = ("strip", "short-strip")


def shapes_of(template: str) -> tuple[str, ...]:
    """The names of the shapes in which a card of `template` is used, the usual one first."""
    if template == TICKER.name:
        return _STRIPS
    return tuple(name for name in SHAPES if name not in _STRIPS)
