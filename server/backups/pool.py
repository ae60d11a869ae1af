"""The files of all backups: one pool by digest, each file once, linked or copied.

On the same disk a file is linked: that protects it from being deleted, not from the disk; a backup
folder on another disk holds copies, each verified when it is made.  Files never change, so what is
in the pool need not be copied again.
"""

import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from uuid import uuid4

from content_cache.disk import RealDisk
from content_cache.durable import make_folders, sync_folder
from server.library.blobs import digest_of

__all__ = ["Pool"]


class Pool:
    """Files by digest below a folder, as `ab/abcdef…`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, sha256: str) -> Path:
        """Return where a file lies, or would."""
        return self._folder / sha256[:2] / sha256

    def has(self, sha256: str, size: int) -> bool:
        """Is the file there, in its full size?"""
        try:
            return self.path(sha256).stat().st_size == size
        except FileNotFoundError:
            return False

    def take(self, sha256: str, size: int, source: Path) -> bool:
        """Take in a file; False if the source is missing or is not what its name says."""
        if self.has(sha256, size):
            return True
        target = self.path(sha256)
        make_folders(RealDisk(), target.parent)
        temporary = target.with_name(f".{sha256}.{uuid4().hex}.new")
        try:
            if not _bring(source, temporary, sha256, size):
                return False
            temporary.replace(target)
            sync_folder(RealDisk(), target.parent)
        finally:
            temporary.unlink(missing_ok=True)
        return True

    def digests(self) -> Iterator[str]:
        """Yield what is there."""
        for path in self._folder.glob("[0-9a-f][0-9a-f]/" + "[0-9a-f]" * 8 + "*"):
            yield path.name

    def keep_only(self, wanted: Iterable[str]) -> int:
        """Delete what no backup wants any more, and half copies; returns how many of the former."""
        for left in self._folder.glob("[0-9a-f][0-9a-f]/.*.new"):
            left.unlink(missing_ok=True)
        kept = set(wanted)
        gone = [digest for digest in self.digests() if digest not in kept]
        for digest in gone:
            self.path(digest).unlink(missing_ok=True)
        return len(gone)


def _bring(source: Path, target: Path, sha256: str, size: int) -> bool:
    """Link, else copy and verify."""
    try:
        if source.stat().st_size != size:
            return False
        os.link(source, target)
    except FileNotFoundError:
        return False
    except OSError:  # another disk, or a file system without links
        shutil.copyfile(source, target)
        with target.open("rb") as copied:
            os.fsync(copied.fileno())
        return digest_of(target) == sha256
    return True
