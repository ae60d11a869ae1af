"""Scrub: read every blob again, once a week, before the wall does.

A chore of the agent calls `run` every hour or so; each call reads one slice.  What is found bad is
set aside, so that the next sync pass fetches it to a new file; the stage leaves its items out
until then.  Blobs that are shown now are read first after each boot, because a crash is when files
go wrong.  (The stage itself shows nothing that it has not seen verified: `verified_path`.)
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from content_cache.blobs import BlobStore, Condition
from content_cache.disk import Disk
from content_cache.durable import read_whole
from content_cache.errors import StorageError
from content_cache.faults import Fault
from content_cache.hints import Hints

__all__ = ["SCRUB_DUE", "SLICES_A_DAY", "UNREADABLE_LIMIT", "Scrub", "ScrubOutcome", "boot_id"]

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


#: If more blobs of one slice than this cannot be read, the disk is to blame, and none is set aside:
#: they may come back with it, and the network may be away for a month.
UNREADABLE_LIMIT = 2

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
        found: dict[str, Condition] = {}
        read_bytes = 0
        for sha256 in due:
            if found and read_bytes >= budget:
                break
            read_bytes += self._store.size(sha256)
            found[sha256] = self._check(sha256)
        self._remember(now, {sha for sha, condition in found.items() if condition == "good"})
        bad = {sha: one for sha, one in found.items() if one not in ("good", "missing")}
        faults = tuple(self._set_aside(bad))
        return ScrubOutcome(len(found), read_bytes, tuple(bad), len(due) - len(found), faults)

    def _check(self, sha256: str) -> Condition:
        """A blob is unreadable if it is twice: a bus may hiccup, a bad sector stays bad."""
        found = self._store.check(sha256)
        return self._store.check(sha256) if found == "unreadable" else found

    def _set_aside(self, bad: dict[str, Condition]) -> Iterator[Fault]:
        unreadable = [sha for sha, condition in bad.items() if condition == "unreadable"]
        if len(unreadable) > UNREADABLE_LIMIT:
            sentence = f"{len(unreadable)} blobs cannot be read: it is the disk, check its health"
            yield Fault("BLOB_IO", "E", sentence)
            bad = {sha: condition for sha, condition in bad.items() if condition == "wrong"}
        for sha256, condition in bad.items():
            yield self._set_one_aside(sha256, condition)

    def _set_one_aside(self, sha256: str, condition: Condition) -> Fault:
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
