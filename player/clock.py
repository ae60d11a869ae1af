"""The clock of the player's processes: the only module that may ask for the time.

Everything else is handed a `Clock`.  The wall clock decides what is on the screen and may jump at
any moment (1970 after a dead battery, hours when time comes over the network); durations and
deadlines are measured on the monotonic clock, which never does.
"""

import time
from datetime import UTC, datetime
from typing import Protocol

__all__ = ["Clock", "SystemClock"]


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> datetime:
        """The wall clock: an aware instant in UTC."""

    def monotonic(self) -> float:
        """Seconds that only ever grow; the zero is arbitrary."""


class SystemClock:
    """The clock of this machine."""

    def now(self) -> datetime:
        """The machine's wall clock, in UTC."""
        return datetime.now(UTC)  # noqa: TID251  (this is the one place)

    def monotonic(self) -> float:
        """The machine's monotonic clock, in seconds."""
        return time.monotonic()
