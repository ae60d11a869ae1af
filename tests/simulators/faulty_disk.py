"""A disk that fails at the n-th operation, once or from then on; a real disk lies underneath."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from content_cache.disk import Disk, Space

__all__ = ["SHORT_WRITE", "FaultyDisk"]

#: Not an error: the write takes one byte less than it was given (but at least one).
SHORT_WRITE = 0

#: Reading and closing cannot run out of space; they fail with EIO and EINTR only.
_READS = frozenset({"open_read", "read", "list", "stat", "space", "lock", "close"})
_CHANGES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_READ_FAULTS = frozenset({errno.EIO, errno.EINTR})


class FaultyDisk:
    """Counts the operations; the `fail_at`-th (from 1) fails with the errno `fault`.

    `persistent`: so does every one after it; `times`: so many in all.  `only` limits counting to
    operations of these names.  With `fault=SHORT_WRITE` only writes count, and a hit writes half.
    """

    def __init__(
        self,
        disk: Disk,
        fail_at: int = 0,
        fault: int = errno.EIO,
        *,
        persistent: bool = False,
        times: int = 1,
        only: frozenset[str] | None = None,
    ) -> None:
        self._disk, self._fail_at, self._fault = disk, fail_at, fault
        self._times = 1 << 62 if persistent else times
        self._only = frozenset({"write"}) if fault == SHORT_WRITE else only
        self.operations = 0
        self.failed: list[str] = []

    def _hit(self, name: str) -> bool:
        if self._only is not None and name not in self._only:
            return False
        if name in _READS and self._fault not in _READ_FAULTS:
            return False
        self.operations += 1
        due = 0 < self._fail_at <= self.operations < self._fail_at + self._times
        if due:
            self.failed.append(name)
        return due

    def _do(self, name: str, call: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if self._hit(name):
            raise OSError(self._fault, os.strerror(self._fault))
        return call(*args, **kwargs)

    def open(self, path: Path, flags: int) -> int:
        name = "open" if flags & _CHANGES else "open_read"
        found: int = self._do(name, self._disk.open, path, flags)
        return found

    def read(self, descriptor: int, size: int) -> bytes:
        found: bytes = self._do("read", self._disk.read, descriptor, size)
        return found

    def write(self, descriptor: int, content: bytes | memoryview) -> int:
        if self._fault == SHORT_WRITE and self._hit("write"):
            return self._disk.write(descriptor, content[: max(len(content) // 2, 1)])
        if self._fault == SHORT_WRITE:
            return self._disk.write(descriptor, content)
        found: int = self._do("write", self._disk.write, descriptor, content)
        return found

    def truncate(self, descriptor: int, length: int) -> None:
        self._do("truncate", self._disk.truncate, descriptor, length)

    def fsync(self, descriptor: int) -> None:
        self._do("fsync", self._disk.fsync, descriptor)

    def close(self, descriptor: int) -> None:
        # The kernel closes even when it reports an error.
        self._disk.close(descriptor)
        self._do("close", lambda: None)

    def lock(self, descriptor: int, *, shared: bool = False) -> None:
        self._do("lock", self._disk.lock, descriptor, shared=shared)

    def replace(self, source: Path, target: Path) -> None:
        self._do("replace", self._disk.replace, source, target)

    def unlink(self, path: Path) -> None:
        self._do("unlink", self._disk.unlink, path)

    def make_folder(self, path: Path) -> None:
        self._do("make_folder", self._disk.make_folder, path)

    def remove_folder(self, path: Path) -> None:
        self._do("remove_folder", self._disk.remove_folder, path)

    def list(self, path: Path) -> list[str]:
        found: list[str] = self._do("list", self._disk.list, path)
        return found

    def stat(self, path: Path) -> os.stat_result:
        found: os.stat_result = self._do("stat", self._disk.stat, path)
        return found

    def fsync_folder(self, path: Path) -> None:
        self._do("fsync_folder", self._disk.fsync_folder, path)

    def space(self, path: Path) -> Space:
        found: Space = self._do("space", self._disk.space, path)
        return found
