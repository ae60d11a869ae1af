"""The outbox: reports that wait on the screen's disk until they can be sent.

Writers (the stage, the agent) each append to a segment of their own with `Outbox`; the uplink
reads and deletes the closed ones (`content_cache.segments`).  A segment is closed when no process
holds its lock, so a writer that was killed closes its segment by dying.

A report is worth less than the picture on the wall: `append` never raises for the disk and never
blocks for long; what could not be written is counted, and the count is itself reported.  The outbox
is bounded in bytes and in files: the oldest segments go first, and are counted too.  A segment is
synced about once a minute; a power cut may cost the reports since, and may tear the last one, which
reading tolerates.  Appending touches the disk: not on a thread that draws.
"""

import contextlib
import os
import re
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from content_cache.disk import Disk
from content_cache.durable import (
    close_quietly,
    make_folders,
    patiently,
    sync,
    sync_folder,
    write_all,
)
from content_cache.errors import StorageError, storage_errors
from content_cache.segments import count_of, is_closed, numbers, segment_paths, size_of

__all__ = [
    "LOST",
    "OUTBOX_BYTES_LIMIT",
    "RECORD_BYTES_LIMIT",
    "SEGMENTS_LIMIT",
    "SEGMENT_BYTES",
    "WAITING_LIMIT",
    "Outbox",
]

#: All segments together; about a month of a busy screen.
OUTBOX_BYTES_LIMIT = 64 << 20

#: All segments together, in files: each start of a process begins one, however short it lives, and
#: inodes are what the content needs too.
SEGMENTS_LIMIT = 2048

#: A segment is closed when it has reached this size.
SEGMENT_BYTES = 256 << 10

#: While so many others wait nobody is sending: the open segment grows instead of being closed each
#: minute, or a month without network would be 43,000 files.
WAITING_LIMIT = 8

#: One record, encoded.
RECORD_BYTES_LIMIT = 64 << 10

#: The kind of the record that says how many others are missing before it.
LOST = "reports-lost"

_WRITER = re.compile(r"[a-z0-9-]{1,32}", re.ASCII)


class Outbox:
    """The writing end, for one process: `writer` is its short name ("player", "agent").

    Not for several threads at a time.  Close it, or the segment stays open until the process ends.
    """

    def __init__(
        self,
        root: Path,
        disk: Disk,
        writer: str,
        *,
        limit_bytes: int = OUTBOX_BYTES_LIMIT,
        segment_bytes: int = SEGMENT_BYTES,
        segments_limit: int = SEGMENTS_LIMIT,
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
        self._segments_limit = segments_limit
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
            self.close()
        return True

    def rotate(self) -> None:
        """Make what was appended safe, and let it be sent: the next record begins another segment.

        While `WAITING_LIMIT` others wait to be sent, the segment stays open and grows.  Call it
        about once a minute.  Nothing to do while there is none.
        """
        self._sync()
        if self._others() < WAITING_LIMIT:
            self._abandon()

    def close(self) -> None:
        """Close the segment, if there is one; the uplink may take it at once."""
        self._sync()
        self._abandon()

    def _sync(self) -> None:
        if self._descriptor is None:
            return
        with contextlib.suppress(StorageError):  # it may be whole all the same: reading will tell
            sync(self._disk, self._descriptor, self._path)
            sync_folder(self._disk, self._folder)

    def _others(self) -> int:
        """How many segments there are besides ours; 0 where the folder cannot be listed."""
        try:
            paths = segment_paths(self._disk, self._folder)
        except OSError:
            return 0
        return sum(path != self._path for path in paths)

    def _open_segment(self) -> None:
        if self._descriptor is not None:
            return
        make_folders(self._disk, self._folder)
        self._trim()
        self._number = max((self._number, *numbers(self._disk, self._folder))) + 1
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
        """Drop the oldest closed segments until a full new one fits under both bounds."""
        paths = segment_paths(self._disk, self._folder)
        sizes = {path: size_of(self._disk, path) for path in paths}
        excess = sum(sizes.values()) + self._segment_bytes - self._limit_bytes
        surplus = len(paths) + 1 - self._segments_limit
        for path in paths:
            if excess <= 0 and surplus <= 0:
                break
            if is_closed(self._disk, path):
                self.lost += count_of(self._disk, path)
                excess -= sizes[path]
                surplus -= 1
                patiently(self._disk.unlink, path)


def _line(kind: str, record: Mapping[str, Any]) -> bytes:
    body = msgspec.json.encode({"kind": kind, "record": record})
    return b"%08x %b\n" % (zlib.crc32(body), body)
