"""Eviction: make room for a release, least recently needed first.

The sync pass calls `make_room` before it downloads, with everything that the new release names;
`yingbi-cache gc` calls it with nothing wanted and no room at all.  What a kept generation or the
wanted release names is never touched.  If that leaves too little, nothing is deleted and the
error carries the numbers.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from content_cache.blobs import BlobStore
from content_cache.disk import Disk, Space
from content_cache.durable import patiently
from content_cache.errors import DiskFull, ReleaseTooBig, StorageError, storage_errors
from content_cache.generations import Generations
from content_cache.hints import Hints

__all__ = ["Evicted", "Eviction", "Room", "Stored", "choose"]


@dataclass(frozen=True, slots=True)
class Room:
    """How much of the disk the blobs may fill, and how much of it must stay free; in bytes."""

    quota_bytes: int
    min_free_bytes: int


@dataclass(frozen=True, slots=True)
class Stored:
    """A blob as eviction sees it; `needed` grows with every generation that names it."""

    sha256: str
    size: int
    needed: int


@dataclass(frozen=True, slots=True)
class Evicted:
    """What was deleted to make room."""

    blobs: tuple[str, ...]
    blob_bytes: int
    left_overs: int


def choose(stored: Iterable[Stored], kept: Collection[str], excess_bytes: int) -> list[Stored]:
    """Which blobs to delete so that `excess_bytes` go: never a kept one, the least needed first.

    Fewer bytes than asked for may come of it; the caller compares.
    """
    victims: list[Stored] = []
    freed = 0
    free = (blob for blob in stored if blob.sha256 not in kept)
    for blob in sorted(free, key=lambda blob: (blob.needed, blob.sha256)):
        if freed >= excess_bytes:
            break
        victims.append(blob)
        freed += blob.size
    return victims


class Eviction:
    """Makes room in the store of one cache.  Only the holder of the lock may use it."""

    def __init__(
        self, root: Path, store: BlobStore, generations: Generations, disk: Disk, room: Room
    ) -> None:
        self._root, self._store, self._disk, self._room = root, store, disk, room
        self._generations = generations
        self._hints = Hints(root, "needed", dict[str, int], disk)

    def make_room(self, wanted: Mapping[str, int]) -> Evicted:
        """Delete what must go so that the blobs of `wanted` (digest to bytes) fit.

        Raises `ReleaseTooBig`, or `DiskFull` where the release would fit if others had not filled
        the disk (then nothing was deleted but left-overs), and `StorageError`.
        """
        self._generations.collect()  # what a killed activation left behind is not kept
        kept = self._generations.kept_blobs() | wanted.keys()
        stored = self._stored(kept)
        missing = [sha for sha in wanted if self._store.path(sha) is None]
        need = sum(max(wanted[sha] - self._store.part_length(sha), 0) for sha in missing)
        left_overs = 0
        excess = self._excess(stored, need)
        if excess > 0:
            left_overs = self._store.drop_quarantine() + self._store.drop_parts(keep=wanted)
            excess = self._excess(stored, need)
        victims = choose(stored, kept, excess)
        freed = sum(blob.size for blob in victims)
        if freed < excess:
            raise self._too_little(stored, kept, need, max(need - excess + freed, 0))
        self._delete(victims)
        return Evicted(tuple(blob.sha256 for blob in victims), freed, left_overs)

    def clean(self) -> Evicted:
        """Delete everything that no kept generation needs: blobs, parts, what was set aside."""
        self._generations.collect()
        kept = self._generations.kept_blobs()
        left_overs = self._store.drop_quarantine() + self._store.drop_parts()
        victims = [blob for blob in self._stored(kept) if blob.sha256 not in kept]
        self._delete(victims)
        freed = sum(blob.size for blob in victims)
        return Evicted(tuple(blob.sha256 for blob in victims), freed, left_overs)

    def _stored(self, kept: Collection[str]) -> list[Stored]:
        """All blobs with their turn; those that are kept are needed now."""
        hints = self._hints.read()
        present = self._store.digests()
        turn = max(hints.values(), default=0)
        if any(hints.get(sha) != turn for sha in present if sha in kept):
            turn += 1
        table = {sha: turn if sha in kept else hints.get(sha, 0) for sha in present}
        self._hints.write(table)
        return [Stored(sha, self._store.size(sha), needed) for sha, needed in table.items()]

    def _excess(self, stored: Iterable[Stored], need: int) -> int:
        over_quota = sum(blob.size for blob in stored) + need - self._room.quota_bytes
        short_of_free = self._room.min_free_bytes + need - self._space().free_bytes
        return max(over_quota, short_of_free, 0)

    def _too_little(
        self, stored: Iterable[Stored], kept: Collection[str], need: int, available: int
    ) -> StorageError:
        """Is the release too big for what we may use, or is the disk full of other things?"""
        staying = sum(blob.size for blob in stored if blob.sha256 in kept)
        space = self._space()
        usable = min(self._room.quota_bytes, space.total_bytes - self._room.min_free_bytes)
        if staying + need > usable:
            return ReleaseTooBig(need, available)
        return DiskFull(self._root / "blobs", need, space.free_bytes)

    def _space(self) -> Space:
        with storage_errors(self._disk, self._root):
            return patiently(self._disk.space, self._root)

    def _delete(self, victims: Iterable[Stored]) -> None:
        for blob in victims:
            self._store.delete(blob.sha256)
