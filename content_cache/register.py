"""A register: one small value on disk that a power cut, a full disk or a flipped bit cannot lose.

Used by `generations` for what is current and what is trusted.  The value stands in two files that
are written in turn, each with a number that grows and a digest over all of it.  The sound one with
the larger number counts, so that damage to either costs at most the last change.  One process
writes; any number read, without a lock.
"""

import contextlib
import hashlib
from dataclasses import dataclass
from pathlib import Path

from content_cache.disk import Disk
from content_cache.durable import patiently, read_whole, write_durably
from content_cache.errors import CacheGone, StorageError, storage_errors

__all__ = ["REGISTER_BYTES_LIMIT", "Mark", "Register", "Value"]

#: A value is small: trust state with its chain of root documents, at most.
REGISTER_BYTES_LIMIT = 4 << 20

#: What tells whether a register was written since; compare for equality only.
Mark = tuple[tuple[int, int, int] | None, ...]

_NUMBER_DIGITS = 20


@dataclass(frozen=True, slots=True)
class Value:
    """A value that was written as the `number`-th; `damaged` names copies that cannot be read."""

    number: int
    content: bytes
    damaged: tuple[Path, ...] = ()


class Register:
    """The register `name` in `folder`: the files `name.0` and `name.1`."""

    def __init__(self, folder: Path, name: str, disk: Disk) -> None:
        self._disk = disk
        self._copies = (folder / f"{name}.0", folder / f"{name}.1")

    def read(self, *, all_copies: bool = False) -> Value:
        """The value last written; number 0 and b"" if there is none (or none that is sound).

        With `all_copies`, a copy that the disk does not hand over raises `StorageError`: whoever
        is about to change the value must not mistake an older one for the last.
        """
        found = {path: self._read(path, all_copies) for path in self._copies}
        damaged = tuple(path for path in self._copies if found[path] is _DAMAGED)
        number, content = max(found.values(), key=lambda copy: copy[0])
        return Value(max(number, 0), content, damaged)

    def write(self, content: bytes) -> None:
        """Replace the value, durably.  Raises `StorageError`; then the old one (or this) counts."""
        if len(content) > REGISTER_BYTES_LIMIT:
            raise ValueError(f"a register holds {REGISTER_BYTES_LIMIT:,} bytes at most")
        number = self.read(all_copies=True).number + 1
        write_durably(self._disk, self._copies[number % 2], _seal(number, content))

    def mark(self) -> Mark:
        """A cheap look (two `stat` calls) at which files stand there; see `Mark`."""
        return tuple(self._identity(path) for path in self._copies)

    def _identity(self, path: Path) -> tuple[int, int, int] | None:
        with contextlib.suppress(OSError):
            found = patiently(self._disk.stat, path)
            return (found.st_ino, found.st_mtime_ns, found.st_size)
        return None

    def _read(self, path: Path, must: bool) -> tuple[int, bytes]:
        for _attempt in range(2):  # an error that passes must not cost the last change
            try:
                with storage_errors(self._disk, path):
                    return _unseal(read_whole(self._disk, path, REGISTER_BYTES_LIMIT + 200))
            except CacheGone:  # not written yet
                return _ABSENT
            except StorageError as error:
                failed = error
        if must:
            raise failed
        return _DAMAGED


_ABSENT = (0, b"")
_DAMAGED = (-1, b"")


def _seal(number: int, content: bytes) -> bytes:
    body = b"%020d\n" % number + content
    return hashlib.sha256(body).hexdigest().encode() + b"\n" + body


def _unseal(sealed: bytes) -> tuple[int, bytes]:
    digest, _, body = sealed.partition(b"\n")
    number, _, content = body.partition(b"\n")
    if hashlib.sha256(body).hexdigest().encode() != digest or len(number) != _NUMBER_DIGITS:
        return _DAMAGED
    return int(number), content
