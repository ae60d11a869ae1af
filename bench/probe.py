"""One player on one virtual screen: what it really shows, and what it costs."""

import os
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from bench.content import Content
from bench.framebuffer import WHOLE_SCREEN, Area, Looker, VirtualDisplay
from bench.process_cost import Memory, TreeCost, become_subreaper, end_tree, memory_of
from bench.summary import Segment, Summary, summarise

__all__ = ["Measured", "Watch", "measure"]

LOOKS_PER_S = 500
HOUSEKEEPING_S = 0.5
#: A player that shows nothing for this long will not.
FIRST_ITEM_TIMEOUT_S = 60.0
WINDOW_MANAGER_START_S = 1.0


@dataclass(frozen=True, slots=True)
class Watch:
    """How long to look, and at what.

    `until_first` stops at the first item; `cost_after_s` leaves the player that long to settle
    before its CPU counts; `moving_row` is the height, as a share of the screen's, of a row of
    pixels in which something moves all the time (counted once the player has settled);
    `picture_to` keeps a picture of the screen, taken `picture_at_s` after the start.
    """

    seconds: float
    until_first: bool = False
    cost_after_s: float | None = None
    area: Area = WHOLE_SCREEN
    moving_row: float | None = None
    picture_at_s: float | None = None
    picture_to: Path | None = None


@dataclass(slots=True)
class Measured:
    """One run: what was seen, what it cost, and how sharp the looking was."""

    summary: Summary
    cpu_s_per_s: float | None
    memory: Memory | None
    exited_after_s: float | None
    longest_look_gap_ms: float
    #: How long each state of the moving row stood, in milliseconds.
    row_ms: list[float]


class _Observation:
    """The looking itself: a loop that must not be late."""

    def __init__(self, display: VirtualDisplay, content: Content, watch: Watch, pid: int) -> None:
        self._display, self._watch, self._pid = display, watch, pid
        self._looker = Looker(
            display.screen, list(content.by_colour()), watch.area, content.fingerprints
        )
        self._known = set(content.by_colour())
        self.segments: list[Segment] = []
        self.cost: TreeCost | None = None
        self.longest_gap_s = 0.0
        self._picture_due = watch.picture_at_s
        self._row = b""
        self.row_moved: list[float] = []

    def run(self, started: float, is_over: Callable[[], bool]) -> None:
        """Look until the time is up, the player has gone, or its first item is there."""
        watch, period = self._watch, 1 / LOOKS_PER_S
        end = started + (FIRST_ITEM_TIMEOUT_S if watch.until_first else watch.seconds)
        previous = due = next_check = started
        while (now := time.monotonic()) < end:
            self.longest_gap_s = max(self.longest_gap_s, now - previous)
            previous = now
            if self._look(now) and watch.until_first:
                return
            if watch.moving_row is not None and self.cost is not None:
                self._look_at_row(now, watch.moving_row)
            if now >= next_check:
                next_check = now + HOUSEKEEPING_S
                self._keep_house(now - started)
                if is_over():
                    end = min(end, now + 1.0)  # a last look, then nothing more will come
            due += period
            if (pause := due - time.monotonic()) > 0:
                time.sleep(pause)
            else:
                due = time.monotonic()

    def _look(self, now: float) -> bool:
        """Note what is seen; true at an item."""
        label, frame = self._looker.look()
        if not self.segments or self.segments[-1].label != label:
            if self.segments:
                self.segments[-1].end = now
            self.segments.append(Segment(now, now, label))
        segment = self.segments[-1]
        segment.end = now
        if frame is not None and (not segment.frames or segment.frames[-1][1] != frame):
            segment.frames.append((now, frame))
        return label in self._known

    def _look_at_row(self, now: float, height: float) -> None:
        screen = self._display.screen
        first = screen.index(0, height)
        row = bytes(screen.pixels[first : first + screen.width])
        if row != self._row:
            self._row = row
            self.row_moved.append(now)

    def _keep_house(self, elapsed_s: float) -> None:
        after = self._watch.cost_after_s
        if self.cost is not None:
            self.cost.update()
        elif after is not None and elapsed_s >= after:
            self.cost = TreeCost(self._pid)
        if self._picture_due is not None and elapsed_s >= self._picture_due:
            self._picture_due = None
            assert self._watch.picture_to is not None
            self._display.screen.save(self._watch.picture_to)


class _Realtime:
    """Look on time, whatever the player does to the processor (where the system allows)."""

    def __enter__(self) -> None:
        try:
            os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
        except OSError:
            return

    def __exit__(self, *_unused: object) -> None:
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))


def _start(
    command: Sequence[str], environment: Mapping[str, str], folder: Path, log: Path | None
) -> subprocess.Popen[bytes]:
    with (log or Path(os.devnull)).open("wb") as output:
        return subprocess.Popen(
            command,
            env=dict(environment),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )


def measure(
    command: Sequence[str],
    content: Content,
    watch: Watch,
    *,
    environment: Mapping[str, str],
    folder: Path,
    window_manager: Sequence[str] = (),
    log: Path | None = None,
) -> Measured:
    """Run `command` on a screen of its own, look at it, end it, and say what was seen."""
    become_subreaper()
    with VirtualDisplay() as display:
        inherited = {k: v for k, v in os.environ.items() if k != "WAYLAND_DISPLAY"}
        everything = {**inherited, **environment, "DISPLAY": display.name}
        helper = _start(window_manager, everything, folder, None) if window_manager else None
        if helper:
            time.sleep(WINDOW_MANAGER_START_S)
        started = time.monotonic()
        player = _start(command, everything, folder, log)
        try:
            watching = _Observation(display, content, watch, player.pid)
            exited: list[float] = []

            def is_over() -> bool:
                if player.poll() is not None and not exited:
                    exited.append(time.monotonic() - started)
                return bool(exited)

            with _Realtime():
                watching.run(started, is_over)
            return Measured(
                summarise(watching.segments, content, started),
                watching.cost.rate() if watching.cost else None,
                None if exited else memory_of(player.pid),
                exited[0] if exited else None,
                watching.longest_gap_s * 1000,
                [(later - earlier) * 1000 for earlier, later in pairwise(watching.row_moved)],
            )
        finally:
            for process in filter(None, (player, helper)):
                end_tree(process.pid)
                process.wait()
