"""How long tests wait: for what must come to pass, and a fetcher for a server that stalls."""

import threading
from collections.abc import Callable
from typing import TypeVar

from content_cache.leash import NetworkLimits

__all__ = ["SHORT", "until"]

T = TypeVar("T")

#: Far more than anything takes, also on a busy machine.
PATIENCE_S = 60.0
LOOK_S = 0.05

#: For a server that keeps us waiting: short enough for a test, and never asserted as a time.
SHORT = NetworkLimits(
    connect_s=5.0,
    headers_s=1.5,
    document_s=1.5,
    silence_s=0.6,
    least_rate_bytes_s=1000.0,
    rate_window_s=0.5,
)


def until(condition: Callable[[], T], complaint: str) -> T:
    """Return what `condition` returns once that is true; fail with `complaint` if it never is."""
    pause = threading.Event()
    for _look in range(int(PATIENCE_S / LOOK_S)):
        if answer := condition():
            return answer
        pause.wait(LOOK_S)
    raise AssertionError(complaint)
