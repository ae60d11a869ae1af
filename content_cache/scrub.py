"""Scrub: read every blob again, once a week, before the wall does.

A chore of the agent calls `run` every hour or so; each call reads one slice.  What is found bad is
set aside, so that the next sync pass fetches it to a new file; the stage leaves its items out
until then.  Blobs that are shown now are read first after each boot, because a crash is when files
go wrong.  (The stage itself shows nothing that it has not seen verified: `verified_path`.)
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from content_cache.blobs import BlobStore
from content_cache.disk import Disk
from content_cache.durable import read_whole
from content_cache.errors import StorageError
from content_cache.faults import Fault
from content_cache.hints import Hints

__all__ = ["SCRUB_DUE", "SLICES_A_DAY", "Scrub", "ScrubOutcome", "boot_id"]

#: A blob is due when it was last read this long ago: a day before the week is over.
SCRUB_DUE = timedelta(days=6)

#: Every slice reads this share of all bytes at least, so that what is due is done within a day.
SLICES_A_DAY = 24

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True)
class ScrubOutcome:
    """What one slice did: blobs and bytes read, what was bad, and how many blobs are still due."""

    read: int
    read_bytes: int
    bad: tuple[str, ...]
    due: int
    faults: tuple[Fault, ...] = ()


#: When a blob was last read (seconds since 1970), and in which boot.
_Read = tuple[int, str]


def boot_id(disk: Disk) -> str:
    """What the kernel calls this boot; "" where it does not say."""
    try:
        return read_whole(disk, _BOOT_ID, 100).decode("ascii", "replace").strip()
    except OSError:
        return ""


class Scrub:
    """The scrub of one store.  `boot` is `boot_id`; the hint file remembers what was read when."""

    def __init__(self, root: Path, store: BlobStore, disk: Disk, boot: str) -> None:
        self._store = store
        self._boot = boot
        self._hints = Hints(root, "scrub", dict[str, _Read], disk)

    def due(self, now: datetime, shown: Iterable[str] = ()) -> list[str]:
        """The digests to read, the most urgent first; `now` is an aware datetime.

        `shown` are the blobs of the current generation: due once a boot, besides once a week.  A
        clock that was set back makes everything due that was read "in the future".
        """
        hints, first = self._hints.read(), set(shown)
        present = self._store.digests()
        fresh_boot = [sha for sha in present if sha in first and self._is_unread(hints, sha)]
        aged = sorted(
            (hints.get(sha, (0, ""))[0], sha) for sha in present if self._is_old(hints, sha, now)
        )
        return list(dict.fromkeys([*fresh_boot, *(sha for _at, sha in aged)]))

    def run(self, now: datetime, shown: Iterable[str] = ()) -> ScrubOutcome:
        """Read one slice of what is due, and set aside what is bad.  Raises `StorageError`
        only where the store cannot be listed.
        """
        due = self.due(now, shown)
        budget = sum(map(self._store.size, self._store.digests())) // SLICES_A_DAY
        read: list[str] = []
        read_bytes, bad, faults = 0, [], []
        for sha256 in due:
            if read and read_bytes >= budget:
                break
            read.append(sha256)
            read_bytes += self._store.size(sha256)
            if fault := self._check(sha256):
                bad.append(sha256)
                faults.append(fault)
        self._remember(now, set(read) - set(bad))
        return ScrubOutcome(len(read), read_bytes, tuple(bad), len(due) - len(read), tuple(faults))

    def _check(self, sha256: str) -> Fault | None:
        condition = self._store.check(sha256)
        if condition in ("good", "missing"):  # missing: evicted since we listed it
            return None
        code = "BLOB_IO" if condition == "unreadable" else "BLOB_BAD"
        try:
            self._store.quarantine(sha256, condition)
        except StorageError as error:
            return Fault(code, "W", f"blob {sha256} is {condition} and stays where it is: {error}")
        return Fault(code, "W", f"blob {sha256} was {condition}: set aside, to be fetched again")

    def _is_unread(self, hints: dict[str, _Read], sha256: str) -> bool:
        return hints.get(sha256, (0, ""))[1] != self._boot

    def _is_old(self, hints: dict[str, _Read], sha256: str, now: datetime) -> bool:
        at = hints.get(sha256, (0, ""))[0]
        return not 0 <= now.timestamp() - at < SCRUB_DUE.total_seconds()

    def _remember(self, now: datetime, good: set[str]) -> None:
        hints, present = self._hints.read(), set(self._store.digests())
        hints.update(dict.fromkeys(good, (int(now.timestamp()), self._boot)))
        self._hints.write({sha: hint for sha, hint in hints.items() if sha in present})
