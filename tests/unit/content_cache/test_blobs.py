"""Blobs: named by what they hold, doubted whenever they are read, and nothing else is a blob."""

import errno
import os
import threading
from pathlib import Path

import pytest

from content_cache.blobs import QUARANTINE_LIMIT, BlobStore, is_digest
from content_cache.disk import RealDisk
from content_cache.errors import DigestMismatch, StorageError
from tests.simulators.faulty_disk import FaultyDisk
from tests.simulators.release import digest_of

PICTURE = b"a picture" * 1_000
NAME = digest_of(PICTURE)


def put(store: BlobStore, content: bytes = PICTURE) -> str:
    store.take(digest_of(content), len(content), [content])
    return digest_of(content)


def flip_a_bit(path: Path, position: int) -> None:
    content = bytearray(path.read_bytes())
    content[position] ^= 1 << (position % 8)
    path.write_bytes(content)


def test_a_blob_is_found_under_its_digest(store: BlobStore) -> None:
    put(store)
    path = store.path(NAME)
    assert path is not None
    assert path.read_bytes() == PICTURE
    assert (store.size(NAME), store.digests(), store.verify(NAME)) == (len(PICTURE), [NAME], True)


def test_an_empty_store_answers_everything(store: BlobStore) -> None:
    assert store.path(NAME) is None
    assert store.verified_path(NAME) is None
    assert (store.digests(), store.parts(), store.strangers(), store.quarantined()) == ([],) * 4
    store.quarantine(NAME, "wrong")
    assert store.delete(NAME) == 0


@pytest.mark.parametrize(
    "name",
    ["", "x", NAME.upper(), NAME[:-1], NAME + "0", "../" + NAME[3:], NAME[:-1] + "\n", "٣" * 64],
)
def test_nothing_but_a_digest_becomes_a_path(store: BlobStore, name: str) -> None:
    assert not is_digest(name)
    for use in (store.path, store.verify, store.delete):
        with pytest.raises(ValueError, match="SHA-256"):
            use(name)
    with pytest.raises(ValueError, match="no blob"):
        store.part(name, 1)


@pytest.mark.parametrize("position", [0, 1, len(PICTURE) // 2, len(PICTURE) - 1])
def test_c13_a_flipped_bit_is_found_and_healed_on_a_new_file(
    store: BlobStore, position: int
) -> None:
    path = store.path(put(store))
    assert path is not None
    flip_a_bit(path, position)
    inode = path.stat().st_ino
    assert store.check(NAME) == "wrong"
    store.quarantine(NAME, "wrong")
    assert store.path(NAME) is None, "it counts as missing, so it is fetched again"
    put(store)
    assert store.verify(NAME)
    assert path.stat().st_ino != inode
    assert [bad.name for bad in store.quarantined()] == [f"{NAME}.wrong"]


def test_c10_a_blob_that_cannot_be_read_is_told_apart_from_one_that_is_wrong(root: Path) -> None:
    put(BlobStore(root, RealDisk()))
    disk = FaultyDisk(RealDisk(), 1, errno.EIO, persistent=True, only=frozenset({"read"}))
    assert BlobStore(root, disk).check(NAME) == "unreadable"
    assert BlobStore(root, disk).verified_path(NAME) is None


def test_before_the_first_show_a_blob_is_read_once(root: Path) -> None:
    put(BlobStore(root, RealDisk()))
    disk = FaultyDisk(RealDisk(), only=frozenset({"read"}))
    store = BlobStore(root, disk)
    path = store.verified_path(NAME)
    assert path is not None
    read = disk.operations
    assert read > 0
    store.verified_path(NAME)
    assert disk.operations == read, "the second show costs nothing"
    path.unlink()
    put(BlobStore(root, RealDisk()))
    assert store.verified_path(NAME) == path
    assert disk.operations > read, "another file under that name is read again"


def test_a_blob_that_rotted_is_not_shown(store: BlobStore) -> None:
    path = store.path(put(store))
    assert path is not None
    flip_a_bit(path, 5)
    assert store.verified_path(NAME) is None
    assert store.path(NAME) is not None, "it is still there; the scrub sets it aside"


@pytest.mark.parametrize("stranger", ["link", "link to a blob", "pipe", "folder", "full folder"])
def test_c19_a_stranger_under_a_blobs_name_is_never_followed_and_makes_way(
    root: Path, tmp_path: Path, store: BlobStore, stranger: str
) -> None:
    (root / "blobs").mkdir(parents=True)
    path = root / "blobs" / NAME
    outside = tmp_path / "outside"
    outside.write_bytes(PICTURE if stranger == "link to a blob" else b"not ours")
    if stranger.startswith("link"):
        path.symlink_to(outside)
    elif stranger == "pipe":
        os.mkfifo(path)
    else:
        path.mkdir()
        if stranger == "full folder":
            (path / "file").write_text("somebody's")
    assert store.path(NAME) is None
    assert not store.verify(NAME)
    assert (store.digests(), store.strangers()) == ([], [path])
    put(store)
    assert store.verify(NAME)
    assert outside.exists()


def test_c19_strangers_of_any_name_are_reported_and_left_alone(
    root: Path, store: BlobStore
) -> None:
    put(store)
    names = ["notes.txt", ".hidden", NAME.upper(), "名字", "a\nb", "x" * 255]
    for name in names:
        (root / "blobs" / name).write_text("mine")
    assert store.digests() == [NAME]
    assert {path.name for path in store.strangers()} == set(names)
    assert all((root / "blobs" / name).read_text() == "mine" for name in names)


def test_c19_a_large_stranger_costs_no_time(root: Path, store: BlobStore) -> None:
    put(store)
    with (root / "blobs" / "large").open("wb") as file:
        file.truncate(5 << 30)
    assert store.digests() == [NAME]
    assert [path.name for path in store.strangers()] == ["large"]


def test_c23_twenty_thousand_stale_parts_are_collected(root: Path, store: BlobStore) -> None:
    (root / "partial").mkdir(parents=True)
    for number in range(20_000):
        (root / "partial" / f"{digest_of(str(number).encode())}.part").touch()
    kept = digest_of(b"7")
    assert store.drop_parts(keep=[kept]) == 19_999
    assert store.parts() == [kept]


def test_quarantine_is_bounded_and_the_oldest_go(store: BlobStore) -> None:
    names = []
    for number in range(QUARANTINE_LIMIT + 3):
        names.append(put(store, str(number).encode()))
        store.quarantine(names[-1], "Wrong: ../../etc/passwd")
    left = [path.name.partition(".")[0] for path in store.quarantined()]
    assert left == names[-QUARANTINE_LIMIT:]
    assert all(path.parent.name == "quarantine" for path in store.quarantined())


def test_reading_a_rotten_blob_ends_with_an_error_and_not_with_its_bytes(store: BlobStore) -> None:
    path = store.path(put(store))
    assert path is not None
    flip_a_bit(path, 3)
    with pytest.raises(DigestMismatch):
        b"".join(store.read(NAME))
    path.unlink()
    with pytest.raises(StorageError):
        list(store.read(NAME))


def test_c18_a_cache_deleted_while_in_use_is_made_anew(root: Path, store: BlobStore) -> None:
    import shutil

    put(store)
    shutil.rmtree(root)
    assert store.path(NAME) is None
    assert store.digests() == []
    put(store)
    assert store.verify(NAME)


def test_c25_a_disk_that_stalls_in_fsync_does_not_keep_readers_waiting(root: Path) -> None:
    put(BlobStore(root, RealDisk()))
    stalled, go_on = threading.Event(), threading.Event()

    class Stalling(RealDisk):
        def fsync(self, descriptor: int) -> None:
            stalled.set()
            assert go_on.wait(30)
            super().fsync(descriptor)

    writer = threading.Thread(
        target=put, args=(BlobStore(root, Stalling()), b"another"), name="stalled writer"
    )
    writer.start()
    assert stalled.wait(30)
    reader = BlobStore(root, RealDisk())
    assert reader.verified_path(NAME) is not None
    assert reader.path(digest_of(b"another")) is None, "not there before it is durable"
    go_on.set()
    writer.join()
    assert reader.verify(digest_of(b"another"))
