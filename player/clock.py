"""The clock of the player's processes: the only module that may ask for the time.

Everything else is handed a `Clock`.  The wall clock decides what is on the screen and may jump at
any moment (1970 after a dead battery, hours when time comes over the network); durations and
deadlines are measured on the monotonic clock, which never does.
"""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

__all__ = ["BEHIND", "Clock", "FlooredClock", "SystemClock", "local_zone"]

#: A wall clock that is further behind what is proved to be past is wrong (docs/trust.md, 4).
BEHIND = timedelta(hours=1)


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


class FlooredClock:
    """A clock whose wall time is never far behind what a signature proved to be past.

    After a dead battery the machine says 1970; then it is the floor, and what has passed since we
    learned of it.  Any thread may `learn`.
    """

    def __init__(self, clock: Clock, past: datetime | None = None) -> None:
        """`past`: what is proved to be over from the start, such as the time of the build."""
        self._clock = clock
        self._floor: tuple[datetime, float] | None = None
        self.learn(past)

    def learn(self, past: datetime | None) -> None:
        """The instant `past` (aware) is over, as far as anybody can prove."""
        known = self._floor
        if past is not None and (known is None or past > known[0]):
            self._floor = (past, self._clock.monotonic())

    def wall(self) -> datetime:
        """What the machine's clock says, right or wrong."""
        return self._clock.now()

    def now(self) -> datetime:
        """See `Clock`."""
        return self.proved_past() or self._clock.now()

    def proved_past(self) -> datetime | None:
        """What is proved to be over, if the machine's clock is far behind it; else None."""
        floor = self._floor
        if floor is None or floor[0] - self._clock.now() <= BEHIND:
            return None
        return floor[0] + timedelta(seconds=self._clock.monotonic() - floor[1])

    def monotonic(self) -> float:
        """See `Clock`."""
        return self._clock.monotonic()


def local_zone(name: str) -> ZoneInfo:
    """The time zone of this name, else that of the box, else UTC."""
    if name:
        return ZoneInfo(name)
    try:
        with Path("/etc/localtime").open("rb") as file:
            return ZoneInfo.from_file(file)
    except (OSError, ValueError):
        return ZoneInfo("UTC")
