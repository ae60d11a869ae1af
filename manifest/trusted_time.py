"""What time it is, as far as one pass can know, with a clock that may be anything.

For `manifest.trust`.  The system clock is an argument and is never remembered; only what a
signature proves to be past is (docs/trust.md, sections 4 and 5).
"""

from datetime import UTC, datetime, timedelta

from manifest.floors import DAY, later

__all__ = ["BUILT_AT", "CLOCK_TOLERANCE", "TrustedTime"]

#: No clock that is right shows an earlier time than this.  A release may raise it.
BUILT_AT = datetime(2026, 11, 22, tzinfo=UTC)

#: Clocks that differ by less are both right enough: a server may be some minutes ahead.
CLOCK_TOLERANCE = timedelta(hours=1)


class TrustedTime:
    """The clock of one pass, corrected by the time floor and by an answered challenge."""

    def __init__(
        self, clock: datetime, uptime: timedelta, built_at: datetime, known: datetime | None
    ) -> None:
        """`known` is the time floor that was remembered; for the others see `Trust`."""
        self._clock = clock
        self._uptime = uptime
        self._built_at = built_at
        self._answered_at: datetime | None = None
        self.known = known

    @property
    def now(self) -> datetime:
        """The latest of the system clock and what is proved to be past (rule 1).

        A clock far below the floor is wrong: then it is the floor, plus the uptime.  A clock above
        it may be wrong too; an answered challenge proves that it is not later than the server says.
        """
        floor = self._floor
        now = later(floor, self._uptime) if self._is_behind else max(self._clock, floor)
        return now if self._answered_at is None else min(now, max(self._answered_at, floor))

    @property
    def is_suspect(self) -> bool:
        """Is the system clock proved to be wrong?"""
        return self._is_behind or self._clock - self.now > DAY

    @property
    def _floor(self) -> datetime:
        return max(self.known or self._built_at, self._built_at)

    @property
    def _is_behind(self) -> bool:
        return self._floor - self._clock > CLOCK_TOLERANCE

    def is_past(self, instant: datetime) -> None:
        """Raise the floor to `instant`; uptime from before it counts for nothing any more."""
        if self.known is None or instant > self.known:
            self.known = instant
            self._uptime = timedelta(0)

    def forget_the_floor(self) -> None:
        """Begin anew with the build time: a new epoch believes nothing of the old one (rule 11)."""
        self.known = None

    def was_answered_at(self, server_time: datetime) -> None:
        """Our challenge came back signed: it is now `server_time`, whatever the clock says."""
        self._answered_at = server_time
