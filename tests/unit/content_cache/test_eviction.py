"""Eviction: never what a kept generation names, the least recently needed first, with numbers."""

import shutil
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content_cache.blobs import BlobStore
from content_cache.disk import RealDisk, Space
from content_cache.errors import ReleaseTooBig
from content_cache.eviction import Eviction, Room, Stored, choose
from content_cache.generations import Generations
from tests.simulators.faulty_disk import FaultyDisk
from tests.simulators.release import digest_of, fill, publish, release


class SmallDisk(FaultyDisk):
    """A disk of 1,000 bytes, on which every blob, part and bad file counts."""

    def __init__(self, root: Path) -> None:
        super().__init__(RealDisk())
        self._root = root

    def space(self, path: Path) -> Space:
        folders = [self._root / name for name in ("blobs", "partial", "quarantine")]
        used = sum(file.stat().st_size for folder in folders for file in folder.glob("*"))
        return Space(1_000, 1_000 - used, 0, 0)


def picture(number: int) -> bytes:
    return bytes([number]) * 100


def eviction(
    root: Path, store: BlobStore, generations: Generations, quota: int, min_free: int = 0
) -> Eviction:
    return Eviction(root, store, generations, SmallDisk(root), Room(quota, min_free))


def wanted(*numbers: int) -> dict[str, int]:
    return {digest_of(picture(number)): 100 for number in numbers}


def here(store: BlobStore) -> set[int]:
    digests = store.digests()
    return {number for number in range(50) if digest_of(picture(number)) in digests}


def test_nothing_goes_while_there_is_room(
    root: Path, store: BlobStore, generations: Generations
) -> None:
    for number in (1, 2, 3):
        publish(store, generations, release(number, picture(number)))
    gone = eviction(root, store, generations, quota=1_000).make_room(wanted(9))
    assert gone.blobs == ()
    assert here(store) == {1, 2, 3}


def test_the_least_recently_needed_go_first(
    root: Path, store: BlobStore, generations: Generations
) -> None:
    keeper = eviction(root, store, generations, quota=600)
    for version, number in enumerate((1, 2, 1, 3, 4), 1):
        publish(store, generations, release(version, picture(number)))
        keeper.make_room({})
    assert here(store) == {1, 2, 3, 4}
    keeper.make_room(wanted(10, 11, 12))
    assert here(store) == {1, 3, 4}, "2 was needed longest ago; 3 and 4 are kept"
    keeper.make_room(wanted(10, 11, 12, 13))
    assert here(store) == {3, 4}


def test_what_a_kept_generation_names_stays_whatever_is_wanted(
    root: Path, store: BlobStore, generations: Generations
) -> None:
    for number in (1, 2, 3):
        publish(store, generations, release(number, picture(number)))
    with pytest.raises(ReleaseTooBig) as refused:
        eviction(root, store, generations, quota=350).make_room(wanted(10, 11))
    assert (refused.value.need, refused.value.available) == (200, 150)
    assert "200 bytes more, but only 150" in str(refused.value)
    assert here(store) == {1, 2, 3}, "what cannot help is not deleted"


def test_what_is_here_already_needs_no_room(
    root: Path, store: BlobStore, generations: Generations
) -> None:
    publish(store, generations, release(1, picture(1)))
    fill(store, release(2, picture(2)))
    gone = eviction(root, store, generations, quota=200).make_room(wanted(1, 2))
    assert gone.blobs == ()


def test_minimum_free_space_counts_beside_the_quota(
    root: Path, store: BlobStore, generations: Generations
) -> None:
    for number in (1, 2, 3, 4):
        publish(store, generations, release(number, picture(number)))
    eviction(root, store, generations, quota=10_000, min_free=500).make_room(wanted(9))
    assert len(here(store)) == 4
    eviction(root, store, generations, quota=10_000, min_free=600).make_room(wanted(9))
    assert here(store) == {2, 3, 4} or here(store) == {1, 3, 4}


def test_what_has_arrived_of_a_wanted_blob_is_kept_and_not_counted_twice(
    root: Path, store: BlobStore, generations: Generations
) -> None:
    with store.part(digest_of(picture(9)), 100) as part:
        part.append(picture(9)[:90])
    with store.part(digest_of(picture(8)), 100) as part:
        part.append(picture(8)[:50])
    keeper = eviction(root, store, generations, quota=10_000, min_free=850)
    gone = keeper.make_room(wanted(9))
    assert store.part_length(digest_of(picture(9))) == 90
    assert (gone.left_overs, store.part_length(digest_of(picture(8)))) == (0, 50)
    eviction(root, store, generations, quota=10_000, min_free=890).make_room(wanted(9))
    assert store.part_length(digest_of(picture(8))) == 0, "left-overs go before blobs do"


def test_quarantine_goes_before_blobs_do(
    root: Path, store: BlobStore, generations: Generations
) -> None:
    for number in (1, 2, 3):
        publish(store, generations, release(number, picture(number)))
    store.quarantine(digest_of(picture(1)), "wrong")
    gone = eviction(root, store, generations, quota=10_000, min_free=700).make_room(wanted(9))
    assert (gone.blobs, gone.left_overs, store.quarantined()) == ((), 1, [])


def test_hints_may_be_lost(root: Path, store: BlobStore, generations: Generations) -> None:
    keeper = eviction(root, store, generations, quota=300)
    for number in (1, 2, 3):
        publish(store, generations, release(number, picture(number)))
        keeper.make_room({})
    for damage in (b"", b"{", b'{"a": "b"}', b"\xff"):
        (root / "hints" / "needed.json").write_bytes(damage)
        keeper.make_room({})
    shutil.rmtree(root / "hints")
    keeper.make_room(wanted(9))
    assert here(store) == {2, 3}


def test_cleaning_leaves_the_kept_generations_only(
    root: Path, store: BlobStore, generations: Generations
) -> None:
    for number in (1, 2, 3):
        publish(store, generations, release(number, picture(number)))
    with store.part(digest_of(picture(8)), 100) as part:
        part.append(b"x")
    gone = eviction(root, store, generations, quota=0).clean()
    assert here(store) == {2, 3}
    assert (len(gone.blobs), gone.blob_bytes, gone.left_overs) == (1, 100, 1)


STORED = st.lists(
    st.builds(Stored, st.integers(0, 30).map(str), st.integers(0, 100), st.integers(0, 5)),
    unique_by=lambda blob: blob.sha256,
)


@given(stored=STORED, kept=st.sets(st.integers(0, 30).map(str)), excess=st.integers(0, 500))
def test_the_choice_is_enough_and_no_more_and_never_kept(
    stored: list[Stored], kept: set[str], excess: int
) -> None:
    chosen = choose(stored, kept, excess)
    free = [blob for blob in stored if blob.sha256 not in kept]
    assert all(blob in free for blob in chosen)
    freed = sum(blob.size for blob in chosen)
    assert freed >= excess or set(chosen) == set(free)
    if chosen:
        assert freed - chosen[-1].size < excess, "the last one was needed"
    spared = [blob.needed for blob in free if blob not in chosen]
    assert not (chosen and spared) or max(blob.needed for blob in chosen) <= min(spared)


def test_c21_what_is_shown_stays_while_releases_come_and_room_is_made(
    root: Path, store: BlobStore, generations: Generations
) -> None:
    """A reader shows every blob of what is current; the writer has room for hardly two releases."""
    keeper, done = eviction(root, store, generations, quota=450), threading.Event()
    publish(store, generations, release(1, picture(1), picture(2)))

    def write() -> None:
        try:
            for version in range(2, 60):
                what = release(version, picture(version % 40), picture((version + 1) % 40))
                keeper.make_room(dict.fromkeys(what.blobs, 100))
                publish(store, generations, what)
        finally:
            done.set()

    writer = threading.Thread(target=write, name="writer")
    writer.start()
    reader, shown = Generations(root, RealDisk()), 0
    while not done.is_set():
        mark, current = reader.mark(), reader.current()
        assert current is not None
        missing = [sha for sha in current.manifest.files() if store.path(sha) is None]
        # Only a generation that two switches have overtaken may lose a blob.
        assert not missing or reader.changed_since(mark)
        shown += not missing
    writer.join()
    assert shown > 0
    current = reader.current()
    assert current is not None
    assert current.manifest.version == 59
    assert len(store.digests()) <= 5
