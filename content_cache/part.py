"""A blob on its way in: a partial file that can be resumed, and becomes the blob when it is whole.

Made by `BlobStore.part`, used by the sync pass.  A part promises nothing: it is not synced, and
after a power cut may hold anything.  That is safe because its bytes are hashed again when it is
opened, and it gets its digest name only if the whole agrees with the manifest.
"""

import contextlib
import hashlib
import os
from pathlib import Path
from types import TracebackType
from typing import Self

from content_cache.disk import Disk
from content_cache.durable import (
    READ_BYTES,
    close_quietly,
    commit_durably,
    patiently,
    read_whole,
    write_all,
)
from content_cache.errors import (
    DigestMismatch,
    DiskFailed,
    SizeMismatch,
    StorageError,
    storage_errors,
)

__all__ = ["VALIDATOR_BYTES_LIMIT", "PartFile"]

#: A validator (an HTTP entity tag) longer than this is not worth remembering.
VALIDATOR_BYTES_LIMIT = 1024


class PartFile:
    """One transfer of one blob; a context manager that closes, and keeps what has arrived.

    `length` bytes have arrived so far, of `size`.  Not for several threads at a time.
    """

    def __init__(self, disk: Disk, path: Path, target: Path, sha256: str, size: int) -> None:
        self.sha256, self.size = sha256, size
        self.length = 0
        self._disk, self._path, self._target = disk, path, target
        self._digest = hashlib.sha256()
        self._descriptor: int | None = None
        try:
            with storage_errors(disk, path):
                self._descriptor = self._open()
                self._resume()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def validator(self) -> str | None:
        """What the server called the version that these bytes are of (for If-Range), or None."""
        try:
            found = read_whole(self._disk, self._validator_path, VALIDATOR_BYTES_LIMIT)
        except OSError:
            return None
        return found.decode("ascii") if _is_validator(found) else None

    def remember(self, validator: str | None) -> None:
        """Remember the server's name for this version; None forgets it.  Raises `StorageError`.

        A validator that no header could carry is forgotten.  It is a hint: not synced.
        """
        content = (validator or "").encode("utf-8", "replace")
        with storage_errors(self._disk, self._validator_path, need=len(content)):
            if not _is_validator(content):
                self._forget()
                return
            flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
            descriptor = patiently(self._disk.open, self._validator_path, flags)
            try:
                write_all(self._disk, descriptor, content)
            finally:
                close_quietly(self._disk, descriptor)

    def append(self, chunk: bytes) -> None:
        """Add bytes at the end.  Raises `StorageError`, and `SizeMismatch` at size + 1.

        More bytes than promised are not written and spoil the whole: the part is discarded.  After
        a `StorageError` the part is closed; ask the store for it again.
        """
        arrived = self.length + len(chunk)
        if arrived > self.size:
            self.discard()
            raise SizeMismatch(self.sha256, self.size, arrived)
        try:
            with storage_errors(self._disk, self._path, need=self.size - self.length):
                write_all(self._disk, self._open_descriptor(), chunk)
        except StorageError as error:
            # How much of the chunk is on the disk is not known here: the next to open it will see.
            self.discard() if isinstance(error, DiskFailed) else self.close()
            raise
        self._digest.update(chunk)
        self.length = arrived

    def restart(self) -> None:
        """Begin again from nothing (the server has another version).  Raises `StorageError`."""
        with storage_errors(self._disk, self._path):
            self._truncate()
            self._forget()

    def commit(self) -> Path:
        """Make the part the blob, durably, and return its path.

        Raises `SizeMismatch` while bytes are missing (they can still come), `DigestMismatch` (the
        part is discarded) and `StorageError` (after a failed sync, discarded too).
        """
        if self.length != self.size:
            raise SizeMismatch(self.sha256, self.size, self.length)
        found = self._digest.hexdigest()
        if found != self.sha256:
            self.discard()
            raise DigestMismatch(self.sha256, found)
        descriptor, self._descriptor = self._open_descriptor(), None
        try:
            commit_durably(self._disk, descriptor, self._path, self._target)
        except BaseException:
            self.discard()
            raise
        with contextlib.suppress(OSError):
            self._forget()
        return self._target

    def discard(self) -> None:
        """Throw away what has arrived.  Never raises: what is left over is doubted next time."""
        self.close()
        for path in (self._path, self._validator_path):
            with contextlib.suppress(OSError):
                patiently(self._disk.unlink, path)

    def close(self) -> None:
        """Let go of the file; what has arrived stays for a later resume.  May be called twice."""
        if self._descriptor is not None:
            close_quietly(self._disk, self._descriptor)
            self._descriptor = None

    @property
    def _validator_path(self) -> Path:
        return self._path.with_suffix(".validator")

    def _open(self) -> int:
        flags = os.O_RDWR | os.O_CREAT | os.O_NONBLOCK
        return patiently(self._disk.open, self._path, flags)

    def _open_descriptor(self) -> int:
        if self._descriptor is None:
            raise RuntimeError("this part is closed: ask the store for it again")
        return self._descriptor

    def _resume(self) -> None:
        """Hash what is there; more than the promised size is of no use."""
        descriptor = self._open_descriptor()
        while chunk := patiently(self._disk.read, descriptor, READ_BYTES):
            self._digest.update(chunk)
            self.length += len(chunk)
            if self.length > self.size:
                self._truncate()
                self._forget()
                return

    def _truncate(self) -> None:
        descriptor = self._open_descriptor()
        patiently(self._disk.truncate, descriptor, 0)
        self._digest = hashlib.sha256()
        self.length = 0

    def _forget(self) -> None:
        with contextlib.suppress(FileNotFoundError):
            patiently(self._disk.unlink, self._validator_path)


def _is_validator(content: bytes) -> bool:
    """Could a header carry this?  Printable ASCII, not empty, not too long."""
    return 0 < len(content) <= VALIDATOR_BYTES_LIMIT and all(0x20 < byte < 0x7F for byte in content)
