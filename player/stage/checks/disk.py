"""Can the cache be written, durably, and is there room?"""

import os
import tempfile
import time
from pathlib import Path

from player.stage.checks.finding import Finding

__all__ = ["SLOW_FSYNC_S", "check_disk", "file_system_of"]

#: A flush of 1 MiB that takes longer than this stalls downloads and wears patience.
SLOW_FSYNC_S = 2.0

#: File systems whose content is gone after a reboot.
_VOLATILE = frozenset({"tmpfs", "ramfs"})

_GIB = 1024**3


def check_disk(directory: Path, min_free_bytes: int) -> list[Finding]:
    """Write, flush and delete a file in the cache directory; look at free space and inodes."""
    writing = _check_writing(directory)
    if writing.verdict == "failed":
        return [writing]
    return [writing, _check_room(directory, min_free_bytes), _check_endurance(directory)]


def _check_writing(directory: Path) -> Finding:
    try:
        took_s = _write_durably(directory)
    except FileNotFoundError:
        cure = f"create it: sudo install -d -o yingbi -g yingbi '{directory}'"
        return Finding("disk", "failed", f"{directory} is not there", cure)
    except PermissionError:
        cure = f"run this as the player's user, or: sudo chown yingbi: '{directory}'"
        return Finding("disk", "failed", f"this user may not write in {directory}", cure)
    except OSError as error:
        cure = "look at the disk: dmesg | tail, df -h, df -i, mount"
        return Finding("disk", "failed", f"{directory} cannot be written ({error.strerror})", cure)
    if took_s > SLOW_FSYNC_S:
        return Finding(
            "disk",
            "warning",
            f"flushing 1 MiB took {took_s:.1f} s",
            "replace the card or disk before it dies",
        )
    return Finding("disk", "ok", f"{directory} can be written and flushed")


def _write_durably(directory: Path) -> float:
    """Write and flush 1 MiB and the directory; return the seconds that the flush took."""
    with tempfile.NamedTemporaryFile(dir=directory, prefix=".selftest-") as file:
        file.write(os.urandom(1024 * 1024))
        file.flush()
        began = time.monotonic()
        os.fsync(file.fileno())
        folder = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        return time.monotonic() - began


def _check_room(directory: Path, min_free_bytes: int) -> Finding:
    room = os.statvfs(directory)
    free = room.f_bavail * room.f_frsize
    if free < min_free_bytes:
        return Finding(
            "disk",
            "failed",
            f"{free / _GIB:.1f} GiB are free, cache.min_free_gib asks for"
            f" {min_free_bytes / _GIB:.1f}: nothing will be downloaded",
            "make room, or lower cache.quota_gib and cache.min_free_gib",
        )
    if room.f_files and room.f_favail < 10_000:
        return Finding(
            "disk",
            "warning",
            f"{room.f_favail} inodes are left",
            "find what fills the disk with small files: du --inodes -x / | sort -n | tail",
        )
    return Finding("disk", "ok", f"{free / _GIB:.1f} GiB are free")


def _check_endurance(directory: Path) -> Finding:
    kind = file_system_of(directory.resolve(), Path("/proc/mounts").read_text())
    if kind in _VOLATILE:
        return Finding(
            "disk",
            "warning",
            f"{directory} is on {kind}: after a reboot the screen starts with nothing",
            "set cache.directory to a folder on a disk",
        )
    return Finding("disk", "ok", f"its file system is {kind}")


def file_system_of(path: Path, mounts: str) -> str:
    """Return the type of the file system that holds `path`, from the text of /proc/mounts."""
    best, kind = -1, "unknown"
    for line in mounts.splitlines():
        _device, mounted_at, found, *_rest = line.split()
        at = Path(mounted_at.encode().decode("unicode_escape"))  # blanks stand as \040
        if path.is_relative_to(at) and len(at.parts) >= best:
            best, kind = len(at.parts), found
    return kind
