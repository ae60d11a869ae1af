"""`--manifest FILE --blobs DIR`: a bare manifest, and its files under their SHA-256 in a folder.

The files are hashed before their first showing, like those of the cache: what is shown is what
was approved.
"""

import hashlib
from pathlib import Path

from manifest.codec import decode
from manifest.errors import ManifestError
from player.errors import SourceUnusable
from player.stage.programme import Deliver, Programme

__all__ = ["ManifestSource", "VerifiedFolder"]

_CHUNK_BYTES = 1 << 20


class VerifiedFolder:
    """Files named by their SHA-256; each is read whole once before it is handed out."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._verified: dict[str, tuple[int, int, int]] = {}

    def locate(self, sha256: str) -> Path | None:
        """The path of a file whose bytes are right, else None."""
        path = self._folder / sha256
        stamp = _stamp(path)
        if stamp is None:
            return None
        if self._verified.get(sha256) != stamp:
            if _sha256(path) != sha256:
                return None
            self._verified[sha256] = stamp
        return path

    def is_quick(self, sha256: str) -> bool:
        """Was this very file read already?"""
        stamp = _stamp(self._folder / sha256)
        return stamp is None or self._verified.get(sha256) == stamp


class ManifestSource:
    """See `programme.Source`.  Neither the manifest nor the folder is watched."""

    def __init__(self, manifest: Path, blobs: Path) -> None:
        self._manifest = manifest
        self._blobs = VerifiedFolder(blobs)

    def first(self) -> Programme:
        """The manifest; raises `SourceUnusable` with what is wrong with it."""
        try:
            manifest = decode(self._manifest.read_bytes())
        except OSError as error:
            raise SourceUnusable(f"{self._manifest} cannot be read: {error.strerror}") from error
        except ManifestError as error:
            raise SourceUnusable(f"{self._manifest}: {error}") from error
        return Programme(manifest.screen, manifest, self._blobs.locate, self._blobs.is_quick)

    def watch(self, deliver: Deliver) -> None:
        """Nothing to watch: a manifest on the command line is played as it is."""

    def close(self) -> None:
        """Nothing to close."""


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_ino, stat.st_size, stat.st_mtime_ns


def _sha256(path: Path) -> str | None:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK_BYTES):
                digest.update(chunk)
    except OSError:
        return None
    return digest.hexdigest()
