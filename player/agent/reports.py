"""The agent's own reports into the outbox, from whichever thread has something to say."""

import threading
from collections.abc import Mapping
from typing import Any

from content_cache.outbox import Outbox

__all__ = ["Reports"]


class Reports:
    """An `Outbox` for several threads."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._lock = threading.Lock()

    def append(self, kind: str, record: Mapping[str, Any]) -> None:
        """Add a report; one that the disk does not take is counted, see `Outbox`."""
        with self._lock:
            self._outbox.append(kind, record)

    def close_segment(self) -> None:
        """Let the uplink have what was written so far."""
        with self._lock:
            self._outbox.rotate()

    def close(self) -> None:
        """Nothing follows."""
        with self._lock:
            self._outbox.close()
