"""One writer at a time: a lock that the kernel frees when its holder dies, however it dies.

Whatever changes a cache (the agent, `yingbi-cache gc` and `import`) holds this lock; readers (the
stage) never need it.  The lock file says who holds it, for people; only the lock itself decides.
It is never deleted: a lock on a deleted file would lock nobody out.  A child process that is
forked without exec would hold the lock too; use `subprocess`.
"""

import contextlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from content_cache.disk import Disk
from content_cache.durable import close_quietly, make_folders, patiently, read_whole, write_all
from content_cache.errors import CacheLocked, StorageError, storage_errors

__all__ = ["exclusive", "holder"]

_FLAGS = os.O_RDWR | os.O_CREAT | os.O_NONBLOCK
_NOTE_BYTES_LIMIT = 200

#: `holder` takes a shared lock for an instant; a writer that starts just then tries again.
_ATTEMPTS = 5
_PAUSE_S = 0.02


@contextmanager
def exclusive(root: Path, disk: Disk, name: str) -> Iterator[None]:
    """Be the only writer of the cache at `root` inside; `name` is how others will know us.

    Raises `CacheLocked` (a command then ends with `os.EX_TEMPFAIL`, 75) if another process is, and
    `StorageError` if the disk takes no lock.  Waits a tenth of a second at most.
    """
    path = root / "lock"
    make_folders(disk, root)
    with storage_errors(disk, path):
        descriptor = patiently(disk.open, path, _FLAGS)
    try:
        _take(disk, descriptor, root)
        _sign(disk, descriptor, name)
        yield
    finally:
        close_quietly(disk, descriptor)


def holder(root: Path, disk: Disk) -> str | None:
    """Who writes to the cache at `root` now ("yingbi-agent, process 4711"), or None."""
    try:
        descriptor = patiently(disk.open, root / "lock", os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        return None
    try:
        patiently(disk.lock, descriptor, shared=True)
    except BlockingIOError:
        return _signature(disk, root)
    except OSError:
        return None
    finally:
        close_quietly(disk, descriptor)
    return None


def _take(disk: Disk, descriptor: int, root: Path) -> None:
    for _attempt in range(_ATTEMPTS):
        with storage_errors(disk, root / "lock"), contextlib.suppress(BlockingIOError):
            patiently(disk.lock, descriptor)
            return
        time.sleep(_PAUSE_S)
    raise CacheLocked(root, _signature(disk, root))


def _sign(disk: Disk, descriptor: int, name: str) -> None:
    """Say who we are; a full disk is no reason not to work."""
    with contextlib.suppress(OSError, StorageError):
        disk.truncate(descriptor, 0)
        write_all(disk, descriptor, f"{name}, process {os.getpid()}\n".encode())


def _signature(disk: Disk, root: Path) -> str:
    try:
        note = read_whole(disk, root / "lock", _NOTE_BYTES_LIMIT).decode("utf-8", "replace")
    except OSError:
        note = ""
    return note.strip() or "another process"
