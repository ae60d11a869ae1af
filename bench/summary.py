"""From looks at a screen to figures: changes, gaps, dwell times, frames missed."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from bench.content import FPS, Content, ContentItem

__all__ = ["Change", "Play", "Segment", "Summary", "summarise"]

FRAME_MS = 1000 / FPS
#: A frame counter that goes back by more than this has started again; less is a torn read.
SEAM_FRAMES = 2
#: Two parts of one play with less between them than this were never apart.
INSTANT_S = 0.003


@dataclass(slots=True)
class Segment:
    """A time in which every look saw the same; `frames` are (instant, number) as they changed."""

    start: float
    end: float
    label: str
    frames: list[tuple[float, int]] = field(default_factory=list)

    @property
    def ms(self) -> float:
        """How long it lasted."""
        return (self.end - self.start) * 1000


@dataclass(slots=True)
class Play:
    """One showing of one item, and what stood on the screen before it."""

    item: ContentItem
    start: float
    end: float
    frames: list[tuple[float, int]]
    before: list[Segment]

    @property
    def ms(self) -> float:
        """How long it was shown."""
        return (self.end - self.start) * 1000


@dataclass(frozen=True, slots=True)
class Change:
    """From one item to the next.

    `dark_ms` of looks were black or the bare root window, `other_ms` neither item; `still_ms` is
    how long the old video's last frame and the new one's first stood beyond their time.
    """

    kind: str
    dark_ms: float
    other_ms: float
    still_ms: float


@dataclass(slots=True)
class Summary:
    """What one run showed; times in milliseconds from the start of the player."""

    cold_start_ms: float | None
    changes: list[Change]
    dwell: list[tuple[str, float]]
    frames_expected: int
    frames_missed: int
    frame_ms: list[float]
    dark_ms: float
    mixed_ms: float

    def frame_ms_at(self, share: float) -> float | None:
        """A quantile of how long frames stood."""
        ordered = sorted(self.frame_ms)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else None

    def missed_percent(self) -> float | None:
        """Frames that never reached the screen, of those that were due."""
        return 100 * self.frames_missed / self.frames_expected if self.frames_expected else None

    def overstays_ms(self, due_ms: Mapping[str, float]) -> list[float]:
        """How much longer than its time each item stood, in milliseconds, by name of the item.

        Where the next item is broken, that is how long it took to put the one after it in its
        place.  Not the first item (the player joins in the middle) and not the last (the run ends).
        """
        return [max(0.0, ms - due_ms[name]) for name, ms in self.dwell[1:-1] if name in due_ms]

    def median(self, kind: str, figure: str) -> float | None:
        """The median of a figure over the changes of one kind (`video->video`)."""
        found = [getattr(change, figure) for change in self.changes if change.kind == kind]
        return statistics.median(found) if found else None


def _passes(frames: list[tuple[float, int]]) -> list[list[tuple[float, int]]]:
    """Split where the frame counter went back: the video started again."""
    passes: list[list[tuple[float, int]]] = [[]]
    for instant, number in frames:
        if passes[-1] and number < passes[-1][-1][1] - SEAM_FRAMES:
            passes.append([])
        passes[-1].append((instant, number))
    return passes


def _goes_on(play: Play, item: ContentItem, between: list[Segment], first: int | None) -> bool:
    """Is this the same showing as before, after a torn look or two?"""
    unbroken = sum(segment.ms for segment in between) < INSTANT_S * 1000 or all(
        segment.label == "mixed" for segment in between
    )
    started_again = first is not None and play.frames and first < play.frames[-1][1] - SEAM_FRAMES
    return play.item == item and unbroken and not started_again


def _plays(segments: Sequence[Segment], content: Content) -> list[Play]:
    items = content.by_colour()
    plays: list[Play] = []
    between: list[Segment] = []
    for segment in segments:
        item = items.get(segment.label)
        if item is None:
            between.append(segment)
            continue
        passes = _passes(segment.frames)
        starts = [segment.start] + [one[0][0] for one in passes[1:]]
        ends = [*starts[1:], segment.end]
        for number, (frames, start, end) in enumerate(zip(passes, starts, ends, strict=True)):
            first = frames[0][1] if frames else None
            if number == 0 and plays and _goes_on(plays[-1], item, between, first):
                plays[-1].end = end
                plays[-1].frames += frames
            else:
                plays.append(Play(item, start, end, list(frames), list(between)))
            between = []
    return plays


def _change(before: Play, after: Play) -> Change:
    dark = sum(one.ms for one in after.before if one.label in ("black", "root"))
    other = sum(one.ms for one in after.before) - dark
    still = 0.0
    if before.item.kind == "video" and before.frames:
        still += max(0.0, (before.end - before.frames[-1][0]) * 1000 - FRAME_MS)
    if after.item.kind == "video" and len(after.frames) > 1:
        still += max(0.0, (after.frames[1][0] - after.start) * 1000 - FRAME_MS)
    same = " (same)" if before.item == after.item else ""
    return Change(f"{before.item.kind}->{after.item.kind}{same}", dark, other, still)


def summarise(segments: Sequence[Segment], content: Content, spawned: float) -> Summary:
    """The figures of one run that began at the instant `spawned` of the same clock."""
    plays = _plays(segments, content)
    first = plays[0].start if plays else None
    later = [one for one in segments if first is not None and one.start >= first]
    summary = Summary(
        cold_start_ms=None if first is None else (first - spawned) * 1000,
        changes=[_change(a, b) for a, b in pairwise(plays)],
        dwell=[(play.item.name, play.ms) for play in plays],
        frames_expected=0,
        frames_missed=0,
        frame_ms=[],
        dark_ms=sum(one.ms for one in later if one.label in ("black", "root")),
        mixed_ms=sum(one.ms for one in later if one.label == "mixed"),
    )
    for play in plays:
        if play.item.kind == "video" and play.frames:
            _count_frames(summary, play, is_last=play is plays[-1], is_first=play is plays[0])
    return summary


def _count_frames(summary: Summary, play: Play, *, is_first: bool, is_last: bool) -> None:
    """Add one showing of a video.

    The run may begin in the middle of the first and end in the middle of the last one: only what
    lies between the frames seen is due there.
    """
    seen = {number for _instant, number in play.frames}
    due_from = min(seen) if is_first else 0
    due_to = max(seen) if is_last else play.item.frames - 1
    summary.frames_expected += due_to + 1 - due_from
    summary.frames_missed += due_to + 1 - due_from - len(seen & set(range(due_from, due_to + 1)))
    summary.frame_ms += [(b[0] - a[0]) * 1000 for a, b in pairwise(play.frames)]
