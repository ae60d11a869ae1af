"""One look at a cache tells what is wrong with it, and changes nothing."""

import errno
import os
from pathlib import Path

from content_cache.blobs import BlobStore
from content_cache.disk import RealDisk, Space
from content_cache.generations import Generations
from content_cache.health import Health, look
from tests.simulators.faulty_disk import FaultyDisk
from tests.simulators.release import digest_of, publish, release


def codes(health: Health) -> list[str]:
    return [fault.code for fault in health.faults]


def files(root: Path) -> set[tuple[str, int, int]]:
    found = ((path, path.lstat()) for path in root.rglob("*"))
    return {(str(path), stat.st_ino, stat.st_mtime_ns) for path, stat in found}


def test_a_sound_cache_has_no_faults_and_is_left_as_it_is(
    root: Path, store: BlobStore, generations: Generations
) -> None:
    publish(store, generations, release(1, b"one", b"two"))
    before = files(root)
    health = look(root, RealDisk())
    assert (codes(health), health.blobs, health.blob_bytes, health.missing) == ([], 2, 6, ())
    assert files(root) == before


def test_c04_a_blob_that_vanished_is_named(
    root: Path, store: BlobStore, generations: Generations
) -> None:
    publish(store, generations, release(1, b"one", b"two"))
    (root / "blobs" / digest_of(b"two")).unlink()
    health = look(root, RealDisk())
    assert (codes(health), health.missing) == (["BLOB_MISSING"], (digest_of(b"two"),))


def test_c18_a_cache_that_is_gone_is_told(root: Path) -> None:
    assert codes(look(root, RealDisk())) == ["CACHE_GONE"]
    assert not root.exists()


def test_c19_strangers_are_named_and_not_opened(
    root: Path, store: BlobStore, generations: Generations
) -> None:
    publish(store, generations, release(1, b"one"))
    os.mkfifo(root / "blobs" / digest_of(b"pipe"))
    for number in range(20):
        (root / "blobs" / f"stranger {number}").touch()
    health = look(root, RealDisk())
    assert codes(health) == ["CACHE_FOREIGN"]
    assert health.faults[0].sentence.startswith("21 things among the blobs are not ours")
    assert len(health.faults[0].sentence) < 400


def test_c08_a_read_only_disk_is_told_even_if_only_opening_shows_it(
    root: Path, store: BlobStore, generations: Generations
) -> None:
    publish(store, generations, release(1, b"one"))
    opening = FaultyDisk(RealDisk(), 1, errno.EROFS, persistent=True, only=frozenset({"open"}))
    assert codes(look(root, opening)) == ["STORAGE_RO"]

    class ReadOnly(RealDisk):
        def space(self, path: Path) -> Space:
            return Space(1, 1, 0, 0, read_only=True)

    assert codes(look(root, ReadOnly())) == ["STORAGE_RO"]


def test_a_disk_that_fails_at_any_operation_is_looked_at_without_a_traceback(
    root: Path, store: BlobStore, generations: Generations
) -> None:
    publish(store, generations, release(1, b"one"))
    for persistent in (False, True):
        for operation in range(1, 500):
            disk = FaultyDisk(RealDisk(), operation, errno.EIO, persistent=persistent)
            look(root, disk)
            if not disk.failed:
                break
        else:
            raise AssertionError("the loop must end with a look that meets no fault")
