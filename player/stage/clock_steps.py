"""Notices when the wall clock steps: it and the monotonic clock then disagree on what passed."""

from datetime import datetime, timedelta

from player.clock import Clock

__all__ = ["STEP", "ClockSteps"]

#: A difference below this is how clocks are.
STEP = timedelta(milliseconds=500)


class ClockSteps:
    """Compares the two clocks at one moment with how they stood when it looked last."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._wall, self._monotonic_s = clock.now(), clock.monotonic()

    def step(self, now: datetime) -> float | None:
        """By how many seconds the wall clock, which says `now`, was set since; None: it was not."""
        monotonic_s = self._clock.monotonic()
        walked = timedelta(seconds=monotonic_s - self._monotonic_s)
        step = now - self._wall - walked
        self._wall, self._monotonic_s = now, monotonic_s
        return step.total_seconds() if abs(step) > STEP else None
