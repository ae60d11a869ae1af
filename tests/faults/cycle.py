"""One whole cycle of a cache, from bytes on the wire to a new current generation.

The fault loops run it under kills, errors and power cuts; `judge` then takes a fresh look at what
is on the disk.  The naive cycles are the negative controls: each breaks one rule of the store, and
a loop that does not notice proves nothing.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from content_cache.blobs import BlobStore, is_digest
from content_cache.disk import Disk, RealDisk
from content_cache.durable import make_folders
from content_cache.errors import CacheError
from content_cache.eviction import Eviction, Room
from content_cache.generations import Generations
from content_cache.lock import exclusive, holder
from content_cache.outbox import Outbox
from content_cache.scrub import Scrub
from content_cache.segments import acknowledge, closed_segments
from tests.simulators.release import Release, digest_of, release

__all__ = [
    "DOCUMENTED",
    "NAIVE",
    "begin",
    "corrupt_blobs",
    "judge",
    "release_of",
    "reported",
    "run_cycle",
]

Cycle = Callable[[Path, Disk, Release, Callable[[], None]], None]

_CHUNK_BYTES = 1_000
_NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)

#: Room for two generations and a bit, so that every cycle or two must evict.
_ROOM = Room(quota_bytes=16_000, min_free_bytes=0)


def release_of(version: int) -> Release:
    """Release `version`: a picture that never changes, one of the release before, and a new one."""
    common = b"common" * 200
    return release(version, common, _picture(version - 1), _picture(version))


def _picture(version: int) -> bytes:
    return f"picture {version} ".encode() * 150


def begin(root: Path) -> None:
    """A cache that shows release 1."""
    run_cycle(root, RealDisk(), release_of(1))


def run_cycle(
    root: Path, disk: Disk, offered: Release, activated: Callable[[], None] = lambda: None
) -> None:
    """Make room, download, verify, commit, activate, scrub a slice, report.

    Calls `activated` once the new generation is current for good.  Raises `CacheError` only.
    """
    with exclusive(root, disk, "fault loop"):
        store = BlobStore(root, disk)
        generations = Generations(root, disk, blobs=store)
        sizes = {sha: len(content) for sha, content in offered.blobs.items()}
        Eviction(root, store, generations, disk, _ROOM).make_room(sizes)
        for sha256, content in offered.blobs.items():
            download(store, sha256, content)
        generations.activate(offered.envelope, trust=str(offered.version).encode())
        activated()
        Scrub(root, store, disk, boot="a boot").run(_NOW, shown=sizes)
        outbox = Outbox(root, disk, "loop")
        outbox.append("activated", {"version": offered.version})
        outbox.close()


def download(store: BlobStore, sha256: str, content: bytes) -> None:
    """What the sync pass does for one blob, from a server that sends small chunks."""
    if store.path(sha256) is not None:
        return
    with store.part(sha256, len(content)) as part:
        if part.length == 0:
            part.remember('"an-entity-tag"')
        while part.length < part.size:
            part.append(content[part.length : part.length + _CHUNK_BYTES])
        part.commit()


def judge(root: Path, offered: int, acknowledged: int) -> list[str]:
    """What a fresh process finds wrong; [] when every promise was kept.

    `offered` is the version of the last release that was begun, `acknowledged` the last whose cycle
    came back from `activate`.
    """
    disk = RealDisk()
    store = BlobStore(root, disk)
    generations = Generations(root, disk, blobs=store)
    view = generations.view()
    if view.current is None:
        return ["stuck: nothing can be shown"] if acknowledged else []
    version = view.current.manifest.version
    wrong = [f"fault: {fault.sentence}" for fault in view.faults]
    if not acknowledged <= version <= offered:
        wrong.append(f"lost: {acknowledged} was acknowledged, {version} is current")
    if view.trust != str(version).encode():
        wrong.append(f"parted: version {version} is current, the floor is {view.trust.decode()}")
    wrong += [
        f"incomplete: {sha} of version {version}"
        for sha in view.current.manifest.files()
        if not store.verify(sha)
    ]
    wrong += [f"corrupt: {sha} under its digest name" for sha in corrupt_blobs(root)]
    if holder(root, disk) is not None:
        wrong.append("stuck: the lock outlived its holder")
    return wrong


def reported(root: Path) -> set[int]:
    """The versions whose reports reached the outbox; what was read is acknowledged."""
    disk, versions = RealDisk(), set()
    for segment in closed_segments(root, disk):
        versions.update(report.record["version"] for report in segment.reports)
        acknowledge(segment, disk)
    return versions


def corrupt_blobs(root: Path) -> list[str]:
    """Blobs whose bytes are not those of their name, read without the store's help."""
    folder = root / "blobs"
    paths = [path for path in folder.glob("*") if is_digest(path.name)]
    return [path.name for path in paths if digest_of(path.read_bytes()) != path.name]


def _in_place(root: Path, disk: Disk, offered: Release, activated: Callable[[], None]) -> None:
    """Naive: blobs are written under their final name, and checked afterwards."""
    make_folders(disk, root / "blobs")
    for sha256, content in offered.blobs.items():
        (root / "blobs" / sha256).write_bytes(content)
        assert digest_of((root / "blobs" / sha256).read_bytes()) == sha256
    _activate(root, disk, offered)
    activated()


def _pointer_first(root: Path, disk: Disk, offered: Release, activated: Callable[[], None]) -> None:
    """Naive: the manifest is current at once, its blobs come after."""
    generations = Generations(root, disk)
    generations._require = lambda _manifest: None  # type: ignore[method-assign]
    generations.activate(offered.envelope, trust=str(offered.version).encode())
    for sha256, content in offered.blobs.items():
        download(BlobStore(root, disk), sha256, content)
    activated()


def _floor_first(root: Path, disk: Disk, offered: Release, activated: Callable[[], None]) -> None:
    """Naive: the floor is remembered as soon as the manifest is trusted."""
    Generations(root, disk).remember_trust(str(offered.version).encode())
    for sha256, content in offered.blobs.items():
        download(BlobStore(root, disk), sha256, content)
    _activate(root, disk, offered)
    activated()


def _overwriting(root: Path, disk: Disk, offered: Release, activated: Callable[[], None]) -> None:
    """Naive: the register is written over, not replaced, and has no twin."""
    for sha256, content in offered.blobs.items():
        download(BlobStore(root, disk), sha256, content)
    _activate(root, disk, offered)
    state = root / "state"
    newest = Generations(root, disk)._register.read()
    keep = (state / f"generations.{newest.number % 2}").read_bytes()
    for path in (state / "generations.0", state / "generations.1"):
        with path.open("wb", buffering=0) as file:
            file.write(keep[:40])
            file.write(keep[40:])
    activated()


def _activate(root: Path, disk: Disk, offered: Release) -> None:
    Generations(root, disk).activate(offered.envelope, trust=str(offered.version).encode())


NAIVE: dict[str, Cycle] = {
    "blobs written in place": _in_place,
    "pointer before blobs": _pointer_first,
    "floor before activation": _floor_first,
    "register overwritten": _overwriting,
}

#: Only these may come out of a cycle, whatever the disk does.
DOCUMENTED: type[Exception] = CacheError
