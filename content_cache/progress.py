"""How far a download is: counted by its threads, told to whoever wants to know.

Used by `download`; the agent and a command's progress bar receive `Progress` values.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Meter", "Progress"]

#: The shortest time between two reports but for the last, in seconds.
REPORT_EVERY_S = 0.5


@dataclass(frozen=True, slots=True)
class Progress:
    """So much of a release is here; `bytes_per_s` is the mean since this pass began to download."""

    bytes_done: int
    bytes_total: int
    blobs_done: int
    blobs_total: int
    bytes_per_s: float


class Meter:
    """Counts what arrives, from any thread, and calls `report` from one thread at a time.

    `report` must be quick and must not call back.
    """

    def __init__(
        self,
        bytes_total: int,
        blobs_total: int,
        report: Callable[[Progress], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._totals, self._report, self._clock = (bytes_total, blobs_total), report, clock
        self._lock = threading.Lock()
        self._bytes_done = self._blobs_done = self._fetched = 0
        self._began = clock()
        self._reported_at = float("-inf")

    @property
    def bytes_fetched(self) -> int:
        """What came over the network, whether or not it was of use."""
        return self._fetched

    def resumed(self, size: int) -> None:
        """So many bytes were here from an earlier transfer; negative: they were of no use."""
        self._count(size, fetched=0)

    def arrived(self, size: int) -> None:
        """So many bytes came over the network."""
        self._count(size, fetched=size)

    def completed(self) -> None:
        """A blob is whole, verified and stored."""
        with self._lock:
            self._blobs_done += 1
            self._tell(at_once=True)

    def _count(self, size: int, fetched: int) -> None:
        if size == 0:
            return
        with self._lock:
            self._bytes_done += size
            self._fetched += fetched
            self._tell(at_once=False)

    def _tell(self, *, at_once: bool) -> None:
        now = self._clock()
        if self._report is None or not (at_once or now - self._reported_at >= REPORT_EVERY_S):
            return
        self._reported_at = now
        rate = self._fetched / max(now - self._began, 0.001)
        total, blobs = self._totals
        self._report(Progress(self._bytes_done, total, self._blobs_done, blobs, rate))
