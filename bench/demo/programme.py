"""What the demonstration shows, and when: the three sample programmes, one after the other.

They are those that a server offers to its staff (`server.samples`), around the files of
`bench.demo.content`; their layouts take turns, each for as long as its main zone has something new.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bench.demo.content import Media
from manifest.model import (
    Canvas,
    CardAsset,
    Entry,
    Item,
    Layout,
    Manifest,
    Playlist,
    Transition,
    Window,
    Zone,
)
from server.samples.reading import SAMPLES, Sample, SampleItem, SampleLayout, read

__all__ = ["TIME_ZONE", "cards", "layouts_of", "programme"]

TIME_ZONE = "Asia/Shanghai"
FADE, SLIDE, CUT = Transition("fade", 900), Transition("slide", 700), Transition()
DAY_S = 86_400


def programme(media: Media, now: datetime) -> Manifest:
    """Return the manifest of the demonstration; its turns are counted from the instant `now`."""
    begin = now.astimezone(ZoneInfo(TIME_ZONE)).replace(microsecond=0, tzinfo=None)
    samples = _samples(begin.date())
    layouts = {
        f"{name}-{n}": (sample, layout)
        for name, sample in samples.items()
        for n, layout in enumerate(sample.layouts, 1)
    }
    return Manifest(
        site="demo",
        screen="lobby",
        version=1,
        issued_at=now,
        expires_at=now + timedelta(days=365),
        timezone=TIME_ZONE,
        canvas=Canvas(1920, 1080),
        assets={**media, **cards(begin.date())},
        playlists={
            f"{name}-{each}": _playlist(f"{name}-{each}", items, sample)
            for name, sample in samples.items()
            for each, items in sample.playlists.items()
        },
        layouts={key: _layout(key, layout) for key, (_, layout) in layouts.items()},
        entries=tuple(
            _entry(f"{n}-{key}", key, sample.loop_ms(layout), begin)
            for n, (key, (sample, layout)) in enumerate(layouts.items(), 1)
        ),
        default_layout=f"{SAMPLES[0]}-1",
    )


def cards(today: date) -> dict[str, CardAsset]:
    """All cards of the sample programmes by their names, as they read on `today`."""
    return {
        name: card for sample in _samples(today).values() for name, card in sample.cards.items()
    }


def layouts_of(manifest: Manifest) -> dict[str, str]:
    """The first layout of each sample programme in the demonstration, by the sample's name."""
    return {name: f"{name}-1" for name in SAMPLES if f"{name}-1" in manifest.layouts}


def _samples(today: date) -> dict[str, Sample]:
    return {name: read(name, today) for name in SAMPLES}


def _entry(key: str, layout: str, turn_ms: int, begin: datetime) -> Entry:
    return Entry(key, layout, 0, Window(begin, DAY_S, "FREQ=DAILY"), turn_ms=turn_ms)


def _playlist(key: str, items: tuple[SampleItem, ...], sample: Sample) -> Playlist:
    """Pictures fade into each other, cards slide, and what stands alone just stands."""
    alone = len(items) == 1
    return Playlist(
        tuple(
            Item(
                f"{key}-{number}-{item.asset}",
                item.asset,
                1000 * item.seconds,
                fit="cover",
                transition=CUT if alone else SLIDE if item.asset in sample.cards else FADE,
            )
            for number, item in enumerate(items, 1)
        )
    )


def _layout(key: str, layout: SampleLayout) -> Layout:
    name = key.rpartition("-")[0]
    return Layout(
        layout.background,
        tuple(Zone(zone.id, *zone.place, f"{name}-{zone.playlist}") for zone in layout.zones),
    )
