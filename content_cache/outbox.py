"""The outbox: reports that wait on the screen's disk until they can be sent.

Writers (the stage, the agent) each append to a segment of their own with `Outbox`; the uplink
reads closed segments with `closed_segments`, sends them, and only then deletes them with
`acknowledge`.  A segment is closed when no process holds its lock, so a writer that was killed
closes its segment by dying.

A report is worth less than the picture on the wall: `append` never raises for the disk and never
blocks for long; what could not be written is counted, and the count is itself reported.  The outbox
is bounded in bytes: the oldest segments go first, and are counted too.  A segment is synced when
it is closed; a power cut may cost the reports since, and may tear the last one, which reading
tolerates.  Appending touches the disk: not on a thread that draws.
"""

import contextlib
import os
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from content_cache.disk import Disk
from content_cache.durable import (
    close_quietly,
    make_folders,
    patiently,
    read_whole,
    sync,
    sync_folder,
    write_all,
)
from content_cache.errors import StorageError, storage_errors

__all__ = [
    "LOST",
    "OUTBOX_BYTES_LIMIT",
    "RECORD_BYTES_LIMIT",
    "SEGMENT_BYTES",
    "Outbox",
    "Report",
    "Segment",
    "acknowledge",
    "closed_segments",
    "outbox_bytes",
]

#: All segments together; about a month of a busy screen.
OUTBOX_BYTES_LIMIT = 64 << 20

#: A segment is closed when it has reached this size.
SEGMENT_BYTES = 256 << 10

#: One record, encoded.
RECORD_BYTES_LIMIT = 64 << 10

#: The kind of the record that says how many others are missing before it.
LOST = "reports-lost"

_NAME = re.compile(r"\d{12}-[a-z0-9-]+\.reports", re.ASCII)
_WRITER = re.compile(r"[a-z0-9-]{1,32}", re.ASCII)


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


class Outbox:
    """The writing end, for one process: `writer` is its short name ("player", "agent").

    Not for several threads at a time.  Close it, or the segment stays open until the process ends.
    """

    def __init__(
        self,
        root: Path,
        disk: Disk,
        writer: str,
        limit_bytes: int = OUTBOX_BYTES_LIMIT,
        segment_bytes: int = SEGMENT_BYTES,
    ) -> None:
        if not _WRITER.fullmatch(writer):
            raise ValueError(f"{writer!r} is no short name of a writer")
        # Chance keeps the name from ever being that of an earlier segment: the server counts a name
        # once, and the numbers begin anew when the folder was emptied.
        self._disk, self._process = disk, f"{writer}-{os.getpid()}"
        self._writer = f"{self._process}-{os.urandom(4).hex()}"
        self._number = 0
        self._folder = root / "outbox"
        self._limit_bytes, self._segment_bytes = limit_bytes, segment_bytes
        self._descriptor: int | None = None
        self._path = self._folder
        self._length = 0
        self.lost = 0
        """Reports that were dropped or could not be written, and are not yet reported as such."""

    def append(self, kind: str, record: Mapping[str, Any]) -> bool:
        """Add a record (JSON values only); is it on its way?  If not, it was counted as lost.

        Raises `ValueError` for a record beyond `RECORD_BYTES_LIMIT`, and nothing else.
        """
        line = _line(kind, record)
        if len(line) > RECORD_BYTES_LIMIT:
            raise ValueError(f"a record of {len(line):,} bytes is too large for the outbox")
        try:
            with storage_errors(self._disk, self._folder):
                self._open_segment()
                self._report_losses()
                self._write(line)
        except StorageError:
            self._abandon()
            self.lost += 1
            return False
        if self._length >= self._segment_bytes:
            self.rotate()
        return True

    def rotate(self) -> None:
        """Close the segment, so that it can be sent; the next record begins another.

        Call it about once a minute.  Nothing to do while there is none.
        """
        if self._descriptor is None:
            return
        with contextlib.suppress(StorageError):  # it may be whole all the same: reading will tell
            sync(self._disk, self._descriptor, self._path)
            sync_folder(self._disk, self._folder)
        self._abandon()

    def close(self) -> None:
        """Close the segment for good; the uplink may take it at once."""
        self.rotate()

    def _open_segment(self) -> None:
        if self._descriptor is not None:
            return
        make_folders(self._disk, self._folder)
        self._trim()
        self._number = max((self._number, *_numbers(self._disk, self._folder))) + 1
        path = self._folder / f"{self._number:012d}-{self._writer}.reports"
        # Locked before it has its name: the uplink never sees a segment that is about to be ours.
        unnamed = self._folder / f".{self._process}.new"
        with contextlib.suppress(FileNotFoundError):
            patiently(self._disk.unlink, unnamed)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND
        self._descriptor = patiently(self._disk.open, unnamed, flags)
        patiently(self._disk.lock, self._descriptor)
        patiently(self._disk.replace, unnamed, path)
        self._path, self._length = path, 0

    def _report_losses(self) -> None:
        if self.lost:
            self._write(_line(LOST, {"records": self.lost}))
            self.lost = 0

    def _write(self, line: bytes) -> None:
        """Write a line whole, or leave the segment as it was before."""
        descriptor = self._descriptor
        assert descriptor is not None, "a segment is open here"
        try:
            write_all(self._disk, descriptor, line)
        except OSError:
            patiently(self._disk.truncate, descriptor, self._length)
            raise
        self._length += len(line)

    def _abandon(self) -> None:
        if self._descriptor is not None:
            close_quietly(self._disk, self._descriptor)
            self._descriptor = None

    def _trim(self) -> None:
        """Drop the oldest closed segments until a full new one fits under the bound."""
        paths = _segment_paths(self._disk, self._folder)
        sizes = {path: _size(self._disk, path) for path in paths}
        excess = sum(sizes.values()) + self._segment_bytes - self._limit_bytes
        for path in paths:
            if excess <= 0:
                break
            if _is_closed(self._disk, path):
                self.lost += _count(self._disk, path)
                excess -= sizes[path]
                patiently(self._disk.unlink, path)


def closed_segments(root: Path, disk: Disk) -> Iterator[Segment]:
    """The segments that can be sent, the oldest first.  Raises `StorageError`."""
    folder = root / "outbox"
    with storage_errors(disk, folder):
        paths = _segment_paths(disk, folder)
    for path in paths:
        with storage_errors(disk, path), contextlib.suppress(FileNotFoundError):
            if _is_closed(disk, path):
                yield _parse(path, _content(disk, path))


def acknowledge(segment: Segment, disk: Disk) -> None:
    """The reports of this segment have arrived: delete it.  Raises `StorageError`."""
    with storage_errors(disk, segment.path), contextlib.suppress(FileNotFoundError):
        patiently(disk.unlink, segment.path)


def outbox_bytes(root: Path, disk: Disk) -> int:
    """What all segments, open ones too, take on the disk.  Raises `StorageError`."""
    folder = root / "outbox"
    with storage_errors(disk, folder):
        return sum(_size(disk, path) for path in _segment_paths(disk, folder))


def _line(kind: str, record: Mapping[str, Any]) -> bytes:
    body = msgspec.json.encode({"kind": kind, "record": record})
    return b"%08x %b\n" % (zlib.crc32(body), body)


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


def _segment_paths(disk: Disk, folder: Path) -> list[Path]:
    try:
        names = patiently(disk.list, folder)
    except FileNotFoundError:
        return []
    return [folder / name for name in sorted(names) if _NAME.fullmatch(name)]


def _numbers(disk: Disk, folder: Path) -> Iterator[int]:
    for path in _segment_paths(disk, folder):
        yield int(path.name.partition("-")[0])


def _size(disk: Disk, path: Path) -> int:
    try:
        return patiently(disk.stat, path).st_size
    except FileNotFoundError:
        return 0


def _is_closed(disk: Disk, path: Path) -> bool:
    descriptor = patiently(disk.open, path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        patiently(disk.lock, descriptor, shared=True)
    except BlockingIOError:
        return False
    finally:
        close_quietly(disk, descriptor)
    return True


def _content(disk: Disk, path: Path) -> bytes:
    return read_whole(disk, path, OUTBOX_BYTES_LIMIT)


def _count(disk: Disk, path: Path) -> int:
    """How many reports go with a segment; one that cannot be read must not stay for ever."""
    try:
        return _content(disk, path).count(b"\n")
    except OSError:
        return 0
