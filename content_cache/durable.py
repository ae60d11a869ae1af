"""Durable writes: the only code of this program that makes state outlive a power cut.

`write_durably` replaces a whole small file; `commit_durably` gives an open, written file its final
name.  Both promise: when they return, the bytes are under that name and stay there after a power
cut; when they raise, what was there before still is (or, if only the last step failed, the new
file stands complete, but may not outlive a power cut).  A reader sees the old file or the new
one, never a part.

What POSIX promises is less: it says nothing about power failures.  The order used here (data,
then name, then folder) is the one that ext4, XFS and Btrfs honour on a disk that does not lie
about its cache.

After a failed fsync the kernel forgets which pages were not written, so a second fsync would
report success for data that is lost.  Nothing here ever syncs the same file again: it is thrown
away, and the caller starts anew with a fresh one.
"""

import contextlib
import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

from content_cache.disk import Disk
from content_cache.errors import FsyncFailed, storage_errors

__all__ = [
    "close_quietly",
    "commit_durably",
    "make_folders",
    "patiently",
    "read_whole",
    "sync",
    "sync_folder",
    "temporary_name",
    "write_all",
    "write_durably",
]

#: How often an interrupted call is made again before we call the disk broken.
INTERRUPTIONS_LIMIT = 100

#: How much is read at a time.
READ_BYTES = 1 << 20

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def patiently(
    call: Callable[Arguments, Result], *args: Arguments.args, **kwargs: Arguments.kwargs
) -> Result:
    """Call, and call again while a signal interrupts it, at most `INTERRUPTIONS_LIMIT` times.

    The interpreter does that for most calls of its own; file systems in user space interrupt
    others (EINTR).
    """
    for _attempt in range(INTERRUPTIONS_LIMIT):
        try:
            return call(*args, **kwargs)
        except InterruptedError:
            continue
    return call(*args, **kwargs)


def write_all(disk: Disk, descriptor: int, content: bytes) -> None:
    """Write every byte, however little the disk takes at a time.  Raises `OSError`."""
    rest = memoryview(content)
    while rest:
        written = patiently(disk.write, descriptor, rest)
        if written == 0:
            raise OSError(errno.EIO, "the disk takes no more bytes and does not say why")
        rest = rest[written:]


def read_whole(disk: Disk, path: Path, limit_bytes: int) -> bytes:
    """The content of a file of at most `limit_bytes`.  Raises `OSError`.

    A folder or a link under that name is an `OSError` too; a pipe is empty, and is not waited for.
    """
    descriptor = patiently(disk.open, path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        parts: list[bytes] = []
        left = limit_bytes + 1
        while left > 0:
            part = patiently(disk.read, descriptor, min(left, READ_BYTES))
            if not part:
                return b"".join(parts)
            parts.append(part)
            left -= len(part)
    finally:
        close_quietly(disk, descriptor)
    raise OSError(errno.EFBIG, f"{path} is larger than {limit_bytes:,} bytes")


def close_quietly(disk: Disk, descriptor: int) -> None:
    """Close a file whose content does not depend on it: one that was read, or is thrown away."""
    with contextlib.suppress(OSError):
        disk.close(descriptor)


def make_folders(disk: Disk, path: Path) -> None:
    """Make `path` and what is missing above it, durably.  Raises `StorageError`."""
    missing = []
    with storage_errors(disk, path):
        while not _is_folder(disk, path):
            missing.append(path)
            path = path.parent
    for folder in reversed(missing):
        with storage_errors(disk, folder):
            with contextlib.suppress(FileExistsError):
                patiently(disk.make_folder, folder)
            sync_folder(disk, folder.parent)


def _is_folder(disk: Disk, path: Path) -> bool:
    try:
        return stat.S_ISDIR(patiently(disk.stat, path).st_mode)
    except FileNotFoundError:
        return False


def temporary_name(path: Path) -> Path:
    """Where `path` is written before it has its name: one such file at most is ever left over."""
    return path.with_name(f".{path.name}.new")


def write_durably(disk: Disk, path: Path, content: bytes) -> None:
    """Replace the file at `path` by `content`, durably.  Raises `StorageError`.

    Only one process may write to one `path`.  A missing folder is made.
    """
    temporary = temporary_name(path)
    with storage_errors(disk, path, need=len(content)):
        descriptor = _open_new(disk, temporary)
        try:
            _fill(disk, descriptor, content)
            commit_durably(disk, descriptor, temporary, path)
        except BaseException:
            # Whatever went wrong has a name already; the left-over is overwritten next time.
            with contextlib.suppress(OSError):
                disk.unlink(temporary)
            raise


def commit_durably(disk: Disk, descriptor: int, source: Path, target: Path) -> None:
    """Sync and close the file open at `descriptor`, then give it the name `target`, durably.

    `descriptor` is closed in every case.  Raises `StorageError`; then `source` may be left over,
    must not be synced again and is the caller's to remove.
    """
    try:
        sync(disk, descriptor, target)
    finally:
        with storage_errors(disk, target), contextlib.suppress(InterruptedError):
            disk.close(descriptor)  # an interrupted close has closed all the same
    with storage_errors(disk, target):
        patiently(disk.replace, source, target)
    sync_folder(disk, target.parent)


def _fill(disk: Disk, descriptor: int, content: bytes) -> None:
    try:
        write_all(disk, descriptor, content)
    except BaseException:
        close_quietly(disk, descriptor)
        raise


def _open_new(disk: Disk, path: Path) -> int:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    try:
        return patiently(disk.open, path, flags)
    except FileExistsError:  # left over from a process that was killed
        patiently(disk.unlink, path)
    except FileNotFoundError:
        make_folders(disk, path.parent)
    return patiently(disk.open, path, flags)


def sync(disk: Disk, descriptor: int, path: Path) -> None:
    """Put the file open at `descriptor` (and called `path`) on the medium.

    Raises `StorageError`; then never sync this file again, throw it away.
    """
    with storage_errors(disk, path):
        try:
            patiently(disk.fsync, descriptor)
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            raise FsyncFailed(path, "fsync: input/output error") from error


def sync_folder(disk: Disk, folder: Path) -> None:
    """Put the names in `folder` on the medium.  Raises `StorageError`."""
    with storage_errors(disk, folder):
        try:
            patiently(disk.fsync_folder, folder)
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            raise FsyncFailed(folder, "fsync of the folder: input/output error") from error
