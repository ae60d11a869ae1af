"""One shot in the future, as a port: the director and the zones wait through it, tests ring it."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QTimer

__all__ = ["Alarm", "QtAlarm", "precise"]

#: Longest single wait, in ms: QTimer counts in 32 bits, and a clock may be wrong by years.
LONGEST_MS = 3_600_000

_PRECISE_TIMER = 0  # Qt.TimerType.PreciseTimer


def precise(timer: QTimer) -> None:
    """Have `timer` ring within a ms of its time.

    By number: PySide makes all of Qt's enumerations when the first is named (16 ms of a cold
    start).
    """
    timer.setProperty("timerType", _PRECISE_TIMER)


class Alarm(Protocol):
    """Rings once, on the GUI thread."""

    def set(self, delay_ms: float, ring: Callable[[], None]) -> None:
        """Ring in `delay_ms`; an earlier setting is forgotten."""

    def cancel(self) -> None:
        """Do not ring."""


class QtAlarm:
    """An alarm made of a precise QTimer (it may ring up to 1 ms late, never early)."""

    def __init__(self) -> None:
        self._timer = QTimer()
        self._timer.setSingleShot(True)
        precise(self._timer)
        self._timer.timeout.connect(self._rang)
        self._ring: Callable[[], None] | None = None

    def set(self, delay_ms: float, ring: Callable[[], None]) -> None:
        """Ring in `delay_ms`, at most an hour from now (whoever waits longer asks again)."""
        self._ring = ring
        self._timer.start(min(max(0, int(delay_ms) + 1), LONGEST_MS))

    def cancel(self) -> None:
        """Do not ring."""
        self._ring = None
        self._timer.stop()

    def _rang(self) -> None:
        ring, self._ring = self._ring, None
        if ring is not None:
            ring()
