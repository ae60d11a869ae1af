"""How a cache is: one look at it, without the lock, that changes nothing.

For `yingbi-cache status` and the agent's reports.  What is wrong comes as faults; nothing here
raises for what is on the disk.
"""

import errno
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from content_cache.blobs import BlobStore
from content_cache.disk import Disk, Space
from content_cache.durable import close_quietly, patiently
from content_cache.errors import PermissionLost, ReadOnlyDisk, StorageError, fix_command
from content_cache.faults import Fault
from content_cache.generations import Generation, Generations, View
from content_cache.lock import holder
from content_cache.segments import outbox_bytes

__all__ = ["Health", "look"]

_FOLDERS = (".", "agent", "blobs", "hints", "manifests", "outbox", "partial", "quarantine", "state")

#: So many strangers are named; the rest is counted.
_STRANGERS_NAMED = 3


@dataclass(frozen=True, slots=True)
class Health:
    """One look.  Sizes in bytes; `missing` names blobs of the current generation; `writer` is
    whoever holds the lock.
    """

    view: View
    missing: tuple[str, ...]
    blobs: int
    blob_bytes: int
    parts: int
    quarantined: int
    outbox_bytes: int
    space: Space | None
    writer: str | None
    faults: tuple[Fault, ...]


def look(root: Path, disk: Disk) -> Health:
    """Look at the cache at `root`; the blobs are counted, not read."""
    store = BlobStore(root, disk)
    view = Generations(root, disk, store).view()
    missing = _missing(store, view.current)
    faults = [*view.faults, *_space_faults(root, disk), *_permission_faults(root)]
    digests, parts, quarantined, reports = [], 0, 0, 0
    try:
        digests = store.digests()
        parts, quarantined = len(store.parts()), len(store.quarantined())
        reports = outbox_bytes(root, disk)
        faults += _stranger_faults(store)
    except StorageError as error:
        faults.append(Fault.of(error))
    if missing:
        faults.append(_missing_fault(missing))
    return Health(
        view=view,
        missing=missing,
        blobs=len(digests),
        blob_bytes=sum(map(store.size, digests)),
        parts=parts,
        quarantined=quarantined,
        outbox_bytes=reports,
        space=_space(root, disk),
        writer=holder(root, disk),
        faults=tuple(faults),
    )


def _missing(store: BlobStore, current: Generation | None) -> tuple[str, ...]:
    names = current.manifest.files() if current else {}
    return tuple(sha256 for sha256 in names if store.path(sha256) is None)


def _missing_fault(missing: tuple[str, ...]) -> Fault:
    what = f"{len(missing)} blobs that should be shown are not here, {missing[0]} first"
    return Fault("BLOB_MISSING", "W", f"{what}: their items are left out until they are fetched")


def _space(root: Path, disk: Disk) -> Space | None:
    try:
        return patiently(disk.space, root)
    except OSError:
        return None


def _space_faults(root: Path, disk: Disk) -> Iterator[Fault]:
    space = _space(root, disk)
    if space is None:
        yield Fault("CACHE_GONE", "E", f"{root} is not there: it is made with the next sync pass")
    elif space.read_only or _refuses_writing(root, disk):
        yield Fault.of(ReadOnlyDisk(root))


def _refuses_writing(root: Path, disk: Disk) -> bool:
    """Did the kernel stop all writing after an error?  The mount need not say so; opening does."""
    try:
        descriptor = patiently(disk.open, root / "lock", os.O_RDWR | os.O_NONBLOCK)
    except OSError as error:
        return error.errno == errno.EROFS
    close_quietly(disk, descriptor)
    return False


def _permission_faults(root: Path) -> Iterator[Fault]:
    """A folder that we may not write to, most likely because root made it."""
    for folder in (root / name for name in _FOLDERS):
        if folder.is_dir() and not os.access(folder, os.W_OK | os.X_OK, effective_ids=True):
            is_read_only = os.statvfs(folder).f_flag & os.ST_RDONLY
            if not is_read_only:  # said once, by `_space_faults`
                yield Fault.of(PermissionLost(folder, fix_command(root)))


def _stranger_faults(store: BlobStore) -> Iterator[Fault]:
    strangers = store.strangers()
    if strangers:
        names = ", ".join(repr(path.name) for path in strangers[:_STRANGERS_NAMED])
        sentence = f"{len(strangers)} things among the blobs are not ours ({names}): left alone"
        yield Fault("CACHE_FOREIGN", "W", f"{sentence}; remove what you do not know")
