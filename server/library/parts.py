"""The bytes of uploads that are on their way: files beside the store, which grow at their end.

Only `uploading` and the chores use this.  A part is named by its upload's id, never by what people
call the file; it lies where nothing is served or run.  One writer at a time, by a file lock; what
`append` has returned is on the medium.  The digest is computed while bytes pass, and remembered
in this process as long as the upload goes on; else the part is read once at its end.
"""

import contextlib
import fcntl
import hashlib
import os
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings

from server.errors import Conflict, TooLarge
from server.library.blobs import digest_of

if TYPE_CHECKING:
    from hashlib import _Hash

__all__ = ["Parts", "forget", "parts"]

#: How many digests of running uploads are remembered.
DIGESTS_LIMIT = 64


class Parts:
    """The parts in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._digests: OrderedDict[UUID, tuple[int, _Hash]] = OrderedDict()
        self._guard = threading.Lock()

    def path(self, upload: UUID) -> Path:
        """Where the part of `upload` lies."""
        return self._folder / f"{upload}.part"

    def length(self, upload: UUID) -> int:
        """Bytes that are on the disk; 0 when there are none."""
        try:
            return self.path(upload).stat().st_size
        except FileNotFoundError:
            return 0

    def append(self, upload: UUID, offset: int, chunks: Iterable[bytes], limit: int) -> int:
        """Write `chunks` at `offset`, which must be the end; return the new length.

        Raises `Conflict` (OFFSET with the true offset, UPLOAD_BUSY), `TooLarge` for more than
        `limit` bytes in all (nothing of the call is kept then), and `OSError`.  Bytes that came
        before a caller's own failure stay: the upload goes on after them.
        """
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self._opened(upload) as descriptor:
            length = os.fstat(descriptor).st_size
            if offset != length:
                raise _wrong_offset(length)
            digest = self._resumed(upload, length)
            try:
                for chunk in chunks:
                    if length + len(chunk) > limit:
                        os.ftruncate(descriptor, offset)
                        digest = None
                        raise _too_long(limit)
                    _write_at(descriptor, chunk, length)
                    length += len(chunk)
                    if digest is not None:
                        digest.update(chunk)
            finally:
                # A write that failed in its middle leaves bytes that are not in the digest.
                os.ftruncate(descriptor, min(length, os.fstat(descriptor).st_size))
                os.fsync(descriptor)
                self._remember(upload, length, digest)
        return length

    def digest(self, upload: UUID, length: int) -> str:
        """The SHA-256 of the part, which is `length` bytes long."""
        with self._guard:
            known = self._digests.get(upload)
        if known is not None and known[0] == length:
            return known[1].copy().hexdigest()
        return digest_of(self.path(upload))

    def drop(self, upload: UUID) -> None:
        """Remove the part and forget its digest; nothing to do when there is none."""
        with self._guard:
            self._digests.pop(upload, None)
        self.path(upload).unlink(missing_ok=True)

    def names(self) -> Iterator[Path]:
        """All files in the folder: parts, and what other uploads have left over."""
        with contextlib.suppress(FileNotFoundError):
            yield from sorted(path for path in self._folder.iterdir() if path.is_file())

    @contextlib.contextmanager
    def _opened(self, upload: UUID) -> Iterator[int]:
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        descriptor = os.open(self.path(upload), flags, 0o600)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                message = "This file is being uploaded already: wait for that request to end."
                raise Conflict(message, code="UPLOAD_BUSY", retry_after_s=1) from error
            yield descriptor
        finally:
            os.close(descriptor)

    def _resumed(self, upload: UUID, length: int) -> "_Hash | None":
        if length == 0:
            return hashlib.sha256()
        with self._guard:
            known = self._digests.get(upload)
        return known[1] if known is not None and known[0] == length else None

    def _remember(self, upload: UUID, length: int, digest: "_Hash | None") -> None:
        with self._guard:
            self._digests.pop(upload, None)
            if digest is not None:
                self._digests[upload] = length, digest
            while len(self._digests) > DIGESTS_LIMIT:
                self._digests.popitem(last=False)


def _write_at(descriptor: int, chunk: bytes, at: int) -> None:
    rest = memoryview(chunk)
    while rest:
        written = os.pwrite(descriptor, rest, at)
        rest, at = rest[written:], at + written


def _wrong_offset(length: int) -> Conflict:
    return Conflict(
        "The server has %(bytes)s bytes of this file: go on from there.",
        values={"bytes": f"{length:,}"},
        code="UPLOAD_OFFSET",
        details={"offset": length},
    )


def _too_long(limit: int) -> TooLarge:
    return TooLarge(
        "More bytes came than the %(bytes)s that were announced: begin the upload anew.",
        values={"bytes": f"{limit:,}"},
        code="UPLOAD_TOO_LONG",
        details={"bytes": limit},
    )


_parts: dict[Path, Parts] = {}


def parts() -> Parts:
    """The parts of this server, by its settings."""
    folder: Path = settings.DATA / "uploads"
    return _parts.setdefault(folder, Parts(folder))


def forget(data: Path) -> None:
    """Let go of the parts below this data folder; for whoever changes the settings."""
    _parts.pop(data / "uploads", None)
