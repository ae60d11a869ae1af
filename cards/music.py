"""The template `music`: sound behind a layout, which draws nothing (docs/cards.md).  Pure.

The stage plays the card's file `track` from the instant that the timeline tells, again and again
while the card stands, and turns it down while a video or a stream of the same screen is heard.
"""

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from cards.template import CardData, Face, Template

__all__ = ["MUSIC", "MUSIC_ZONE", "Music"]

#: What the zone of a layout is called that is heard and not seen.
MUSIC_ZONE = "music"

#: How loud, in per cent of the screen's own volume.
USUAL_VOLUME, USUAL_DUCKED = 60, 20


class Music(CardData, frozen=True, kw_only=True):
    """`music`: how loud it is by itself, and while something else is heard (0: not at all)."""

    volume: Annotated[int, Meta(ge=1, le=100)] = USUAL_VOLUME
    ducked: Annotated[int, Meta(ge=0, le=100)] = USUAL_DUCKED


def _face(told: Music, _now: datetime) -> Face:
    return Face({"volume": told.volume, "ducked": min(told.ducked, told.volume)})


MUSIC = Template("music", "", Music, _face, files=frozenset({"track"}))
