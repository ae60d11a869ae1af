"""The disk as a port: every operation of the store that touches it, so that faults can be put in.

Whoever builds a store passes `RealDisk()`; tests pass one that fails at the n-th operation.
Errors are plain `OSError`s here; `content_cache.errors` gives them names.  Nothing in this module
retries, decides or remembers.
"""

import fcntl
import os
from pathlib import Path
from typing import Protocol

from msgspec import Struct

__all__ = ["Disk", "RealDisk", "Space"]

#: What others may do with our files: read them (the stage runs as its own process).
FILE_MODE = 0o644
FOLDER_MODE = 0o755


class Space(Struct, frozen=True):
    """What a file system has left for us, in bytes and files (`files` 0: as many as fit)."""

    total_bytes: int
    free_bytes: int
    files: int
    free_files: int
    read_only: bool = False


class Disk(Protocol):
    """Operations on files.  Each may raise `OSError`; `write` may write less than it was given."""

    def open(self, path: Path, flags: int) -> int:
        """Open `path` (never through a symbolic link at its end) and return a descriptor."""

    def read(self, descriptor: int, size: int) -> bytes:
        """Up to `size` bytes from where the descriptor stands; b"" at the end."""

    def write(self, descriptor: int, content: bytes | memoryview) -> int:
        """Write some of `content`; return how many bytes."""

    def truncate(self, descriptor: int, length: int) -> None:
        """Cut (or grow) the file to `length` bytes, and stand at its end."""

    def fsync(self, descriptor: int) -> None:
        """Return when content and length are on the medium."""

    def close(self, descriptor: int) -> None:
        """Give the descriptor back; it is gone even when this raises."""

    def lock(self, descriptor: int, *, shared: bool = False) -> None:
        """Take the file's lock or raise `BlockingIOError`; the kernel frees it with the process."""

    def replace(self, source: Path, target: Path) -> None:
        """Give `source` the name `target`, atomically; what had that name is gone."""

    def unlink(self, path: Path) -> None:
        """Remove a name."""

    def make_folder(self, path: Path) -> None:
        """Make one folder; its parent must be there."""

    def remove_folder(self, path: Path) -> None:
        """Remove an empty folder."""

    def list(self, path: Path) -> list[str]:
        """The names in a folder, in no order."""

    def stat(self, path: Path) -> os.stat_result:
        """What stands under this very name: a symbolic link is not followed."""

    def fsync_folder(self, path: Path) -> None:
        """Return when the names in this folder are on the medium."""

    def space(self, path: Path) -> Space:
        """What the file system of `path` has left for this user."""


class RealDisk:
    """The operating system's files; those that it makes have the mode `file_mode`."""

    def __init__(self, file_mode: int = FILE_MODE) -> None:
        self._file_mode = file_mode

    def open(self, path: Path, flags: int) -> int:
        return os.open(path, flags | os.O_NOFOLLOW | os.O_CLOEXEC, self._file_mode)

    def read(self, descriptor: int, size: int) -> bytes:
        return os.read(descriptor, size)

    def write(self, descriptor: int, content: bytes | memoryview) -> int:
        return os.write(descriptor, content)

    def truncate(self, descriptor: int, length: int) -> None:
        os.ftruncate(descriptor, length)
        os.lseek(descriptor, length, os.SEEK_SET)

    def fsync(self, descriptor: int) -> None:
        os.fsync(descriptor)

    def close(self, descriptor: int) -> None:
        os.close(descriptor)

    def lock(self, descriptor: int, *, shared: bool = False) -> None:
        kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)

    def replace(self, source: Path, target: Path) -> None:
        source.replace(target)

    def unlink(self, path: Path) -> None:
        path.unlink()

    def make_folder(self, path: Path) -> None:
        path.mkdir(FOLDER_MODE)

    def remove_folder(self, path: Path) -> None:
        path.rmdir()

    def list(self, path: Path) -> list[str]:
        return os.listdir(path)  # noqa: PTH208  (names are wanted, 20,000 of them, not paths)

    def stat(self, path: Path) -> os.stat_result:
        return path.lstat()

    def fsync_folder(self, path: Path) -> None:
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def space(self, path: Path) -> Space:
        found = os.statvfs(path)
        return Space(
            total_bytes=found.f_blocks * found.f_frsize,
            free_bytes=found.f_bavail * found.f_frsize,
            files=found.f_files,
            free_files=found.f_favail,
            read_only=bool(found.f_flag & os.ST_RDONLY),
        )
