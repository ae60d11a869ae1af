"""The n-th operation fails, n = 1, 2, 3, ... until a cycle meets no fault (C05, C06, C08-C12).

Once through the `Disk` port, where reading fails too, and once below the interpreter, through the
shim, so that nobody has to believe the port.
"""

import errno
import os
from contextlib import suppress
from pathlib import Path

import pytest

from content_cache.disk import Disk, RealDisk
from content_cache.errors import CacheError
from content_cache.generations import Generations
from tests.faults.conftest import KillServer
from tests.faults.cycle import begin, judge, release_of, reported, run_cycle
from tests.simulators.faulty_disk import SHORT_WRITE, FaultyDisk

FAULTS = {
    "no space": errno.ENOSPC,
    "input/output error": errno.EIO,
    "read-only": errno.EROFS,
    "interrupted": errno.EINTR,
    "short write": SHORT_WRITE,
}
SHIM_SHORT_WRITE = -2


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def attempt(root: Path, disk: Disk, version: int) -> tuple[bool, bool]:
    """Run a cycle; did it activate, and come to its end?  Only documented errors may come."""
    activated = []
    try:
        run_cycle(root, disk, release_of(version), lambda: activated.append(True))
    except CacheError:
        return bool(activated), False
    return bool(activated), True


@pytest.mark.parametrize("persistent", [False, True], ids=["once", "from then on"])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_failing_operation_leaves_the_old_or_the_new_release_whole(
    memory: Path, fault: str, persistent: bool
) -> None:
    before, refused, ended = open_files(), 0, 0
    for operation in range(1, 2_000):
        root = memory / f"cache{operation}"
        begin(root)
        disk = FaultyDisk(RealDisk(), operation, FAULTS[fault], persistent=persistent)
        activated, through = attempt(root, disk, 2)
        wrong = judge(root, 2, 2 if activated else 1)
        assert not wrong, f"operation {operation} ({disk.failed[:1]}): {wrong}"
        refused, ended = refused + (not through), ended + through
        assert attempt(root, RealDisk(), 2) == (True, True), f"stuck after operation {operation}"
        assert judge(root, 2, 2) == []
        if not disk.failed:
            break
    else:
        pytest.fail("the loop must end with a cycle that meets no fault")
    assert open_files() == before, "a failed operation leaks a descriptor"
    print(f"{fault}: {operation - 1} operations failed, {refused} refused, {ended} came through")


@pytest.mark.parametrize("fault", ["interrupted", "short write"])
def test_an_interrupted_or_short_call_is_not_noticed_by_anyone(memory: Path, fault: str) -> None:
    for operation in range(1, 2_000):
        root = memory / f"cache{operation}"
        begin(root)
        disk = FaultyDisk(RealDisk(), operation, FAULTS[fault])
        assert attempt(root, disk, 2) == (True, True), disk.failed
        assert reported(root) >= {2}
        if not disk.failed:
            return
    pytest.fail("the loop must end with a cycle that meets no fault")


@pytest.mark.parametrize("times", [1, 1 << 30], ids=["once", "from then on"])
@pytest.mark.parametrize("fault", FAULTS)
def test_the_same_holds_below_the_interpreter(
    memory: Path, kill_server: KillServer, fault: str, times: int
) -> None:
    if fault == "interrupted":
        times = min(times, 5)  # the interpreter itself makes interrupted calls again, for ever
    mode = FAULTS[fault] or SHIM_SHORT_WRITE
    found = kill_server("errors", memory / "cache", mode, times)
    print(f"{fault}, {times} times: {found['calls']} calls failed: {len(found['wrong'])} wrong")
    assert found["wrong"] == []
    assert found["calls"] >= 35


def test_the_loop_sees_a_store_that_goes_on_after_an_error(memory: Path) -> None:
    """The negative control: a write or a new name whose failure is swallowed must be noticed.

    (For blobs the store itself notices: it reads them again before it activates.)
    """

    class Careless(FaultyDisk):
        def write(self, descriptor: int, content: bytes | memoryview) -> int:
            try:
                return super().write(descriptor, content)
            except OSError:
                return len(content)

        def replace(self, source: Path, target: Path) -> None:
            with suppress(OSError):
                super().replace(source, target)

    caught = 0
    for operation in range(1, 200):
        root = memory / f"cache{operation}"
        begin(root)
        disk = Careless(RealDisk(), operation, errno.ENOSPC)
        activated, _through = attempt(root, disk, 2)
        caught += bool(judge(root, 2, 2 if activated else 1))
        if not disk.failed:
            break
    print(f"negative control, swallowed errors: caught {caught} times")
    assert caught >= 3


def test_after_a_failed_sync_the_same_file_is_never_synced_again(memory: Path) -> None:
    """C11: the kernel forgets the pages; a second sync would report success for lost data."""

    class Watching(FaultyDisk):
        def __init__(self, operation: int) -> None:
            super().__init__(RealDisk(), operation, errno.EIO, only=frozenset({"fsync"}))
            self.synced: list[int] = []
            self.spoiled: set[int] = set()

        def fsync(self, descriptor: int) -> None:
            inode = os.fstat(descriptor).st_ino
            assert inode not in self.spoiled, "synced again after it had failed"
            try:
                super().fsync(descriptor)
            except OSError:
                self.spoiled.add(inode)
                raise

    failures = 0
    for operation in range(1, 100):
        root = memory / f"cache{operation}"
        begin(root)
        disk = Watching(operation)
        attempt(root, disk, 2)
        spoiled = disk.spoiled
        failures += len(spoiled)
        left = {path.stat().st_ino for path in root.rglob("*") if "outbox" not in str(path)}
        assert not spoiled & left, "what was not synced is thrown away"
        if not disk.failed:
            break
    assert failures >= 5
    assert Generations(root, RealDisk()).current() is not None
