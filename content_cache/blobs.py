"""Blobs: verified files, each named by the SHA-256 of what it holds.

The sync pass fills the store through `part`; the stage asks `path` or, before it shows a blob for
the first time, `verified_path`.  Bytes reach their digest name only after length and SHA-256
agree, and are doubted again whenever they are verified.  Names are checked both ways: nothing but
64 lower-case hex digits becomes a path, and what stands in the folder under any other name, or is
no regular file (a link, a pipe, a folder), is ignored, reported and never opened.

One process writes (it holds `content_cache.lock`); any number read.  Several threads of either may
share one store.
"""

import contextlib
import hashlib
import os
import re
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

from content_cache.disk import Disk
from content_cache.durable import READ_BYTES, close_quietly, make_folders, patiently
from content_cache.errors import DigestMismatch, storage_errors
from content_cache.part import PartFile

__all__ = ["QUARANTINE_LIMIT", "BlobStore", "Condition", "is_digest"]

_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)

#: So many bad files are set aside at most; the oldest make room.  (They are kept at all because a
#: file on a bad sector keeps that sector from being used again.)
QUARANTINE_LIMIT = 8

_REASON = re.compile(r"[^a-z0-9-]+")

Identity = tuple[int, int, int]

#: What reading a blob whole can find.
Condition = Literal["good", "missing", "wrong", "unreadable"]


def is_digest(name: str) -> bool:
    """Is this a name that a blob may have?"""
    return _DIGEST.fullmatch(name) is not None


class BlobStore:
    """The blobs in the folder `root`, which need not exist yet."""

    def __init__(self, root: Path, disk: Disk) -> None:
        self._disk = disk
        self._root = root
        self._blobs = root / "blobs"
        self._parts = root / "partial"
        self._bad = root / "quarantine"
        self._verified: dict[str, Identity] = {}

    def path(self, sha256: str) -> Path | None:
        """Where the blob is, or None.  Its content was right when it came; see `verified_path`."""
        return self._name(sha256) if self._identity(sha256) is not None else None

    def verified_path(self, sha256: str) -> Path | None:
        """Where the blob is, once this process has seen that its bytes are right; else None.

        The first call of a process for a blob reads it whole (about 1 s a GB); after that it is
        read again only if the file was replaced.  This is the check before the first show.
        """
        if not self.is_verified(sha256) and not self.verify(sha256):
            return None
        return self._name(sha256)

    def is_verified(self, sha256: str) -> bool:
        """Has this process read the very file that stands there, and found it right?"""
        identity = self._identity(sha256)
        return identity is not None and self._verified.get(sha256) == identity

    def verify(self, sha256: str) -> bool:
        """Read the blob whole: is it there, readable and right?  Never raises for the disk."""
        return self.check(sha256) == "good"

    def check(self, sha256: str) -> Condition:
        """Read the blob whole and say how it is.  Never raises for the disk."""
        identity = self._identity(sha256)
        if identity is None:
            return "missing"
        self._verified.pop(sha256, None)
        try:
            found = self._digest(self._name(sha256))
        except OSError:
            return "unreadable"
        if found != sha256:
            return "wrong"
        self._verified[sha256] = identity
        return "good"

    def size(self, sha256: str) -> int:
        """Bytes of the blob; 0 if it is not there."""
        identity = self._identity(sha256)
        return identity[2] if identity else 0

    def part_length(self, sha256: str) -> int:
        """Bytes that have arrived of a blob that is not here yet."""
        try:
            return patiently(self._disk.stat, self._part_name(sha256)).st_size
        except OSError:
            return 0

    def part(self, sha256: str, size: int) -> PartFile:
        """The partial file of this blob, opened where an earlier transfer left off.

        One part of a blob at a time; close it.  Raises `StorageError`, and `ValueError` for what
        is no digest or no size.
        """
        if not is_digest(sha256) or size < 0:
            raise ValueError(f"no blob can be called {sha256!r} and have {size} bytes")
        target = self._name(sha256)
        self._make_way(target)
        make_folders(self._disk, self._parts)
        make_folders(self._disk, self._blobs)
        return PartFile(self._disk, self._part_name(sha256), target, sha256, size)

    def take(self, sha256: str, size: int, source: Iterable[bytes]) -> Path:
        """Store a blob from chunks that are at hand; the whole of `part` in one call."""
        with self.part(sha256, size) as part:
            part.restart()
            for chunk in source:
                part.append(chunk)
            return part.commit()

    def read(self, sha256: str) -> Iterator[bytes]:
        """The blob in chunks.  Raises `DigestMismatch` at the end if they were not the right ones.

        Raises `StorageError` when the disk does, at once if the blob is not there.
        """
        path, digest = self._name(sha256), hashlib.sha256()
        with storage_errors(self._disk, path):
            for chunk in self._chunks(path):
                digest.update(chunk)
                yield chunk
        if digest.hexdigest() != sha256:
            raise DigestMismatch(sha256, digest.hexdigest())

    def quarantine(self, sha256: str, reason: str) -> None:
        """Set a bad blob aside, so that it counts as missing and is fetched to a new file.

        Nothing to do if it is not there.  Raises `StorageError` (a read-only disk keeps it).
        """
        self._verified.pop(sha256, None)
        if self._exists(self._name(sha256)):
            label = _REASON.sub("-", reason.lower())[:40].strip("-") or "bad"
            self._set_aside(self._name(sha256), f"{sha256}.{label}")

    def delete(self, sha256: str) -> int:
        """Delete a blob; return the bytes that this freed.  Raises `StorageError`."""
        size = self.size(sha256)
        self._verified.pop(sha256, None)
        with storage_errors(self._disk, self._name(sha256)), contextlib.suppress(FileNotFoundError):
            patiently(self._disk.unlink, self._name(sha256))
        return size

    def digests(self) -> list[str]:
        """The digests of all blobs that are here, in order.  Raises `StorageError`."""
        names = filter(is_digest, self._names(self._blobs))
        return sorted(name for name in names if self._identity(name) is not None)

    def strangers(self) -> list[Path]:
        """What stands among the blobs without being one; left alone, never opened."""
        return sorted(
            self._blobs / name
            for name in self._names(self._blobs)
            if not is_digest(name) or self._identity(name) is None
        )

    def parts(self) -> list[str]:
        """The digests whose transfer was begun and not ended.  Raises `StorageError`."""
        return sorted(
            name.removesuffix(".part")
            for name in self._names(self._parts)
            if name.endswith(".part") and is_digest(name.removesuffix(".part"))
        )

    def quarantined(self) -> list[Path]:
        """The bad files set aside, the oldest first.  Raises `StorageError`."""
        paths = [self._bad / name for name in self._names(self._bad)]
        with storage_errors(self._disk, self._bad):
            return sorted(paths, key=lambda path: patiently(self._disk.stat, path).st_ctime_ns)

    def drop_parts(self, keep: Iterable[str] = ()) -> int:
        """Delete every partial file but those of the digests to `keep`; return how many went.

        Left-overs of any name go with them (hints, temporary files); folders stay.
        """
        kept, dropped = set(keep), 0
        for name in self._names(self._parts):
            if name.partition(".")[0] not in kept:
                dropped += self._drop(self._parts / name)
        return dropped

    def drop_quarantine(self) -> int:
        """Delete what was set aside; return how many files went."""
        return sum(self._drop(path) for path in self.quarantined())

    def _name(self, sha256: str) -> Path:
        if not is_digest(sha256):
            raise ValueError(f"{sha256!r} is no SHA-256 in 64 lower-case hex digits")
        return self._blobs / sha256

    def _part_name(self, sha256: str) -> Path:
        return self._parts / f"{sha256}.part"

    def _identity(self, sha256: str) -> Identity | None:
        """What tells one file from another that replaced it; None unless it is a regular file."""
        try:
            found = patiently(self._disk.stat, self._name(sha256))
        except OSError:
            return None
        return (found.st_ino, found.st_mtime_ns, found.st_size) if _is_file(found) else None

    def _exists(self, path: Path) -> bool:
        try:
            patiently(self._disk.stat, path)
        except OSError:
            return False
        return True

    def _digest(self, path: Path) -> str:
        digest = hashlib.sha256()
        for chunk in self._chunks(path):
            digest.update(chunk)
        return digest.hexdigest()

    def _chunks(self, path: Path) -> Iterator[bytes]:
        descriptor = patiently(self._disk.open, path, os.O_RDONLY | os.O_NONBLOCK)
        try:
            while chunk := patiently(self._disk.read, descriptor, READ_BYTES):
                yield chunk
        finally:
            close_quietly(self._disk, descriptor)

    def _names(self, folder: Path) -> list[str]:
        with storage_errors(self._disk, folder):
            try:
                return patiently(self._disk.list, folder)
            except FileNotFoundError:
                return []

    def _make_way(self, target: Path) -> None:
        """A link, pipe or folder under a blob's name must not stop that blob from coming."""
        with contextlib.suppress(OSError):  # nothing stands there
            if _is_file(patiently(self._disk.stat, target)):
                return
            self._set_aside(target, f"{target.name}.stranger")

    def _set_aside(self, path: Path, name: str) -> None:
        make_folders(self._disk, self._bad)
        for old in self.quarantined()[: 1 - QUARANTINE_LIMIT]:
            self._drop(old)
        with storage_errors(self._disk, path):
            patiently(self._disk.replace, path, self._bad / name)

    def _drop(self, path: Path) -> int:
        """Delete a file that nobody needs; a folder (it was never ours) stays."""
        with storage_errors(self._disk, path):
            try:
                patiently(self._disk.unlink, path)
            except (FileNotFoundError, IsADirectoryError):
                return 0
        return 1


def _is_file(found: os.stat_result) -> bool:
    return stat.S_ISREG(found.st_mode)
