"""How long one exchange with a server may take: asked at every wait for the network.

A timeout of a socket bounds one wait; a server that sends a byte now and then is never late by
it.  A `Leash` bounds the exchange: a deadline for the phase it is in, the longest silence, and the
least rate.  Waits are cut into short ticks, so that a call to stop is heard within one of them.

Used by `dial` and `lines`; one leash belongs to one thread.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from content_cache.fetch_errors import Cancelled, TooLarge, TooSlow

__all__ = ["TICK_S", "Leash", "NetworkLimits", "Patience", "StopSignal"]

#: How long a wait for the network lasts before the leash is asked again.
TICK_S = 0.2


class StopSignal(Protocol):
    """What tells a pass to stop; `threading.Event` is one."""

    def is_set(self) -> bool:
        """Is it time to stop?"""
        ...


@dataclass(frozen=True, slots=True)
class NetworkLimits:
    """How patient a fetcher is.  All times in seconds, rates in bytes per second."""

    #: Finding the address, connecting, and the TLS handshake, together.
    connect_s: float = 10.0
    #: From the request to the end of the answer's headers.
    headers_s: float = 20.0
    #: From the request to the last byte of a document (freshness, manifest, root).
    document_s: float = 120.0
    #: The longest time without a single byte.
    silence_s: float = 30.0
    #: A body slower than this, measured over `rate_window_s` of waiting, is given up.
    least_rate_bytes_s: float = 512.0
    rate_window_s: float = 60.0


class Patience(Protocol):
    """What can wait for the network: it gives the next wait's length, or raises `FetchError`."""

    def wait_s(self) -> float:
        """The length of the next wait, in seconds."""
        ...


class Leash:
    """The time that is left to one exchange with `where`.

    Only time spent waiting for the network counts as silence and for the least rate: whoever reads
    slowly on purpose (a bandwidth limit, a busy disk) is not taken for a slow server.
    """

    def __init__(
        self,
        where: str,
        limits: NetworkLimits,
        stop: StopSignal,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.limits = limits
        self._where, self._stop, self._clock = where, stop, clock
        self._phase, self._deadline = "connecting", clock() + limits.connect_s
        self._silent_s, self._window_waited_s, self._window_bytes = 0.0, 0.0, 0
        self._most_bytes, self._bytes_left = 0, float("inf")

    def begin(self, phase: str, within_s: float | None, most_bytes: int | None = None) -> None:
        """Enter a phase that must end `within_s` from now (None: as long as bytes come).

        Whatever the bytes are, no more than `most_bytes` of them are read in it.
        """
        self._most_bytes = most_bytes or 0
        self._bytes_left = float("inf") if most_bytes is None else most_bytes
        self._phase = phase
        self._deadline = float("inf") if within_s is None else self._clock() + within_s
        self._silent_s = 0.0

    def wait_s(self) -> float:
        """How long the next wait may be, at most a tick.  Raises `Cancelled` or `TooSlow`."""
        if self._stop.is_set():
            raise Cancelled
        now = self._clock()
        left = min(self._deadline - now, self.limits.silence_s - self._silent_s)
        if left <= 0:
            raise TooSlow(self._where, self._why(now))
        return max(min(TICK_S, left), 0.001)

    def waited(self, seconds: float, got_bytes: int) -> None:
        """Take note of a wait and of what it brought.

        Raises `TooSlow` below the least rate, `TooLarge` above the most bytes.
        """
        self._bytes_left -= got_bytes
        if self._bytes_left < 0:
            raise TooLarge(self._where, self._most_bytes)
        self._silent_s = 0.0 if got_bytes else self._silent_s + seconds
        self._window_waited_s += seconds
        self._window_bytes += got_bytes
        if self._window_waited_s < self.limits.rate_window_s:
            return
        rate = self._window_bytes / self._window_waited_s
        if rate < self.limits.least_rate_bytes_s:
            raise TooSlow(
                self._where,
                f"{rate:.0f} bytes/s over {self._window_waited_s:.0f} s, "
                f"where {self.limits.least_rate_bytes_s:.0f} are the least",
            )
        self._window_waited_s, self._window_bytes = 0.0, 0

    def sent(self, seconds: float, sent_bytes: int) -> None:
        """Take note of a wait in which we sent: it is silence only if nothing was taken."""
        self._silent_s = 0.0 if sent_bytes else self._silent_s + seconds

    def _why(self, now: float) -> str:
        if now >= self._deadline:
            return f"{self._phase} took longer than its limit"
        return f"{self._phase}, and nothing came for {self.limits.silence_s:g} s"
