"""What can go wrong with the offline store, each cause a type of its own.

Anyone who uses `content_cache` may catch these.  A message is one sentence: what, where, what to
do.  `code` and `severity` are what the operator sees (docs/cache.md): I information, W warning,
E error, C critical.  Operating-system errors are turned into these once, by `storage_errors`;
nothing above the `Disk` port handles an `OSError`.
"""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

from content_cache.disk import Disk

__all__ = [
    "BlobsMissing",
    "BundleError",
    "CacheError",
    "CacheGone",
    "CacheLocked",
    "DigestMismatch",
    "DiskFailed",
    "DiskFull",
    "FsyncFailed",
    "InodesExhausted",
    "IntegrityError",
    "PermissionLost",
    "ReadOnlyDisk",
    "ReleaseTooBig",
    "SizeMismatch",
    "StorageError",
    "storage_errors",
]


class CacheError(Exception):
    """Base of every error of this package."""

    code: ClassVar[str] = "CACHE"
    severity: ClassVar[str] = "E"


class StorageError(CacheError):
    """The disk did not do what it was asked; what is on the screen goes on."""


class DiskFull(StorageError):
    """No room: `need` bytes were asked for, `free` bytes are left."""

    code = "CACHE_FULL"
    severity = "W"

    def __init__(self, path: Path, need: int, free: int) -> None:
        super().__init__(
            f"no room for {need:,} bytes at {path} ({free:,} free): free space on that disk, "
            "or publish less"
        )
        self.path, self.need, self.free = path, need, free


class InodesExhausted(DiskFull):
    """Bytes are left, but the file system can hold no more files."""

    code = "CACHE_INODES"

    def __init__(self, path: Path, need: int, free: int) -> None:
        super().__init__(path, need, free)
        sentence = f"the file system of {path} can hold no more files (no inode is free)"
        self.args = (f"{sentence}: delete files there, or make it anew with more inodes",)


class ReadOnlyDisk(StorageError):
    """The file system is (or was just made) read-only."""

    code = "STORAGE_RO"

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} is on a read-only file system: look into the kernel's log (dmesg), check the "
            "disk, and mount it read-write again"
        )
        self.path = path


class DiskFailed(StorageError):
    """The disk answered with an error of its own; suspect the hardware."""

    code = "BLOB_IO"
    severity = "W"

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"the disk failed at {path} ({reason}): check its health (smartctl -a)")
        self.path, self.reason = path, reason


class FsyncFailed(DiskFailed):
    """Data did not reach the disk.  What was written is thrown away, never synced again."""

    code = "FSYNC_FAIL"


class PermissionLost(StorageError):
    """A file of ours is no longer ours; `fix` is the command that gives it back."""

    code = "PERMISSION"

    def __init__(self, path: Path, fix: str) -> None:
        super().__init__(f"{path} may not be used by this program: run `{fix}`")
        self.path, self.fix = path, fix


class CacheGone(StorageError):
    """A folder of the cache vanished while we worked in it; the next try makes it anew."""

    code = "CACHE_GONE"

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} vanished while it was in use: it is made anew at the next try")
        self.path = path


class ReleaseTooBig(StorageError):
    """A release cannot fit whatever is deleted; all numbers in bytes."""

    code = "RELEASE_TOO_BIG"

    def __init__(self, need: int, available: int) -> None:
        super().__init__(
            f"the release needs {need:,} bytes more, but only {available:,} can be had beside "
            "what must stay: publish less, raise the quota, or fit a larger disk"
        )
        self.need, self.available = need, available


class IntegrityError(CacheError):
    """Bytes are not those that were promised."""


class DigestMismatch(IntegrityError):
    """The right number of bytes, but not the right ones."""

    code = "BLOB_BAD"
    severity = "W"

    def __init__(self, sha256: str, found: str) -> None:
        super().__init__(f"blob {sha256} arrived as {found}: it was thrown away; fetch it again")
        self.sha256, self.found = sha256, found


class SizeMismatch(IntegrityError):
    """Too few bytes at the end, or one more than promised."""

    code = "SIZE_MISMATCH"
    severity = "W"

    def __init__(self, sha256: str, promised: int, found: int) -> None:
        super().__init__(
            f"blob {sha256} has {found:,} bytes where the manifest promises {promised:,}"
        )
        self.sha256, self.promised, self.found = sha256, promised, found


class BlobsMissing(IntegrityError):
    """A generation cannot become current: `missing` names the blobs that are not here, whole."""

    code = "BLOB_MISSING"
    severity = "W"

    def __init__(self, missing: tuple[str, ...]) -> None:
        rest = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        super().__init__(f"blob {missing[0]}{rest} is not here, whole: fetch it, then activate")
        self.missing = missing


class CacheLocked(CacheError):
    """Another process writes to this cache; `holder` says which."""

    code = "ALREADY_RUNNING"
    severity = "W"

    def __init__(self, root: Path, holder: str) -> None:
        super().__init__(f"{root} is in use by {holder}: stop that first")
        self.root, self.holder = root, holder


class BundleError(CacheError):
    """A folder is no bundle that this screen can take in."""

    code = "BUNDLE"


@contextmanager
def storage_errors(disk: Disk, path: Path, need: int = 0) -> Iterator[None]:
    """Turn an `OSError` raised inside into the `StorageError` that names its cause.

    `need` is the number of bytes that were to be written, for the message of a full disk.
    """
    try:
        yield
    except OSError as error:
        raise _named(error, disk, path, need) from error


def _named(error: OSError, disk: Disk, path: Path, need: int) -> StorageError:
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return _full(disk, path, need)
        case errno.EROFS:
            return ReadOnlyDisk(path)
        case errno.EACCES | errno.EPERM:
            return PermissionLost(path, fix_command(path))
        case errno.ENOENT | errno.ENOTDIR:
            return CacheGone(path)
        case _:
            return DiskFailed(path, error.strerror or str(error))


def _full(disk: Disk, path: Path, need: int) -> DiskFull:
    try:
        space = disk.space(path.parent)
    except OSError:  # the disk is worse off than full; say what we know
        return DiskFull(path, need, 0)
    if space.free_files == 0 and space.files:
        return InodesExhausted(path, need, space.free_bytes)
    return DiskFull(path, need, space.free_bytes)


def fix_command(path: Path) -> str:
    """The command that makes `path` ours again; `path` may be anything in the cache."""
    return f"sudo chown --recursive {os.geteuid()}:{os.getegid()} {path}"
