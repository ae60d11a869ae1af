"""Clocks that a test moves, or that run faster; and an alarm that a test rings."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from player.stage.alarm import QtAlarm

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


class MovedClock:
    """Stands still until it is told otherwise."""

    def __init__(self, wall: datetime = NOON) -> None:
        self.wall = wall
        self.mono = 1000.0

    def now(self) -> datetime:
        return self.wall

    def monotonic(self) -> float:
        return self.mono

    def now_s(self) -> float:
        return self.wall.timestamp()

    def advance(self, seconds: float) -> None:
        """Time passes, on both clocks."""
        self.wall += timedelta(seconds=seconds)
        self.mono += seconds

    def step(self, seconds: float) -> None:
        """The wall clock is set."""
        self.wall += timedelta(seconds=seconds)


class FastClock:
    """Runs `rate` times as fast as the machine's."""

    def __init__(self, rate: float, wall: datetime = NOON) -> None:
        self._rate = rate
        self._wall = wall
        self._began = time.monotonic()
        self._stepped = timedelta()

    def now(self) -> datetime:
        return self._wall + self._stepped + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        return (time.monotonic() - self._began) * self._rate

    def step(self, seconds: float) -> None:
        self._stepped += timedelta(seconds=seconds)

    def alarm(self) -> "FastAlarm":
        return FastAlarm(self._rate)


class FastAlarm(QtAlarm):
    """An alarm on such a clock."""

    def __init__(self, rate: float) -> None:
        super().__init__()
        self._rate = rate

    def set(self, delay_ms: float, ring: Callable[[], None]) -> None:
        super().set(delay_ms / self._rate, ring)


class HandAlarm:
    """Rings when the test says so."""

    def __init__(self) -> None:
        self.delay_ms: float | None = None
        self._ring: Callable[[], None] | None = None

    def set(self, delay_ms: float, ring: Callable[[], None]) -> None:
        self.delay_ms, self._ring = delay_ms, ring

    def cancel(self) -> None:
        self.delay_ms = self._ring = None

    def ring(self) -> None:
        ring, self._ring, self.delay_ms = self._ring, None, None
        assert ring is not None, "nobody set this alarm"
        ring()
