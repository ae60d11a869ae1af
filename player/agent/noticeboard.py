"""Writes the bulletin that the stage reads; any thread may change a part of it."""

import threading
from pathlib import Path
from typing import Any

from msgspec import structs

from content_cache.disk import Disk
from player.bulletin import Bulletin, read_bulletin, write_bulletin

__all__ = ["Noticeboard"]


class Noticeboard:
    """The one writer of the bulletin of the cache at `root`."""

    def __init__(self, root: Path, disk: Disk) -> None:
        self._root, self._disk = root, disk
        self._lock = threading.Lock()
        self._now = read_bulletin(root, disk)
        self._written: Bulletin | None = None

    def change(self, **changes: Any) -> None:
        """Replace these fields of the bulletin.  Raises `StorageError`; the next change tries again
        to bring all of it to the disk.
        """
        with self._lock:
            self._now = structs.replace(self._now, **changes)
            if self._now != self._written:
                write_bulletin(self._root, self._disk, self._now)
                self._written = self._now

    @property
    def now(self) -> Bulletin:
        """What it should say."""
        with self._lock:
            return self._now
