"""The uplink: drains the outbox, the oldest segment first, and deletes what was acknowledged.

At least once here, at most once there: a segment goes away only after the server said that it has
it, and the server counts a segment's name once.  So a kill at any point loses nothing that was
acknowledged and counts nothing twice.  One thread.
"""

import contextlib
import logging
from pathlib import Path
from typing import Any

from content_cache.disk import Disk
from content_cache.durable import patiently
from content_cache.errors import StorageError
from content_cache.fetch_errors import ServerRefused, TokenRefused
from content_cache.outbox import LOST
from content_cache.segments import Segment, acknowledge, closed_segments
from player.agent.interface import PlayersInterface

__all__ = ["SEGMENTS_AT_A_TIME", "Uplink"]

log = logging.getLogger("agent.uplink")

#: Segments sent in one go, so that a month's reports do not keep a heartbeat from going.
SEGMENTS_AT_A_TIME = 20

#: Statuses that speak of the moment, not of the segment: it is sent again later.
_PASSING = frozenset({401, 403, 404, 408, 425, 429})

#: Segments that the server will never take, kept for whoever looks into it.
REFUSED_KEPT = 8


class Uplink:
    """Sends what stands in the outbox of the cache at `root`."""

    def __init__(self, root: Path, disk: Disk) -> None:
        self._root, self._disk = root, disk
        self.refused = 0
        """Segments that the server will never take, since the start."""

    def drain(self, interface: PlayersInterface) -> int:
        """Send closed segments; return how many are known to wait still.

        Raises `FetchError` and `StorageError`: what is left is sent the next time.
        """
        for sent, segment in enumerate(closed_segments(self._root, self._disk)):
            if sent == SEGMENTS_AT_A_TIME:
                return 1
            self._send(interface, segment)
        return 0

    def _send(self, interface: PlayersInterface, segment: Segment) -> None:
        reports = _flat(segment)
        if reports:
            try:
                interface.reports(segment.path.stem, reports)
            except ServerRefused as error:
                if isinstance(error, TokenRefused) or error.status in _PASSING:
                    raise
                if error.status >= 500:
                    raise
                self._set_aside(segment, error)
                return
        acknowledge(segment, self._disk)

    def _set_aside(self, segment: Segment, error: ServerRefused) -> None:
        """One segment that the server chokes on must not keep all later ones back."""
        self.refused += 1
        log.error("%s: the segment is set aside, its reports do not count", error)
        folder = segment.path.parent
        with contextlib.suppress(OSError):
            patiently(self._disk.replace, segment.path, segment.path.with_suffix(".refused"))
            names = sorted(patiently(self._disk.list, folder))
            for name in [name for name in names if name.endswith(".refused")][:-REFUSED_KEPT]:
                patiently(self._disk.unlink, folder / name)


def _flat(segment: Segment) -> list[dict[str, Any]]:
    """The reports as they are sent: the kind first, then the record's fields."""
    reports = [{"kind": report.kind, **report.record} for report in segment.reports]
    if segment.torn:
        reports.append({"kind": LOST, "records": segment.torn})
    return reports


def waiting_bytes(root: Path, disk: Disk) -> int:
    """What waits in the outbox, in bytes; 0 where it cannot be read."""
    from content_cache.segments import outbox_bytes

    try:
        return outbox_bytes(root, disk)
    except StorageError:
        return 0
