"""The register: its last sound value counts, whatever happened to one of its copies."""

import errno
from pathlib import Path

import pytest

from content_cache.disk import RealDisk
from content_cache.register import REGISTER_BYTES_LIMIT, Register
from tests.simulators.faulty_disk import FaultyDisk


@pytest.fixture
def register(tmp_path: Path) -> Register:
    return Register(tmp_path, "value", RealDisk())


def test_a_new_register_is_empty(register: Register) -> None:
    value = register.read()
    assert (value.number, value.content, value.damaged) == (0, b"", ())


def test_the_value_last_written_counts(register: Register, tmp_path: Path) -> None:
    for number in range(1, 6):
        register.write(f"value {number}".encode())
        value = register.read()
        assert (value.number, value.content) == (number, f"value {number}".encode())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["value.0", "value.1"]


def test_every_single_flipped_bit_is_seen_and_costs_at_most_the_last_change(
    register: Register, tmp_path: Path
) -> None:
    register.write(b"the one before")
    register.write(b"the last")
    path = tmp_path / "value.0"
    sound = path.read_bytes()
    for position in range(len(sound) * 8):
        damaged = bytearray(sound)
        damaged[position // 8] ^= 1 << (position % 8)
        path.write_bytes(damaged)
        value = register.read()
        assert (value.content, value.damaged) == (b"the one before", (path,)), position
    print(f"{len(sound) * 8} flipped bits, each seen")


def test_every_truncation_is_seen(register: Register, tmp_path: Path) -> None:
    register.write(b"the one before")
    register.write(b"the last")
    path = tmp_path / "value.0"
    sound = path.read_bytes()
    for length in range(len(sound)):
        path.write_bytes(sound[:length])
        assert register.read().content == b"the one before"


def test_the_next_change_heals_a_damaged_copy(register: Register, tmp_path: Path) -> None:
    for number in range(1, 4):
        register.write(f"value {number}".encode())
    (tmp_path / "value.0").write_bytes(b"rubbish")
    register.write(b"value 4")
    assert register.read().content == b"value 4"
    assert register.read().damaged == ()


def test_with_both_copies_lost_there_is_no_value(register: Register, tmp_path: Path) -> None:
    register.write(b"one")
    register.write(b"two")
    for name in ("value.0", "value.1"):
        (tmp_path / name).write_bytes(b"")
    value = register.read()
    assert (value.content, len(value.damaged)) == (b"", 2)
    register.write(b"three")
    assert register.read().content == b"three"


def test_a_mark_tells_of_every_write(register: Register) -> None:
    seen = {register.mark()}
    for number in range(20):
        register.write(b"the same value")
        assert register.mark() not in seen, number
        seen.add(register.mark())
    assert register.mark() == register.mark()


def test_a_value_that_is_too_large_is_our_bug(register: Register) -> None:
    with pytest.raises(ValueError, match="at most"):
        register.write(b"x" * (REGISTER_BYTES_LIMIT + 1))


def test_an_error_that_passes_does_not_cost_the_last_change(
    register: Register, tmp_path: Path
) -> None:
    register.write(b"one")
    register.write(b"two")
    for operation in range(1, 10):
        disk = FaultyDisk(RealDisk(), operation, errno.EIO)
        assert Register(tmp_path, "value", disk).read().content == b"two"
