"""Scrub: every blob within a week, what is shown first after a boot, and only the bad set aside."""

import errno
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

from content_cache.blobs import BlobStore
from content_cache.disk import RealDisk
from content_cache.generations import Generations
from content_cache.scrub import UNREADABLE_LIMIT, Scrub, boot_id
from tests.simulators.faulty_disk import FaultyDisk
from tests.simulators.release import digest_of, fill, publish, release

START = datetime(2026, 11, 22, tzinfo=UTC)
HOUR = timedelta(hours=1)
PICTURES = [bytes([number]) * (100 + number) for number in range(60)]


def scrub_of(root: Path, boot: str = "boot 1", disk: RealDisk | FaultyDisk | None = None) -> Scrub:
    disk = disk or RealDisk()
    return Scrub(root, BlobStore(root, disk), disk, boot)


def flip_a_bit(root: Path, sha256: str, chance: random.Random) -> None:
    path = root / "blobs" / sha256
    content = bytearray(path.read_bytes())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(content)


def test_q20_a_flipped_bit_is_found_within_a_week_and_healed_and_the_wall_goes_on(
    root: Path, store: BlobStore, generations: Generations
) -> None:
    chance = random.Random(20)
    current = publish(store, generations, release(1, *PICTURES))
    scrub, now = scrub_of(root), START
    while scrub.due(now):
        scrub.run(now)
    found_after = []
    for _error in range(12):
        now += HOUR * chance.randrange(1, 200)
        sha256 = digest_of(chance.choice(PICTURES))
        flip_a_bit(root, sha256, chance)
        for hour in range(1, 7 * 24 + 1):
            outcome = scrub.run(now + HOUR * hour)
            assert generations.current() == current
            if outcome.bad:
                break
        assert outcome.bad == (sha256,)
        assert [fault.code for fault in outcome.faults] == ["BLOB_BAD"]
        found_after.append(hour)
        now += HOUR * hour
        assert store.path(sha256) is None
        fill(store, release(1, *PICTURES))  # what the next sync pass does
        assert store.verify(sha256)
    print(f"12 flipped bits, seed 20, each found within {max(found_after)} hours of 168")


def test_without_a_scrub_a_flipped_bit_stays(root: Path, store: BlobStore) -> None:
    """The negative control: nothing else in the store would have found it."""
    fill(store, release(1, *PICTURES))
    flip_a_bit(root, digest_of(PICTURES[0]), random.Random(0))
    assert digest_of(PICTURES[0]) in store.digests()
    assert store.path(digest_of(PICTURES[0])) is not None


def test_every_blob_is_read_once_a_week_in_slices(root: Path, store: BlobStore) -> None:
    fill(store, release(1, *PICTURES))
    scrub, read = scrub_of(root), [0]
    total = sum(map(len, PICTURES))
    for hour in range(7 * 24 * 4):
        outcome = scrub.run(START + HOUR * hour)
        assert outcome.read_bytes <= total / 24 + max(map(len, PICTURES))
        read.append(outcome.read)
    assert sum(read) >= 4 * len(PICTURES), "four weeks, four rounds"
    assert sum(read) <= 5 * len(PICTURES), "and hardly more"


def test_what_is_shown_is_read_first_after_a_boot(root: Path, store: BlobStore) -> None:
    fill(store, release(1, *PICTURES))
    scrub = scrub_of(root)
    while scrub.due(START):
        scrub.run(START)
    shown = [digest_of(PICTURES[7]), digest_of(PICTURES[3])]
    assert scrub.due(START + HOUR, shown) == []
    after_boot = scrub_of(root, boot="boot 2")
    assert sorted(after_boot.due(START + HOUR, shown)) == sorted(shown)
    while after_boot.due(START + HOUR, shown):
        after_boot.run(START + HOUR, shown)
    assert after_boot.due(START + HOUR * 2, shown) == []


def test_a_clock_that_jumps_makes_more_work_and_nothing_else(root: Path, store: BlobStore) -> None:
    fill(store, release(1, *PICTURES))
    scrub = scrub_of(root)
    ten_years = timedelta(days=3650)
    for now in (START, START + ten_years, START, START - ten_years, START):
        assert len(scrub.due(now)) == len(PICTURES)
        while scrub.due(now):
            assert scrub.run(now).bad == ()
    assert len(store.digests()) == len(PICTURES)


def test_c16_lost_hints_cost_reading_and_nothing_else(root: Path, store: BlobStore) -> None:
    fill(store, release(1, *PICTURES))
    scrub = scrub_of(root)
    scrub.run(START)
    for damage in (b"", b"[]", b'{"x": [1]}', b"\x00" * 100):
        (root / "hints" / "scrub.json").write_bytes(damage)
        assert len(scrub.due(START)) == len(PICTURES)
        assert scrub.run(START).bad == ()


def test_c17_hints_that_lie_never_make_a_bad_blob_good(root: Path, store: BlobStore) -> None:
    fill(store, release(1, PICTURES[0]))
    scrub = scrub_of(root)
    scrub.run(START)
    flip_a_bit(root, digest_of(PICTURES[0]), random.Random(1))
    assert scrub.due(START) == [], "the hint says it was just read"
    assert BlobStore(root, RealDisk()).verified_path(digest_of(PICTURES[0])) is None


def test_c10_a_blob_that_cannot_be_read_is_set_aside(root: Path, store: BlobStore) -> None:
    fill(store, release(1, PICTURES[0]))
    disk = FaultyDisk(RealDisk(), 1, errno.EIO, persistent=True, only=frozenset({"read"}))
    outcome = scrub_of(root, disk=disk).run(START)
    assert [fault.code for fault in outcome.faults] == ["BLOB_IO"]
    assert store.path(digest_of(PICTURES[0])) is None


def test_a_single_failed_read_sets_nothing_aside(root: Path, store: BlobStore) -> None:
    fill(store, release(1, PICTURES[0]))
    disk = FaultyDisk(RealDisk(), 1, errno.EIO, only=frozenset({"read"}))
    outcome = scrub_of(root, disk=disk).run(START)
    assert (outcome.bad, len(disk.failed)) == ((), 1)


def test_a_disk_that_reads_nothing_loses_nothing(root: Path, store: BlobStore) -> None:
    same_size = [bytes([number]) * 10 for number in range(100)]
    fill(store, release(1, *same_size))
    disk = FaultyDisk(RealDisk(), 1, errno.EIO, persistent=True, only=frozenset({"read"}))
    outcome = scrub_of(root, disk=disk).run(START)
    assert len(outcome.bad) > UNREADABLE_LIMIT
    assert [(fault.code, fault.severity) for fault in outcome.faults] == [("BLOB_IO", "E")]
    assert len(store.digests()) == len(same_size)


def test_c08_on_a_read_only_disk_a_bad_blob_is_reported_and_stays(
    root: Path, store: BlobStore
) -> None:
    fill(store, release(1, PICTURES[0]))
    flip_a_bit(root, digest_of(PICTURES[0]), random.Random(1))
    writes = frozenset({"open", "replace", "make_folder", "unlink", "write"})
    disk = FaultyDisk(RealDisk(), 1, errno.EROFS, persistent=True, only=writes)
    outcome = scrub_of(root, disk=disk).run(START)
    assert outcome.bad == (digest_of(PICTURES[0]),)
    assert "read-only" in outcome.faults[0].sentence
    assert store.path(digest_of(PICTURES[0])) is not None


def test_a_boot_has_a_name() -> None:
    assert boot_id(RealDisk())
    assert boot_id(FaultyDisk(RealDisk(), 1, errno.EIO, persistent=True)) == ""
