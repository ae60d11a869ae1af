"""The reading end of the outbox: closed segments are read, sent by the uplink, then deleted.

`outbox.Outbox` writes them.  A segment is deleted by `acknowledge` alone, or where the writer makes
room; what is torn or damaged in one costs that record and is counted.
"""

import contextlib
import os
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from content_cache.disk import Disk
from content_cache.durable import close_quietly, patiently, read_whole
from content_cache.errors import storage_errors

__all__ = ["Report", "Segment", "acknowledge", "closed_segments", "outbox_bytes"]

#: No segment is larger.
SEGMENT_FILE_BYTES = 64 << 20

_NAME = re.compile(r"\d{12}-[a-z0-9-]+\.reports", re.ASCII)


@dataclass(frozen=True, slots=True)
class Report:
    """One record as it was appended."""

    kind: str
    record: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Segment:
    """A closed segment: its reports in order, and how many lines of it could not be read."""

    path: Path
    reports: tuple[Report, ...]
    torn: int


def closed_segments(root: Path, disk: Disk) -> Iterator[Segment]:
    """The segments that can be sent, the oldest first.  Raises `StorageError`."""
    folder = root / "outbox"
    with storage_errors(disk, folder):
        paths = segment_paths(disk, folder)
    for path in paths:
        with storage_errors(disk, path), contextlib.suppress(FileNotFoundError):
            if is_closed(disk, path):
                yield _parse(path, _content(disk, path))


def acknowledge(segment: Segment, disk: Disk) -> None:
    """The reports of this segment have arrived: delete it.  Raises `StorageError`."""
    with storage_errors(disk, segment.path), contextlib.suppress(FileNotFoundError):
        patiently(disk.unlink, segment.path)


def outbox_bytes(root: Path, disk: Disk) -> int:
    """What all segments, open ones too, take on the disk.  Raises `StorageError`."""
    folder = root / "outbox"
    with storage_errors(disk, folder):
        return sum(size_of(disk, path) for path in segment_paths(disk, folder))


def _parse(path: Path, content: bytes) -> Segment:
    reports = [_report(line) for line in content.split(b"\n") if line]
    sound = tuple(report for report in reports if report is not None)
    return Segment(path, sound, len(reports) - len(sound))


def _report(line: bytes) -> Report | None:
    """The record of a line; None for a torn or damaged one."""
    checksum, _, body = line.partition(b" ")
    if checksum != b"%08x" % zlib.crc32(body):
        return None
    try:
        found = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return None
    return Report(found["kind"], found["record"])


def segment_paths(disk: Disk, folder: Path) -> list[Path]:
    """All segments in `folder`, the oldest first.  Raises `OSError`."""
    try:
        names = patiently(disk.list, folder)
    except FileNotFoundError:
        return []
    return [folder / name for name in sorted(names) if _NAME.fullmatch(name)]


def numbers(disk: Disk, folder: Path) -> Iterator[int]:
    """The numbers of all segments in `folder`."""
    for path in segment_paths(disk, folder):
        yield int(path.name.partition("-")[0])


def size_of(disk: Disk, path: Path) -> int:
    """The size of a file in bytes; 0 once it is gone."""
    try:
        return patiently(disk.stat, path).st_size
    except FileNotFoundError:
        return 0


def is_closed(disk: Disk, path: Path) -> bool:
    """Has its writer let go of it?"""
    descriptor = patiently(disk.open, path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        patiently(disk.lock, descriptor, shared=True)
    except BlockingIOError:
        return False
    finally:
        close_quietly(disk, descriptor)
    return True


def _content(disk: Disk, path: Path) -> bytes:
    return read_whole(disk, path, SEGMENT_FILE_BYTES)


def count_of(disk: Disk, path: Path) -> int:
    """How many reports go with a segment; one that cannot be read must not stay for ever."""
    try:
        return _content(disk, path).count(b"\n")
    except OSError:
        return 0
