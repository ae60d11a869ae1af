"""A limit on the bytes per second that downloads may take from a link that others need too.

A token bucket: `take` is called for every chunk, by all downloads, and sleeps when they are ahead
of the rate.  Used by `download`; it knows nothing of networks.
"""

import threading
import time
from collections.abc import Callable

from content_cache.leash import TICK_S, StopSignal

__all__ = ["Bandwidth"]

#: How far a quiet link may run ahead of its rate, in seconds of it.
BURST_S = 1.0


class Bandwidth:
    """At most `bytes_per_s` on average, shared by all threads; None is no limit."""

    def __init__(
        self,
        bytes_per_s: int | None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        if bytes_per_s is not None and bytes_per_s <= 0:
            raise ValueError(f"a bandwidth limit of {bytes_per_s} bytes/s lets nothing through")
        self._rate, self._clock, self._sleep = bytes_per_s, clock, sleep
        self._lock = threading.Lock()
        #: The instant at which all that was taken will have been earned.
        self._earned_at = clock() - BURST_S

    def take(self, size: int, stop: StopSignal) -> float:
        """Account for `size` bytes; return the seconds that this waited (less when stopped)."""
        if self._rate is None:
            return 0.0
        with self._lock:
            began = self._clock()
            self._earned_at = max(self._earned_at, began - BURST_S) + size / self._rate
            ready_at = self._earned_at
        while (left := ready_at - self._clock()) > 0 and not stop.is_set():
            self._sleep(min(left, TICK_S))
        return max(self._clock() - began, 0.0)
