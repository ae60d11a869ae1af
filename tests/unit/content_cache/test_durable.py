"""Durable writes: the order of the steps, and what each failure leaves behind."""

import errno
import os
from pathlib import Path

import pytest

from content_cache.disk import RealDisk
from content_cache.durable import (
    INTERRUPTIONS_LIMIT,
    make_folders,
    read_whole,
    temporary_name,
    write_durably,
)
from content_cache.errors import (
    CacheGone,
    DiskFailed,
    DiskFull,
    FsyncFailed,
    InodesExhausted,
    PermissionLost,
    ReadOnlyDisk,
    StorageError,
)
from tests.simulators.faulty_disk import FaultyDisk


class Recording(FaultyDisk):
    """Remembers the names of the operations that change something."""

    def __init__(self) -> None:
        super().__init__(RealDisk())
        self.steps: list[str] = []

    def _hit(self, name: str) -> bool:
        if name not in ("stat", "read", "open_read", "list", "space"):
            self.steps.append(name)
        return super()._hit(name)


def test_data_then_name_then_folder(tmp_path: Path) -> None:
    disk = Recording()
    write_durably(disk, tmp_path / "state", b"new")
    assert disk.steps == ["open", "write", "fsync", "close", "replace", "fsync_folder"]
    assert (tmp_path / "state").read_bytes() == b"new"


def test_new_folders_are_synced_into_their_parents(tmp_path: Path) -> None:
    disk = Recording()
    make_folders(disk, tmp_path / "a" / "b")
    assert disk.steps == ["make_folder", "fsync_folder"] * 2


def test_a_missing_folder_is_made(tmp_path: Path) -> None:
    write_durably(RealDisk(), tmp_path / "a" / "b" / "state", b"new")
    assert (tmp_path / "a" / "b" / "state").read_bytes() == b"new"


def test_what_a_killed_process_left_over_is_no_obstacle(tmp_path: Path) -> None:
    temporary_name(tmp_path / "state").write_bytes(b"half of somethi")
    write_durably(RealDisk(), tmp_path / "state", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["state"]


def test_a_link_in_the_way_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_bytes(b"not ours")
    temporary_name(tmp_path / "state").symlink_to(outside)
    (tmp_path / "state").symlink_to(outside)
    write_durably(RealDisk(), tmp_path / "state", b"new")
    assert outside.read_bytes() == b"not ours"
    assert not (tmp_path / "state").is_symlink()


@pytest.mark.parametrize("step", ["open", "write", "fsync", "close", "replace"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EROFS])
def test_a_failure_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, step: str, code: int
) -> None:
    path = tmp_path / "state"
    path.write_bytes(b"old")
    disk = FaultyDisk(RealDisk(), 1, code, only=frozenset({step}))
    if step == "close" and code != errno.EIO:
        return  # closing fails with nothing else
    with pytest.raises(StorageError):
        write_durably(disk, path, b"new")
    assert path.read_bytes() == b"old"
    assert [left.name for left in tmp_path.iterdir()] == ["state"]


def test_if_only_the_folder_is_not_synced_the_file_is_whole(tmp_path: Path) -> None:
    disk = FaultyDisk(RealDisk(), 1, errno.EIO, only=frozenset({"fsync_folder"}))
    with pytest.raises(FsyncFailed):
        write_durably(disk, tmp_path / "state", b"new")
    assert (tmp_path / "state").read_bytes() == b"new"


def test_an_interruption_that_does_not_end_is_a_broken_disk(tmp_path: Path) -> None:
    disk = FaultyDisk(RealDisk(), 1, errno.EINTR, persistent=True, only=frozenset({"write"}))
    with pytest.raises(DiskFailed):
        write_durably(disk, tmp_path / "state", b"new")
    assert disk.operations == INTERRUPTIONS_LIMIT + 1


@pytest.mark.parametrize(
    ("code", "error", "says"),
    [
        (errno.ENOSPC, DiskFull, "free space"),
        (errno.EDQUOT, DiskFull, "free space"),
        (errno.EROFS, ReadOnlyDisk, "mount it read-write"),
        (errno.EACCES, PermissionLost, "run `sudo chown"),
        (errno.EPERM, PermissionLost, "run `sudo chown"),
        (errno.EIO, DiskFailed, "check its health"),
        (errno.ENOENT, CacheGone, "made anew"),
    ],
)
def test_each_cause_has_its_error_and_its_error_says_what_to_do(
    tmp_path: Path, code: int, error: type[StorageError], says: str
) -> None:
    disk = FaultyDisk(RealDisk(), 1, code, only=frozenset({"write"}))
    with pytest.raises(error, match=says) as raised:
        write_durably(disk, tmp_path / "state", b"new")
    assert str(tmp_path) in str(raised.value)
    assert raised.value.code in ("CACHE_FULL", "STORAGE_RO", "PERMISSION", "BLOB_IO", "CACHE_GONE")


def test_a_full_disk_says_how_much_is_needed_and_free(tmp_path: Path) -> None:
    disk = FaultyDisk(RealDisk(), 1, errno.ENOSPC, only=frozenset({"write"}))
    with pytest.raises(DiskFull) as raised:
        write_durably(disk, tmp_path / "state", b"n" * 5_000)
    assert raised.value.need == 5_000
    assert not isinstance(raised.value, InodesExhausted)
    assert "5,000 bytes" in str(raised.value)


def test_reading_stops_at_its_limit(tmp_path: Path) -> None:
    (tmp_path / "large").write_bytes(b"x" * 101)
    with pytest.raises(OSError, match="larger than 100"):
        read_whole(RealDisk(), tmp_path / "large", 100)
    assert read_whole(RealDisk(), tmp_path / "large", 101) == b"x" * 101


def test_reading_a_pipe_does_not_wait_for_a_writer(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert read_whole(RealDisk(), tmp_path / "pipe", 100) == b""
