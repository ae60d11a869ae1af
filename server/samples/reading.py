"""Read a sample programme (`NAME.toml` beside this module) as of a day.  No Django, no clock.

The content speaks of days relative to the day on which it is read, so that it is never stale:
`@today-3` as a whole text is a date (`2026-11-20`), `@today T09:00:00` a wall time on it, and
`{+2}` within a sentence is the day as people write it (11月25日).
"""

import re
import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from manifest.model import CardAsset

__all__ = ["SAMPLES", "Sample", "SampleEntry", "SampleItem", "SampleLayout", "SampleZone", "read"]

_FOLDER = Path(__file__).parent
#: The sample programmes, in the order in which they are offered.
SAMPLES = ("lobby", "canteen", "safety-month")

_DAY = re.compile(r"@today([+-]\d+)?(?: T(\d\d:\d\d:\d\d))?")
_SPOKEN_DAY = re.compile(r"\{([+-]\d+)\}")


class SampleZone(Struct, frozen=True, forbid_unknown_fields=True):
    """A zone: `place` is x, y, width, height in pixels of 1920 x 1080."""

    id: str
    name: str
    place: tuple[int, int, int, int]
    playlist: str


class SampleLayout(Struct, frozen=True, forbid_unknown_fields=True):
    """A layout of 1920 x 1080; several of a sample take turns."""

    name: str
    background: str
    zones: tuple[SampleZone, ...]


class SampleItem(Struct, frozen=True, forbid_unknown_fields=True):
    """A card of the sample, or a picture or clip by its name, and how long it stands."""

    asset: str
    seconds: int


class SampleEntry(Struct, frozen=True, forbid_unknown_fields=True):
    """When it is due every day: a wall time, and for how long."""

    start: str
    hours: int


class Sample(Struct, frozen=True, forbid_unknown_fields=True):
    """One sample programme; items that are no card of it are media that come from elsewhere."""

    title: str
    purpose: str
    entry: SampleEntry
    layouts: tuple[SampleLayout, ...]
    playlists: dict[str, tuple[SampleItem, ...]]
    cards: dict[str, CardAsset]

    @property
    def media(self) -> set[str]:
        """The names of the pictures and clips that it shows besides its cards."""
        items = (item for playlist in self.playlists.values() for item in playlist)
        return {item.asset for item in items} - self.cards.keys()

    def loop_ms(self, layout: SampleLayout) -> int:
        """How long the main zone of a layout takes for everything that it shows."""
        main = next(zone for zone in layout.zones if zone.id == "main")
        return 1000 * sum(item.seconds for item in self.playlists[main.playlist])


def read(name: str, today: date) -> Sample:
    """The sample `name` (one of `SAMPLES`) as it reads on `today`."""
    told = tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    for card in told["cards"].values():
        card["kind"] = "card"
    return msgspec.convert(_of_day(told, today), Sample)


def _of_day(told: Any, today: date) -> Any:
    if isinstance(told, dict):
        return {key: _of_day(each, today) for key, each in told.items()}
    if isinstance(told, list):
        return [_of_day(each, today) for each in told]
    return _text_of_day(told, today) if isinstance(told, str) else told


def _text_of_day(text: str, today: date) -> str:
    if whole := _DAY.fullmatch(text):
        day = today + timedelta(days=int(whole[1] or 0))
        return f"{day}T{whole[2]}" if whole[2] else f"{day}"
    return _SPOKEN_DAY.sub(lambda found: _spoken(today + timedelta(days=int(found[1]))), text)


def _spoken(day: date) -> str:
    return f"{day.month}月{day.day}日"
