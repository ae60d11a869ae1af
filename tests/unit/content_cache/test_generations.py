"""Generations: complete, then live; the floor rises with the switch; damage falls back."""

import errno
import json
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from content_cache.blobs import BlobStore
from content_cache.disk import RealDisk
from content_cache.errors import BlobsMissing, SizeMismatch, StorageError
from content_cache.generations import Generation, Generations
from manifest.envelope import DocumentType, seal
from manifest.errors import ManifestError
from tests.simulators.faulty_disk import FaultyDisk
from tests.simulators.manifests import a_document, an_image, an_item
from tests.simulators.release import Release, digest_of, fill, publish, release


def test_a_new_cache_has_no_generation(generations: Generations) -> None:
    view = generations.view()
    assert (view.current, view.previous, view.trust, view.faults) == (None, None, b"", ())


def test_what_is_activated_is_current_and_what_was_current_is_kept(
    store: BlobStore, generations: Generations
) -> None:
    first = publish(store, generations, release(1, b"one"))
    second = publish(store, generations, release(2, b"one", b"two"))
    assert generations.current() == second
    assert generations.previous() == first
    assert generations.trust() == b"2"


def test_a_generation_with_a_blob_missing_never_becomes_current(
    store: BlobStore, generations: Generations
) -> None:
    publish(store, generations, release(1, b"one"))
    with pytest.raises(BlobsMissing) as refused:
        generations.activate(release(2, b"one", b"two").envelope, trust=b"2")
    assert refused.value.missing == (digest_of(b"two"),)
    current = generations.current()
    assert current is not None
    assert current.manifest.version == 1
    assert generations.trust() == b"1", "the floor rises only with the switch"


def test_a_blob_that_rotted_since_it_came_is_found_before_the_switch(
    root: Path, store: BlobStore, generations: Generations
) -> None:
    what = release(1, b"one")
    fill(store, what)
    (root / "blobs" / digest_of(b"one")).write_bytes(b"0ne")
    with pytest.raises(BlobsMissing):
        generations.activate(what.envelope, trust=b"1")


def flip_a_bit(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def version_of(generation: Generation | None) -> int | None:
    return generation.manifest.version if generation else None


def codes(generations: Generations) -> list[str]:
    return [fault.code for fault in generations.view().faults]


def manifest_file(root: Path, generation: Generation) -> Path:
    return root / "manifests" / generation.sha256


def test_the_envelope_is_kept_byte_for_byte(
    root: Path, store: BlobStore, generations: Generations
) -> None:
    what = release(1, b"one")
    padded = Release(1, what.envelope.replace(b'","', b'" , "'), what.blobs)
    current = publish(store, generations, padded)
    assert current.envelope == padded.envelope
    assert manifest_file(root, current).read_bytes() == padded.envelope
    assert Generations(root, RealDisk()).current() == current


def test_c14_a_flipped_bit_in_the_current_manifest_brings_the_kept_one_back(
    root: Path, store: BlobStore, generations: Generations
) -> None:
    publish(store, generations, release(1, b"one"))
    current = publish(store, generations, release(2, b"two"))
    flip_a_bit(manifest_file(root, current))
    assert version_of(generations.current()) == 1
    assert generations.previous() is None
    assert codes(generations) == ["SLOT_BAD"]
    publish(store, generations, release(2, b"two"))
    assert version_of(generations.current()) == 2, "fetching it again heals it"
    assert codes(generations) == []


def test_c14_a_damaged_kept_manifest_changes_nothing_on_the_wall(
    root: Path, store: BlobStore, generations: Generations
) -> None:
    first = publish(store, generations, release(1, b"one"))
    publish(store, generations, release(2, b"two"))
    manifest_file(root, first).unlink()
    assert version_of(generations.current()) == 2
    assert codes(generations) == ["SLOT_BAD"]


def test_c15_with_both_manifests_bad_there_is_nothing_to_show_and_it_is_said(
    root: Path, store: BlobStore, generations: Generations
) -> None:
    for number in (1, 2):
        flip_a_bit(manifest_file(root, publish(store, generations, release(number, b"one"))))
    assert generations.current() is None
    assert codes(generations) == ["SLOT_BAD", "SLOT_BAD", "NO_MANIFEST"]
    publish(store, generations, release(2, b"one"))
    assert version_of(generations.current()) == 2


@pytest.mark.parametrize("newer", [True, False])
def test_a_damaged_register_copy_leaves_its_twin(
    root: Path, store: BlobStore, generations: Generations, newer: bool
) -> None:
    publish(store, generations, release(1, b"one"))
    publish(store, generations, release(2, b"two"))
    flip_a_bit(root / "state" / ("generations.0" if newer else "generations.1"))
    assert version_of(generations.current()) == (1 if newer else 2)
    assert generations.trust() == (b"1" if newer else b"2"), "floor and generation never part"
    assert codes(generations) == ["SLOT_BAD"]


@pytest.mark.parametrize("how", ["damaged", "deleted"])
def test_with_the_register_lost_the_newest_complete_manifest_is_shown(
    root: Path, store: BlobStore, generations: Generations, how: str
) -> None:
    publish(store, generations, release(1, b"one"))
    publish(store, generations, release(2, b"two"))
    for name in ("generations.0", "generations.1"):
        (root / "state" / name).write_bytes(b"")
        if how == "deleted":
            (root / "state" / name).unlink()
    assert version_of(generations.current()) == 2
    assert generations.trust() == b"", "trust begins anew, with this version as its floor"
    (root / "blobs" / digest_of(b"two")).unlink()
    assert version_of(generations.current()) == 1, "what is not complete is not taken"


def test_a_register_of_a_later_program_is_not_misread(
    root: Path, store: BlobStore, generations: Generations
) -> None:
    publish(store, generations, release(1, b"one"))
    generations._register.write(b'{"generation": 3, "of": "another program"}')
    assert version_of(generations.current()) == 1, "found on the disk"
    assert codes(generations) == ["SLOT_BAD"]


def test_an_older_manifest_than_the_kept_ones_is_deleted(
    root: Path, store: BlobStore, generations: Generations
) -> None:
    kept = [publish(store, generations, release(number, b"one")) for number in (1, 2, 3)]
    names = {path.name for path in (root / "manifests").iterdir()}
    assert names == {generation.sha256 for generation in kept[1:]}


def test_the_kept_generation_is_the_last_that_was_confirmed(
    store: BlobStore, generations: Generations
) -> None:
    good = publish(store, generations, release(1, b"one"))
    assert not good.confirmed
    generations.confirm(good.sha256)
    for number in (2, 3, 4):  # each crashed before it could be confirmed
        publish(store, generations, release(number, b"two"))
    previous = generations.previous()
    assert previous is not None
    assert (previous.manifest.version, previous.confirmed) == (1, True)
    assert generations.kept_blobs() == {digest_of(b"one"), digest_of(b"two")}


def test_confirming_moves_on_with_the_generations(
    store: BlobStore, generations: Generations
) -> None:
    for number in (1, 2, 3):
        current = publish(store, generations, release(number, b"one"))
        generations.confirm(current.sha256)
        generations.confirm(current.sha256)
    current_one, previous = generations.current(), generations.previous()
    assert current_one is not None
    assert current_one.confirmed
    assert version_of(previous) == 2


def test_going_back_to_the_kept_generation_keeps_both(
    store: BlobStore, generations: Generations
) -> None:
    publish(store, generations, release(1, b"one"))
    publish(store, generations, release(2, b"two"))
    publish(store, generations, release(1, b"one"))
    assert version_of(generations.current()) == 1
    assert version_of(generations.previous()) == 2


def test_activating_what_is_current_keeps_what_is_kept(
    store: BlobStore, generations: Generations
) -> None:
    for number in (1, 2, 2):
        publish(store, generations, release(number, b"one"))
    assert version_of(generations.previous()) == 1


def test_trust_can_be_remembered_without_a_generation(
    root: Path, store: BlobStore, generations: Generations
) -> None:
    generations.remember_trust(b"a root")
    assert generations.trust() == b"a root"
    publish(store, generations, release(1, b"one"))
    generations.remember_trust(b"a newer root")
    assert version_of(generations.current()) == 1
    assert Generations(root, RealDisk()).trust() == b"a newer root"


def test_a_reader_notices_a_switch_and_nothing_else(
    root: Path, store: BlobStore, generations: Generations
) -> None:
    reader = Generations(root, RealDisk())
    publish(store, generations, release(1, b"one"))
    mark = reader.mark()
    fill(store, release(2, b"two"))
    assert not reader.changed_since(mark), "blobs alone change nothing"
    generations.activate(release(2, b"two").envelope)
    assert reader.changed_since(mark)
    assert version_of(reader.current()) == 2


def test_a_reader_never_sees_a_mixture_while_the_writer_switches(
    root: Path, store: BlobStore, generations: Generations
) -> None:
    publish(store, generations, release(1, b"one"))
    done = threading.Event()

    def write() -> None:
        try:
            for number in range(2, 120):
                publish(store, generations, release(number, b"one"))
        finally:
            done.set()

    writer = threading.Thread(target=write, name="writer")
    writer.start()
    reader, seen = Generations(root, RealDisk()), [1]
    while not done.is_set():
        view = reader.view()
        assert view.faults == ()
        assert view.current is not None
        assert view.trust == str(view.current.manifest.version).encode()
        seen.append(view.current.manifest.version)
    writer.join()
    assert seen == sorted(seen)
    assert version_of(reader.current()) == 119


def test_a_size_that_contradicts_the_digest_is_refused(
    store: BlobStore, generations: Generations
) -> None:
    what = release(1, b"one")
    fill(store, what)
    lying = a_document(assets={"a": an_image(b"one", bytes=4)}, items=[an_item("i", "a")])
    envelope = seal(DocumentType.MANIFEST, json.dumps(lying).encode(), [])
    with pytest.raises(SizeMismatch):
        generations.activate(envelope)
    assert generations.current() is None


def test_what_is_no_manifest_is_never_activated(generations: Generations) -> None:
    for envelope in (b"", b"{}", b"\xff", b'{"payload": "e30="}'):
        with pytest.raises(ManifestError):
            generations.activate(envelope)
    assert generations.view().faults == ()


READS = frozenset({"open_read", "read", "list", "stat"})


def test_a_read_that_fails_never_makes_an_older_generation_current_again(
    root: Path, store: BlobStore, generations: Generations
) -> None:
    """Whoever changes the register must have read both copies: an older one is not the last."""
    for number in (1, 2):
        publish(store, generations, release(number, b"one"))
    for times in (1, 2, 3):
        for operation in range(1, 60):
            disk = FaultyDisk(RealDisk(), operation, errno.EIO, times=times, only=READS)
            with suppress(StorageError):
                Generations(root, disk).remember_trust(f"root {times}.{operation}".encode())
            assert version_of(generations.current()) == 2
            if not disk.failed:
                break
        else:
            pytest.fail("the loop must end with a call that meets no fault")


def test_while_a_kept_manifest_cannot_be_read_nothing_may_be_evicted(
    root: Path, store: BlobStore, generations: Generations
) -> None:
    for number in (1, 2):
        publish(store, generations, release(number, str(number).encode()))
    expected, refused = generations.kept_blobs(), 0
    for operation in range(1, 60):
        disk = FaultyDisk(RealDisk(), operation, errno.EIO, only=READS)
        try:
            assert Generations(root, disk).kept_blobs() == expected
        except StorageError:
            refused += 1
        if not disk.failed:
            break
    assert refused >= 3
    assert expected == {digest_of(b"1"), digest_of(b"2")}
