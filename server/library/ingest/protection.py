"""Finds copy protection in a video's container, which decoders only meet as garbage.

Runs in the child, before ffmpeg decodes anything.  Reads the headers of MP4 (ISO/IEC 14496-12,
8.5.2: protected sample entries; ISO/IEC 23001-7) and of ASF; Matroska's is told by ffprobe.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

__all__ = ["is_protected"]

_PROTECTED_ENTRIES = frozenset({b"encv", b"enca", b"drmi", b"drms"})
_CONTAINERS = (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd")
#: The encryption objects of ASF, as they stand in the file.
_ASF_OBJECTS = (
    bytes.fromhex("fbb3112223bdd211b4b700a0c955fc6e"),
    bytes.fromhex("14e68a292226174cb935dae07ee9289c"),
)
#: Of the header of an ASF so much is read.
_ASF_HEAD_BYTES = 1 << 20
#: More boxes than this are no header of a video.
_BOXES_LIMIT = 10_000


def is_protected(path: Path, reader: str) -> bool:
    """Is the content encrypted?  False where that cannot be told."""
    with path.open("rb") as file:
        if reader == "mov":
            size = file.seek(0, 2)
            return any(entry in _PROTECTED_ENTRIES for entry in _sample_entries(file, size))
        if reader == "asf":
            head = file.read(_ASF_HEAD_BYTES)
            return any(each in head for each in _ASF_OBJECTS)
    return False


def _sample_entries(file: BinaryIO, size: int) -> Iterator[bytes]:
    """The types of all sample entries of all tracks."""
    waiting = [(0, size, 0)]
    seen = 0
    while waiting:
        start, end, depth = waiting.pop()
        for kind, content, after in _boxes(file, start, end):
            seen += 1
            if seen > _BOXES_LIMIT:
                return
            if depth == len(_CONTAINERS):
                yield kind
            elif kind == _CONTAINERS[depth]:
                # A sample description begins with its version and the count of its entries.
                waiting.append((content + (8 if kind == b"stsd" else 0), after, depth + 1))


def _boxes(file: BinaryIO, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Type, start of the content and end of each box between `start` and `end`."""
    at = start
    while at + 8 <= end:
        file.seek(at)
        head = file.read(16)
        length, kind, content = int.from_bytes(head[:4], "big"), head[4:8], at + 8
        if length == 1:
            length, content = int.from_bytes(head[8:16], "big"), at + 16
        elif length == 0:
            length = end - at
        if length < content - at or at + length > end:
            return
        yield kind, content, at + length
        at += length
