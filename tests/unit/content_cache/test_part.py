"""A blob on its way in: resumed, bounded, and a blob only when it is whole."""

import errno
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content_cache.blobs import BlobStore
from content_cache.disk import RealDisk
from content_cache.errors import DigestMismatch, DiskFailed, DiskFull, FsyncFailed, SizeMismatch
from content_cache.part import VALIDATOR_BYTES_LIMIT
from tests.simulators.faulty_disk import SHORT_WRITE, FaultyDisk
from tests.simulators.release import digest_of

CONTENT = bytes(range(256)) * 40
NAME = digest_of(CONTENT)
SIZE = len(CONTENT)


def test_a_transfer_goes_on_where_it_stopped(store: BlobStore) -> None:
    with store.part(NAME, SIZE) as part:
        part.remember('"v1"')
        part.append(CONTENT[:1_000])
    assert store.part_length(NAME) == 1_000
    with store.part(NAME, SIZE) as part:
        assert (part.length, part.validator) == (1_000, '"v1"')
        part.append(CONTENT[1_000:])
        part.commit()
    assert store.verify(NAME)
    assert store.parts() == []


def test_resumed_bytes_that_rotted_are_found_and_thrown_away(root: Path, store: BlobStore) -> None:
    with store.part(NAME, SIZE) as part:
        part.append(CONTENT[:1_000])
    path = root / "partial" / f"{NAME}.part"
    path.write_bytes(b"\0" * 1_000)  # what a power cut may leave
    with store.part(NAME, SIZE) as part:
        part.append(CONTENT[1_000:])
        with pytest.raises(DigestMismatch):
            part.commit()
    assert store.path(NAME) is None
    with store.part(NAME, SIZE) as part:
        assert part.length == 0, "the next try begins anew"


def test_one_byte_more_than_promised_ends_the_transfer(store: BlobStore) -> None:
    with store.part(NAME, SIZE) as part:
        part.append(CONTENT)
        with pytest.raises(SizeMismatch) as refused:
            part.append(b"!")
    assert (refused.value.promised, refused.value.found) == (SIZE, SIZE + 1)
    assert store.parts() == []


def test_too_few_bytes_are_no_blob_but_can_still_come(store: BlobStore) -> None:
    with store.part(NAME, SIZE) as part:
        part.append(CONTENT[:-1])
        with pytest.raises(SizeMismatch):
            part.commit()
        part.append(CONTENT[-1:])
        part.commit()
    assert store.verify(NAME)


def test_the_right_size_with_wrong_bytes_is_no_blob(store: BlobStore) -> None:
    with store.part(NAME, SIZE) as part:
        part.append(CONTENT[::-1])
        with pytest.raises(DigestMismatch):
            part.commit()
    assert (store.path(NAME), store.parts()) == (None, [])


def test_a_part_that_is_longer_than_the_blob_begins_anew(root: Path, store: BlobStore) -> None:
    (root / "partial").mkdir(parents=True)
    (root / "partial" / f"{NAME}.part").write_bytes(CONTENT + b"more")
    with store.part(NAME, SIZE) as part:
        assert part.length == 0
        part.append(CONTENT)
        part.commit()
    assert store.verify(NAME)


def test_an_empty_blob_is_a_blob(store: BlobStore) -> None:
    with store.part(digest_of(b""), 0) as part:
        part.commit()
    assert store.verify(digest_of(b""))


@pytest.mark.parametrize(
    "validator", ["", "a\r\nEvil: header", "é", "x" * (VALIDATOR_BYTES_LIMIT + 1), "\0", "a b"]
)
def test_a_validator_that_no_header_can_carry_is_forgotten(
    store: BlobStore, validator: str
) -> None:
    with store.part(NAME, SIZE) as part:
        part.remember('"v1"')
        part.remember(validator)
        assert part.validator is None


def test_restarting_forgets_bytes_and_validator(store: BlobStore) -> None:
    with store.part(NAME, SIZE) as part:
        part.remember('"v1"')
        part.append(CONTENT[:10])
        part.restart()
        assert (part.length, part.validator) == (0, None)
        part.append(CONTENT)
        part.commit()
    assert store.verify(NAME)


def test_a_closed_part_takes_nothing_more(store: BlobStore) -> None:
    part = store.part(NAME, SIZE)
    part.close()
    part.close()
    with pytest.raises(RuntimeError):
        part.append(b"x")


def test_c05_a_full_disk_keeps_what_has_arrived_for_later(root: Path) -> None:
    disk = FaultyDisk(RealDisk(), 3, errno.ENOSPC, only=frozenset({"write"}))
    store = BlobStore(root, disk)
    with store.part(NAME, SIZE) as part:
        part.append(CONTENT[:1_000])
        part.append(CONTENT[1_000:2_000])
        with pytest.raises(DiskFull) as refused:
            part.append(CONTENT[2_000:])
        with pytest.raises(RuntimeError):
            part.append(CONTENT[2_000:])
    assert refused.value.need == SIZE - 2_000
    assert refused.value.free > 0
    with store.part(NAME, SIZE) as part:
        assert part.length == 2_000


def test_c11_after_a_failed_sync_everything_is_fetched_again(root: Path) -> None:
    store = BlobStore(root, FaultyDisk(RealDisk(), 1, errno.EIO, only=frozenset({"fsync"})))
    with pytest.raises(FsyncFailed):
        store.take(NAME, SIZE, [CONTENT])
    assert (store.path(NAME), store.parts()) == (None, [])
    store.take(NAME, SIZE, [CONTENT])
    assert store.verify(NAME)


def test_a_failed_write_throws_the_part_away(root: Path) -> None:
    store = BlobStore(root, FaultyDisk(RealDisk(), 2, errno.EIO, only=frozenset({"write"})))
    with store.part(NAME, SIZE) as part:
        part.append(CONTENT[:10])
        with pytest.raises(DiskFailed):
            part.append(CONTENT[10:])
    assert store.parts() == []


def test_c12_a_disk_that_takes_a_part_of_each_write_is_not_noticed(root: Path) -> None:
    disk = FaultyDisk(RealDisk(), 1, SHORT_WRITE, persistent=True)
    store = BlobStore(root, disk)
    store.take(NAME, SIZE, [CONTENT])
    assert len(disk.failed) > 5
    assert store.verify(NAME)


@settings(max_examples=60, deadline=None)
@given(
    cuts=st.lists(st.integers(0, SIZE), max_size=6),
    chunk=st.integers(1, SIZE),
)
def test_however_often_a_transfer_breaks_off_the_blob_is_the_same(
    tmp_path_factory: pytest.TempPathFactory, cuts: list[int], chunk: int
) -> None:
    store = BlobStore(tmp_path_factory.mktemp("cache"), RealDisk())
    for stop in [*sorted(cuts), SIZE]:
        with store.part(NAME, SIZE) as part:
            while part.length < stop:
                part.append(CONTENT[part.length : min(part.length + chunk, stop)])
    with store.part(NAME, SIZE) as part:
        path = part.commit()
    assert path.read_bytes() == CONTENT
