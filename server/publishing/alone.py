"""One asset that fills a screen by itself, as facts: a layout and a playlist without rows.

Their number is the asset's, negative: rows count from 1, so the two never meet.  Pure.
"""

from manifest.model import Canvas
from server.publishing.facts import ItemFacts, LayoutFacts, PlaylistFacts, ZoneFacts

__all__ = ["layout_alone", "playlist_alone", "stand_in"]

#: How long a round takes, in milliseconds: proof of play is written once a round.
ROUND_MS = 60_000

_CANVAS = Canvas(1920, 1080)
_GROUND = "#000000"


def stand_in(asset: int) -> int:
    """The number of the layout, and of the playlist, that shows `asset` alone."""
    return -asset


def layout_alone(key: int) -> LayoutFacts:
    """A layout of one zone that is the whole screen, of whatever size."""
    zone = ZoneFacts("all", 0, 0, _CANVAS.width, _CANVAS.height, key)
    return LayoutFacts(key, "", _CANVAS, _GROUND, (zone,))


def playlist_alone(key: int) -> PlaylistFacts:
    """A playlist of one item."""
    return PlaylistFacts(key, "", (ItemFacts(key, -key, duration_ms=ROUND_MS),))
