"""What is measured of players: each scenario is one programme, one way of looking at it."""

import statistics
from collections.abc import Mapping
from dataclasses import dataclass

from bench.framebuffer import WHOLE_SCREEN
from bench.playlists import Ticker
from bench.probe import Measured, Watch

__all__ = ["SCENARIOS", "Scenario", "figures_of"]

TICKER = Ticker("安全生产，人人有责；今天的平安，是明天回家的路。" * 6, height=108)
#: With the ticker on it, the video has the upper nine tenths of the screen.
ABOVE_TICKER = (0.0, 0.0, 1.0, 0.9)
#: A row of pixels through the middle of its letters.
AMID_TICKER = 0.95

MIXED = ("red.png", "yellow.jpg", "blue.mp4", "green.mp4")
BROKEN_BETWEEN_GOOD = (
    *("red.png", "corrupt.png", "yellow.jpg", "garbage.jpg", "blue.mp4", "missing.png"),
    *("green.mp4", "missing.mp4", "orange.png", "truncated.mp4", "red.png", "empty.mp4"),
    "yellow.jpg",
)
#: The same with cards, at a pace that makes 500 changes of 5 minutes: each good item stands 0.6 s.
QUICK_CHANGES = tuple(
    f"{name}:0.6"
    for name in (*BROKEN_BETWEEN_GOOD[:6], "notice.card", *BROKEN_BETWEEN_GOOD[6:], "notice.card")
)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A programme and a way of looking; `peers` says whether others play it in the same run."""

    name: str
    items: tuple[str, ...]
    watch: Watch
    peers: bool = True
    pictures: tuple[str, ...] = ()
    ticker: Ticker | None = None
    runs: int | None = None

    def items_for(self, plays_video: bool) -> tuple[str, ...]:
        """The programme for a player; one that shows pictures only gets those, or nothing."""
        return self.items if plays_video else self.pictures


SCENARIOS = {
    scenario.name: scenario
    for scenario in (
        Scenario(
            "cold", ("red.png", "blue.mp4"), Watch(60, until_first=True), pictures=("red.png",)
        ),
        Scenario(
            "standing", ("red.png:3600",), Watch(18, cost_after_s=6), pictures=("red.png:3600",)
        ),
        Scenario("mixed", MIXED, Watch(36, cost_after_s=4)),
        # The clip has 30 s.  The end of its first pass stays out of it: a player that joins where
        # the timeline is, and not at the first frame, must cut it.
        Scenario("video", ("cyan.mp4",), Watch(28, cost_after_s=6)),
        Scenario(
            "video and ticker",
            ("cyan.mp4",),
            Watch(28, cost_after_s=6, area=ABOVE_TICKER, moving_row=AMID_TICKER),
            peers=False,
            ticker=TICKER,
        ),
        Scenario("faults", BROKEN_BETWEEN_GOOD, Watch(75), runs=1),
        Scenario("changes", QUICK_CHANGES, Watch(330, area=WHOLE_SCREEN), peers=False, runs=1),
        Scenario("five minutes", MIXED, Watch(300, cost_after_s=10), runs=1),
    )
}

_KINDS = (
    *("image->image", "image->video", "video->video", "video->image"),
    *("image->card", "card->image", "video->card", "card->video"),
)


def figures_of(measured: Measured, due_ms: Mapping[str, float]) -> dict[str, float]:
    """The numbers of one run that are worth a median, by name and unit.

    `due_ms` says how long each good item was to stand.
    """
    summary = measured.summary
    late = summary.overstays_ms(due_ms)
    moved = sorted(measured.row_ms)
    found: dict[str, float | None] = {
        "cold start ms": summary.cold_start_ms,
        "dark ms": summary.dark_ms,
        "changes": float(len(summary.changes)),
        "next item late ms p50": statistics.median(late) if late else None,
        "next item late ms max": max(late, default=None),
        "frames missed %": summary.missed_percent(),
        "frame ms p50": summary.frame_ms_at(0.5),
        "frame ms p99": summary.frame_ms_at(0.99),
        "CPU s/s": measured.cpu_s_per_s,
        "PSS MiB": measured.memory.pss_mib if measured.memory else None,
        "longest look gap ms": measured.longest_look_gap_ms,
        "ticker frame ms p50": moved[len(moved) // 2] if moved else None,
        "ticker frame ms p99": moved[len(moved) * 99 // 100] if moved else None,
    }
    for kind in _KINDS:
        found[f"{kind} dark ms"] = summary.median(kind, "dark_ms")
        found[f"{kind} half drawn ms"] = summary.median(kind, "other_ms")
        found[f"{kind} still ms"] = summary.median(kind, "still_ms")
    return {name: value for name, value in found.items() if value is not None}
