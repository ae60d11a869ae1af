"""How much a question to the timeline costs, and how that grows (docs/manifest.md, 6.3).

`python -m bench.timeline` prints calls per second: *cold* is the first question to a manifest just
decoded, indexing included; *warm* is a question at a random instant of one day, once that day is
known; *walk* is one of the pictures of a day in a row.  Nothing here asserts a time.
"""

import argparse
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from random import Random

from manifest.model import (
    Canvas,
    Entry,
    ImageAsset,
    Item,
    Layout,
    Manifest,
    Playlist,
    Window,
    Zone,
)
from scheduler.timeline import Timeline

NOW = datetime(2026, 11, 23, 3, 30, tzinfo=UTC)
RULES = (
    "FREQ=DAILY",
    "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH",
    "FREQ=MONTHLY;BYDAY=1MO,-1FR",
    "FREQ=DAILY;COUNT=2000",
    "FREQ=HOURLY;INTERVAL=3;BYHOUR=9,12,15,18",
)
#: How many questions make one warm measurement, and how often it is repeated.
QUESTIONS = 400
REPEATS = 5


def programme(items: int, entries: int, playlists: int = 20) -> Manifest:
    """Recurring entries that began two years ago, over layouts of two zones."""
    random = Random(items * 1009 + entries)
    count = min(playlists, items)
    names = [f"p{n}" for n in range(count)]
    per_playlist = [range(n, items, count) for n in range(count)]
    start = (NOW - timedelta(days=730)).replace(tzinfo=None, hour=0, minute=0)
    return Manifest(
        site="hq",
        screen="lobby-1",
        version=1,
        issued_at=NOW,
        expires_at=NOW,
        timezone="Asia/Shanghai",
        canvas=Canvas(1920, 1080),
        assets={"a": ImageAsset("a", "0" * 64, 1, "image/png", 1, 1)},
        playlists={
            name: Playlist(
                tuple(Item(f"i{n}", "a", 10_000, random.choice([1, 1, 2])) for n in numbers),
                "shuffled" if at % 2 else "listed",
            )
            for at, (name, numbers) in enumerate(zip(names, per_playlist, strict=True))
        },
        layouts={
            name: Layout(
                "#000000",
                (
                    Zone("main", 0, 0, 1920, 980, name),
                    Zone("side", 0, 980, 1920, 100, names[at - 1]),
                ),
            )
            for at, name in enumerate(names)
        },
        entries=tuple(
            Entry(
                f"e{n}",
                random.choice(names),
                random.randrange(5),
                Window(
                    start + timedelta(minutes=15 * random.randrange(96)),
                    random.choice([1800, 3600, 7200]),
                    random.choice(RULES),
                ),
            )
            for n in range(entries)
        ),
        default_layout=names[0],
    )


def _seconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def cold(manifest: Manifest) -> float:
    """Seconds of the first question, indexing included."""
    return statistics.median(
        _seconds(lambda: Timeline(manifest).picture_at(NOW)) for _ in range(REPEATS)
    )


def warm(manifest: Manifest) -> tuple[float, float]:
    """Seconds of one `on_screen_at` and one `next_change_after` within a day that is known."""
    timeline, random = Timeline(manifest), Random(1)
    instants = [NOW + timedelta(seconds=random.uniform(0, 86_400)) for _ in range(QUESTIONS)]

    def ask(question: Callable[[datetime], object]) -> float:
        return statistics.median(
            _seconds(lambda: [question(t) for t in instants]) / QUESTIONS for _ in range(REPEATS)
        )

    ask(timeline.picture_at)
    return ask(timeline.picture_at), ask(timeline.next_change_after)


def walk(manifest: Manifest, days: int) -> tuple[int, float]:
    """How many pictures some days have, and how many seconds each costs."""
    timeline = Timeline(manifest)
    begin = time.perf_counter()
    pictures = sum(1 for _ in timeline.pictures(NOW, NOW + timedelta(days=days)))
    return pictures, (time.perf_counter() - begin) / pictures


def _rows(full: bool) -> Iterator[tuple[int, int]]:
    sizes = [(10, 1), (10_000, 1), (10, 1000), (10_000, 1000)]
    growth = [(10, 10), (100, 10), (1000, 10), (10_000, 10), (100, 1), (100, 100), (100, 1000)]
    yield from islice([*sizes, *growth], None if full else len(sizes))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.timeline", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="only the corners of the table")
    parser.add_argument(
        "--stream", type=int, default=0, metavar="DAYS", help="stream so many days; tell the memory"
    )
    options = parser.parse_args(arguments)
    print(_row("items", "entries", "cold ms", "on_screen_at/s", "next_change/s", "walk/s"))
    for items, entries in _rows(not options.quick):
        manifest = programme(items, entries)
        first, (at, change) = cold(manifest), warm(manifest)
        _pictures, step = walk(manifest, 1)
        figures = (f"{1 / seconds:,.0f}" for seconds in (at, change, step))
        print(_row(str(items), str(entries), f"{first * 1000:.1f}", *figures), flush=True)
    if options.stream:
        _print_stream(options.stream)
    return 0


def _row(*cells: str) -> str:
    widths = (6, 8, 8, 15, 14, 8)
    return " ".join(f"{cell:>{width}}" for cell, width in zip(cells, widths, strict=True))


def _print_stream(days: int) -> None:
    manifest = programme(10_000, 1000)
    walk(manifest, 3)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    pictures, step = walk(manifest, days)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(
        f"{days} days: {pictures:,} pictures, {step * 1e6:.0f} µs each; peak memory +{grown:.1f} MB"
    )


if __name__ == "__main__":
    sys.exit(main())
