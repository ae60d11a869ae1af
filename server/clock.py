"""The clock of the server: the only module of it that may ask for the time.

Services take `now`, or a `Clock` where work goes on for longer; views, commands and chores read
`SystemClock` and hand it on.
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
