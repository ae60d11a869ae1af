"""Looks at a folder: which files could be shown, in natural order, and which are whole.

Runs on a worker thread.  A file that is being written is left for later: it is taken once nobody
holds it open for writing and it stood unchanged between two looks (or long enough before).
"""

import contextlib
import fcntl
import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from msgspec import Struct

from player.stage.natural import natural_key

__all__ = ["MAX_FILES", "FolderFile", "FolderScan", "kind_of", "printable"]

IMAGE_SUFFIXES = frozenset(
    {".apng", ".avif", ".bmp", ".gif", ".jfif", ".jpe", ".jpeg", ".jpg", ".png", ".tif", ".tiff",
     ".webp"}
)  # fmt: skip
VIDEO_SUFFIXES = frozenset(
    {".3gp", ".avi", ".flv", ".m2ts", ".m4v", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg", ".mts",
     ".ogv", ".ts", ".vob", ".webm", ".wmv"}
)  # fmt: skip

#: What copying programs call a file that is not whole yet (besides hidden names).
_UNFINISHED = (".crdownload", ".download", ".filepart", ".part", ".partial", ".temp", ".tmp")

#: docs/manifest.md, section 2: a manifest has at most so many items.
MAX_FILES = 10_000
MAX_DEPTH = 8

#: A file that was last changed so long ago is whole, in seconds.
SETTLED_S = 2.0

#: A file that changed within this time might still be written: look whether somebody holds it.
YOUNG_S = 600.0


class FolderFile(Struct, frozen=True):
    """A file to be shown.  `identity`: 64 hex digits that change whenever the file does."""

    path: Path
    kind: str
    size: int
    mtime_ns: int

    @property
    def identity(self) -> str:
        """Path, size and time stand for the bytes: hashing gigabytes would delay the start."""
        named = b"%s\0%d\0%d" % (os.fsencode(self.path), self.size, self.mtime_ns)
        return hashlib.sha256(named).hexdigest()


def kind_of(name: str) -> str | None:
    """ "image", "video", or None for what is not for the screen (by its name alone)."""
    if name.startswith((".", "~")) or name.casefold().endswith(_UNFINISHED):
        return None
    suffix = os.path.splitext(name)[1].casefold()  # noqa: PTH122  (10,000 names: no objects)
    if suffix in IMAGE_SUFFIXES:
        return "image"
    return "video" if suffix in VIDEO_SUFFIXES else None


def printable(name: str) -> str:
    """`name` on one line, whatever bytes or directions it holds."""
    shown = name.encode("utf-8", "backslashreplace").decode()
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in shown)


class FolderScan:
    """Scans one folder again and again, and remembers what it saw last time."""

    def __init__(self, folder: Path, wall_s: Callable[[], float]) -> None:
        self._folder = folder
        self._wall_s = wall_s
        self._seen: dict[str, tuple[int, int]] = {}

    def look(self) -> list[FolderFile]:
        """The whole files, in natural order.  Raises `OSError` if the folder cannot be read."""
        now_s = self._wall_s()
        seen: dict[str, tuple[int, int]] = {}
        found = []
        for entry, kind in _files(os.fspath(self._folder), 0):
            with contextlib.suppress(OSError):  # it went away, or may not be read
                stat = entry.stat()
                stamp = (stat.st_size, stat.st_mtime_ns)
                seen[entry.path] = stamp
                if self._is_whole(entry.path, stamp, now_s):
                    found.append(FolderFile(Path(entry.path), kind, *stamp))
        self._seen = seen
        found.sort(key=self._key)
        return found[:MAX_FILES]

    @property
    def is_settled(self) -> bool:
        """Was every file whole at the last look?"""
        now_s = self._wall_s()
        return all(self._is_whole(path, stamp, now_s) for path, stamp in self._seen.items())

    def _is_whole(self, path: str, stamp: tuple[int, int], now_s: float) -> bool:
        size, mtime_ns = stamp
        age_s = now_s - mtime_ns / 1e9
        settled = age_s >= SETTLED_S or age_s < -YOUNG_S  # far ahead: our own clock is behind
        if size == 0 or not (settled or self._seen.get(path) == stamp):
            return False
        return abs(age_s) > YOUNG_S or not _is_being_written(path)

    def _key(self, file: FolderFile) -> tuple[object, ...]:
        return tuple(natural_key(part) for part in file.path.relative_to(self._folder).parts)


def _files(folder: str, depth: int) -> Iterator[tuple["os.DirEntry[str]", str]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            with contextlib.suppress(OSError):
                if entry.is_dir(follow_symlinks=False):
                    if depth < MAX_DEPTH and not entry.name.startswith((".", "~")):
                        yield from _files(entry.path, depth + 1)
                elif (kind := kind_of(entry.name)) is not None and entry.is_file():
                    yield entry, kind


def _is_being_written(path: str) -> bool:
    """Does anybody hold `path` open for writing?  A read lease is refused then (fcntl(2)).

    Where we may not ask (another owner, a network file system), the answer is no.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return False
