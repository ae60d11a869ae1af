"""Files by digest: the one door to the store, whatever it lies on.

A blob's name is its SHA-256; it never changes.  `put` is durable and may be called by ten at
once for the same bytes.  What is read for the wall is never trusted blindly: `verify` hashes, and
a blob that is wrong is set aside, so that it is missing rather than served.
"""

import contextlib
import hashlib
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import IO, Literal
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage

from content_cache.disk import RealDisk
from content_cache.durable import make_folders, sync_folder
from server.library import fetched
from server.library.storage import storage_for

__all__ = ["READ_BYTES", "Blobs", "blob_path", "digest_of", "is_digest", "store"]

#: How much is read at a time.
READ_BYTES = 1 << 20

#: How long a signed request for a blob counts, in seconds: it is made at once, by the proxy.
SIGNED_FOR_S = 60

_HEX = frozenset("0123456789abcdef")


def is_digest(text: str) -> bool:
    """Is it a SHA-256 in 64 lower-case hex digits?"""
    return len(text) == 64 and _HEX.issuperset(text)


def blob_path(sha256: str) -> str:
    """The name in the store: `ab/abcdef…`.  `ValueError` for what is no digest."""
    if not is_digest(sha256):
        raise ValueError(f"{sha256!r} is no SHA-256 in 64 lower-case hex digits")
    return f"{sha256[:2]}/{sha256}"


def digest_of(path: Path) -> str:
    """The SHA-256 of the file at `path`, read in pieces.  Raises `OSError`."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(READ_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


class _Local(File):  # type: ignore[type-arg]  # (the stubs know more than the class)
    """A file on this machine that a storage may take over instead of copying it."""

    def __init__(self, path: Path, file: IO[bytes]) -> None:
        super().__init__(file, name=path.name)
        self._path = path

    def temporary_file_path(self) -> str:
        """Where it lies (as Django's uploaded files say it)."""
        return str(self._path)


class Blobs:
    """The blobs in one storage."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def put(self, path: Path, sha256: str) -> None:
        """Store the file at `path`, whose digest the caller has just computed, durably.

        The file stays where it is.  A blob that is there already with the same size is kept.
        Raises `OSError`, or what an S3 client raises.
        """
        if self.size(sha256) == path.stat().st_size:
            return
        with path.open("rb") as file:
            self._storage.save(blob_path(sha256), _Local(path, file))

    def size(self, sha256: str) -> int | None:
        """Bytes of the blob; None when it is not there."""
        try:
            return self._storage.size(blob_path(sha256))
        except FileNotFoundError:
            return None
        except Exception as error:
            if _is_missing(error):
                return None
            raise

    def local_path(self, sha256: str) -> Path | None:
        """Where the blob lies on this machine's disk; None when the store is elsewhere."""
        if not isinstance(self._storage, FileSystemStorage):
            return None
        return Path(self._storage.path(blob_path(sha256)))

    def open(self, sha256: str) -> int:
        """A descriptor to read the blob from; the caller closes it.

        From another store than this machine's disk the blob is fetched first, once (`fetched`).
        Raises `OSError`, or what an S3 client raises.
        """
        path = self.local_path(sha256)
        if path is not None:
            return os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        return fetched.open_fetched(settings.DATA / "fetched", sha256, self.chunks)

    def signed_path(self, sha256: str, method: Literal["GET", "HEAD"]) -> str | None:
        """Path and query of a request that a store elsewhere answers for `SIGNED_FOR_S`.

        None when the blobs lie on this machine.  Asks nobody: the blob need not be there.
        """
        if isinstance(self._storage, FileSystemStorage):
            return None
        url = self._storage.url(  # type: ignore[call-arg]  # (that of an S3 storage takes more)
            blob_path(sha256), expire=SIGNED_FOR_S, http_method=method
        )
        parts = urlsplit(url)
        return f"{parts.path}?{parts.query}"

    def chunks(self, sha256: str, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """The blob, or `length` bytes of it from `start` on, in pieces of `READ_BYTES`.

        Raises `FileNotFoundError` when it is not there.
        """
        if isinstance(self._storage, FileSystemStorage):
            yield from self._from_disk(sha256, start, length)
            return
        yield from self._from_object(sha256, start, length)

    def verify(self, sha256: str) -> Literal["good", "wrong", "missing"]:
        """Read all of it and compare with its name; set aside what is wrong."""
        digest = hashlib.sha256()
        try:
            for chunk in self.chunks(sha256):
                digest.update(chunk)
        except FileNotFoundError:
            return "missing"
        if digest.hexdigest() == sha256:
            return "good"
        self._set_aside(sha256)
        return "wrong"

    def delete(self, sha256: str) -> None:
        """Remove the blob; nothing to do when it is not there."""
        self._storage.delete(blob_path(sha256))

    def digests(self) -> Iterator[str]:
        """The names of all blobs in the store, whatever the database knows."""
        folders, _files = self._list("")
        for folder in sorted(folders):
            for name in sorted(self._list(folder)[1]):
                if is_digest(name):
                    yield name

    def stored_at(self, sha256: str) -> datetime:
        """When the file was written.  Raises `FileNotFoundError`."""
        return self._storage.get_modified_time(blob_path(sha256)).astimezone(UTC)

    def copy_to(self, sha256: str, path: Path) -> None:
        """Write the blob to a new file at `path`.  Raises `OSError`."""
        with path.open("xb") as file:
            for chunk in self.chunks(sha256):
                file.write(chunk)

    def _list(self, folder: str) -> tuple[list[str], list[str]]:
        try:
            return self._storage.listdir(folder)
        except FileNotFoundError:
            return [], []

    def _from_disk(self, sha256: str, start: int, length: int | None) -> Iterator[bytes]:
        with Path(self._storage.path(blob_path(sha256))).open("rb") as file:
            file.seek(start)
            left = length if length is not None else -1
            while chunk := file.read(READ_BYTES if left < 0 else min(READ_BYTES, left)):
                left -= len(chunk) if left > 0 else 0
                yield chunk

    def _from_object(self, sha256: str, start: int, length: int | None) -> Iterator[bytes]:
        """By a ranged request; django-storages itself would fetch the whole object first."""
        if length == 0:
            return
        end = "" if length is None else str(start + length - 1)
        bucket = self._storage.bucket  # type: ignore[attr-defined]
        key = f"{self._storage.location}/{blob_path(sha256)}"  # type: ignore[attr-defined]
        wanted = {} if start == 0 and length is None else {"Range": f"bytes={start}-{end}"}
        try:
            body = bucket.Object(key).get(**wanted)["Body"]
        except Exception as error:
            if _is_missing(error):
                raise FileNotFoundError(key) from error
            raise
        with contextlib.closing(body):
            yield from body.iter_chunks(READ_BYTES)

    def _set_aside(self, sha256: str) -> None:
        """Keep a wrong blob for whoever investigates, under no name that is served."""
        path = self.local_path(sha256)
        if path is None:
            self.delete(sha256)
            return
        aside = path.parent.parent / "damaged"
        make_folders(RealDisk(), aside)
        path.replace(aside / f"{sha256}.{uuid4().hex[:8]}")
        sync_folder(RealDisk(), path.parent)


def _is_missing(error: Exception) -> bool:
    """Does an S3 client say that there is no such object?"""
    response = getattr(error, "response", None)
    code = response.get("Error", {}).get("Code") if isinstance(response, dict) else None
    return code in {"404", "NoSuchKey"}


@cache
def store() -> Blobs:
    """The store of this server, by its settings."""
    folder: Path = settings.DATA / "blobs"
    return Blobs(storage_for(settings.CONFIGURATION.storage, folder))
