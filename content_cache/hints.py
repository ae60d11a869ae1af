"""Hints: small tables beside the blobs that make work cheaper, and that may be lost at any time.

Used by `eviction` (when a blob was last needed) and `scrub` (when it was last read).  A hint that
is missing, damaged or stale must never change what is shown, only what is done first; so reading
never fails, and writing may.
"""

import contextlib
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

from content_cache.disk import Disk
from content_cache.durable import read_whole, write_durably
from content_cache.errors import StorageError

__all__ = ["Hints"]

_BYTES_LIMIT = 16 << 20

Hint = TypeVar("Hint")


class Hints(Generic[Hint]):
    """A table from digest to hint (`kind`), in the file `name` of the cache at `root`."""

    def __init__(self, root: Path, name: str, kind: type[dict[str, Hint]], disk: Disk) -> None:
        self._disk = disk
        self._path = root / "hints" / f"{name}.json"
        self._kind = kind

    def read(self) -> dict[str, Hint]:
        """The table as last written; empty where it cannot be read."""
        try:
            content = read_whole(self._disk, self._path, _BYTES_LIMIT)
            return msgspec.json.decode(content, type=self._kind)
        except (OSError, msgspec.DecodeError):
            return {}

    def write(self, table: dict[str, Hint]) -> None:
        """Replace the table, if the disk lets us and anything has changed."""
        if table != self.read():
            with contextlib.suppress(StorageError):
                write_durably(self._disk, self._path, msgspec.json.encode(table))
