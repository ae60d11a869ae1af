"""Tells systemd that the wall is alive: only frames that were presented feed it, never a timer.

While a still picture stands nothing draws, so on a slow beat a frame is asked for; if the scene
graph, the display or this thread is stuck, it does not come, and systemd restarts us.  A window
that no display shows (unplugged) draws nothing and is no fault: then the beat itself counts.
"""

import os
from collections.abc import Callable, Mapping

from player.clock import Clock
from player.notifier import Notifier

__all__ = ["Notifier", "Watchdog"]

#: How often a frame is asked for when there is none anyway, if systemd does not say.
BEAT_S = 10.0


class Watchdog:
    """Feeds systemd from presented frames.  GUI thread only."""

    def __init__(
        self,
        clock: Clock,
        notify: Callable[[str], None],
        ask_for_frame: Callable[[], None],
        is_exposed: Callable[[], bool],
        environment: Mapping[str, str] = os.environ,
    ) -> None:
        self._clock = clock
        self._notify = notify
        self._ask_for_frame = ask_for_frame
        self._is_exposed = is_exposed
        self._beat_s = _beat_s(environment)
        self._fed_s = clock.monotonic()
        self._asked_s = self._fed_s
        self._is_ready = False
        self.frames = 0

    def presented(self) -> None:
        """A frame was presented (connected to the window, queued)."""
        self.frames += 1
        self._feed()

    def tick(self) -> None:
        """About once a second: ask for a frame if there was none for a beat."""
        now_s = self._clock.monotonic()
        if now_s - max(self._fed_s, self._asked_s) < self._beat_s:
            return
        self._asked_s = now_s
        if self._is_exposed():
            self._ask_for_frame()
        else:
            self._notify("STATUS=no display shows the window")
            self._feed()

    def status(self, text: str) -> None:
        """Say what is going on, in one line."""
        self._notify(f"STATUS={text}")

    def _feed(self) -> None:
        now_s = self._clock.monotonic()
        if not self._is_ready:
            self._is_ready = True
            self._notify("READY=1")
        elif now_s - self._fed_s < self._beat_s / 4:
            return
        self._fed_s = now_s
        self._notify("WATCHDOG=1")


def _beat_s(environment: Mapping[str, str]) -> float:
    """A third of what systemd allows, so that one late frame is no restart."""
    try:
        return int(environment["WATCHDOG_USEC"]) / 1e6 / 3
    except (KeyError, ValueError):
        return BEAT_S
