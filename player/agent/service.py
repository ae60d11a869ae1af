"""The agent as a service: its threads, systemd's watchdog, and an end within seconds.

The main thread waits and watches; the poll loop, the post and the rest run on threads of their own.
What hangs is left behind at the end: the disk and the server may hang for ever, `systemctl stop`
may not.
"""

import logging
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from player.clock import Clock
from player.notifier import Notifier

__all__ = ["CLOSE_S", "HANGS_S", "Service"]

log = logging.getLogger("agent")

#: All threads must have ended by then (reliability P13 allows 3 s in all).
CLOSE_S = 2.0

#: The poll loop gives no sign of life for so long: systemd is told no more.  Hashing one large blob
#: from a slow card takes minutes.
HANGS_S = 1800.0


class Part(Protocol):
    """A thread of the service; `threading.Thread` with an `end`."""

    name: str

    def start(self) -> None:
        """Begin."""

    def end(self) -> None:
        """End soon."""

    def join(self, timeout: float | None = None) -> None:
        """Wait for the end."""

    def is_alive(self) -> bool:
        """Does it run still?"""


class Pulse(Protocol):
    """Gives signs of life."""

    pulse_s: float


class Service:
    """Runs `parts` until `stop` is set."""

    def __init__(
        self,
        parts: Sequence[Part],
        pulse: Pulse,
        clock: Clock,
        stop: threading.Event,
        look_after: Callable[[], None],
        *,
        environment: Mapping[str, str] = os.environ,
    ) -> None:
        """`look_after` is called with every beat; it must be quick."""
        self._look_after = look_after
        self._parts, self._pulse, self._clock, self._stop = parts, pulse, clock, stop
        self._notifier = Notifier(environment)
        self._beat_s = _beat_s(environment)

    def run(self) -> bool:
        """Until `stop`; True if everything ended, False if something hangs."""
        for part in self._parts:
            part.start()
        self._notifier.send("READY=1")
        while not self._stop.wait(self._beat_s):
            self._look_after()
            if self._clock.monotonic() - self._pulse.pulse_s < HANGS_S:
                self._notifier.send("WATCHDOG=1")
        self._notifier.send("STOPPING=1")
        return self._end()

    def _end(self) -> bool:
        until_s = self._clock.monotonic() + CLOSE_S
        for part in self._parts:
            part.end()
        for part in self._parts:
            part.join(max(until_s - self._clock.monotonic(), 0.0))
        self._notifier.close()
        hanging = [part.name for part in self._parts if part.is_alive()]
        if hanging:
            log.warning("leaving without %s, which hangs", ", ".join(hanging))
        return not hanging


def _beat_s(environment: Mapping[str, str]) -> float:
    """A third of what systemd allows; a few seconds where it does not ask."""
    try:
        return int(environment["WATCHDOG_USEC"]) / 3e6
    except (KeyError, ValueError):
        return 5.0
