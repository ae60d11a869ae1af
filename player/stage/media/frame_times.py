"""When each frame of an animated GIF, WebP or APNG stands, read from its structure alone.

No frame is decoded: the file is walked block by block (GIF89a; WebP container, RFC 9649; PNG
third edition, section 11.3.6), which costs milliseconds even for 10,000 frames and finds files
that are cut off before anything of them is shown.
"""

import struct
from bisect import bisect_right
from itertools import accumulate
from typing import BinaryIO

from msgspec import Struct

from player.stage.media.errors import MediaUnplayable

__all__ = ["MAX_FRAMES", "FrameTimes", "Moment", "read_frame_times"]

#: More frames than this are refused (at 25 a second this is over an hour).
MAX_FRAMES = 100_000

#: Browsers show a frame of 10 ms or less for 100 ms, and authors rely on it.
SHORTEST_FRAME_MS = 10
HURRIED_FRAME_MS = 100


class Moment(Struct, frozen=True):
    """Which frame stands at a moment, and until when on the animation's own time line.

    `until_ms` is None when it stands for ever: the last frame of the last round.
    """

    index: int
    since_ms: int
    until_ms: int | None


class FrameTimes:
    """The rounds of an animation: `durations_ms` of its frames, and how often it plays.

    `plays` is None for ever.  `first` is the decoder's number of the first frame: 1 for an APNG
    whose default picture is not part of the animation.
    """

    def __init__(self, durations_ms: list[int], plays: int | None, first: int = 0) -> None:
        shown = [ms if ms > SHORTEST_FRAME_MS else HURRIED_FRAME_MS for ms in durations_ms]
        self.first = first
        self.plays = plays
        self.ends_ms = list(accumulate(shown))

    @property
    def frames(self) -> int:
        """How many frames a round has."""
        return len(self.ends_ms)

    @property
    def round_ms(self) -> int:
        """How long a round takes."""
        return self.ends_ms[-1]

    def at(self, position_ms: int) -> Moment:
        """Return the frame that stands `position_ms` after the beginning of the first round."""
        rounds, within = divmod(max(0, position_ms), self.round_ms)
        if self.plays is not None and rounds >= self.plays:
            rounds, within = self.plays - 1, self.round_ms - 1
        frame = bisect_right(self.ends_ms, within)
        since = self.ends_ms[frame - 1] if frame else 0
        start = rounds * self.round_ms
        last = frame == self.frames - 1 and self.plays is not None and rounds == self.plays - 1
        until = None if last else start + self.ends_ms[frame]
        return Moment(self.first + frame, start + since, until)


def read_frame_times(file: BinaryIO, kind: str) -> FrameTimes | None:
    """Return the times of an animation, or None for a still picture; `file` is at its beginning.

    Raises `MediaUnplayable` for a file that is cut off or has more than `MAX_FRAMES` frames.
    """
    readers = {"GIF": _gif, "PNG": _png, "WEBP": _webp}
    if kind not in readers:
        return None
    durations, plays, first = readers[kind](file)
    if len(durations) < 2:
        return None
    return FrameTimes(durations, plays, first)


def _take(file: BinaryIO, count: int) -> bytes:
    taken = file.read(count)
    if len(taken) < count:
        raise MediaUnplayable("the file is cut off")
    return taken


def _skip(file: BinaryIO, count: int, size: int) -> None:
    if file.seek(count, 1) > size:
        raise MediaUnplayable("the file is cut off")


def _size(file: BinaryIO) -> int:
    here = file.tell()
    size = file.seek(0, 2)
    file.seek(here)
    return size


def _add(durations: list[int], duration_ms: int) -> None:
    if len(durations) >= MAX_FRAMES:
        raise MediaUnplayable(f"it has more than {MAX_FRAMES} frames (MAX_FRAMES)")
    durations.append(duration_ms)


def _gif(file: BinaryIO) -> tuple[list[int], int | None, int]:
    header = _take(file, 13)
    _skip(file, _table_bytes(header[10]), _size(file))
    durations: list[int] = []
    plays: int | None = 1  # without a NETSCAPE block it plays once
    delay_ms = 0
    while True:
        introducer = file.read(1)
        if introducer in {b"", b";"}:  # a missing trailer is common and harmless
            return durations, plays, 0
        if introducer == b",":
            descriptor = _take(file, 9)
            _take(file, _table_bytes(descriptor[8]) + 1)
            _sub_blocks(file)
            _add(durations, delay_ms)
            delay_ms = 0
        elif introducer == b"!":
            label = _take(file, 1)[0]
            blocks = _sub_blocks(file, keep=label in {0xF9, 0xFF})
            if label == 0xF9 and len(blocks[:1]) == 1 and len(blocks[0]) >= 4:
                delay_ms = int.from_bytes(blocks[0][1:3], "little") * 10
            elif label == 0xFF and blocks[:1] == [b"NETSCAPE2.0"] and len(blocks) > 1:
                plays = _gif_plays(blocks[1], plays)


def _gif_plays(block: bytes, plays: int | None) -> int | None:
    if len(block) < 3 or block[0] != 1:
        return plays
    repeats = int.from_bytes(block[1:3], "little")
    return repeats + 1 if repeats else None


def _table_bytes(flags: int) -> int:
    """Return the size of the colour table that the packed field announces."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _sub_blocks(file: BinaryIO, keep: bool = False) -> list[bytes]:
    blocks = []
    while length := _take(file, 1)[0]:
        block = _take(file, length)
        if keep:
            blocks.append(block)
    return blocks


def _png(file: BinaryIO) -> tuple[list[int], int | None, int]:
    size = _size(file)
    _take(file, 8)
    durations: list[int] = []
    plays: int | None = None
    animated, first = False, 0
    while True:
        length, name = struct.unpack(">I4s", _take(file, 8))
        if name == b"IEND" or (name == b"IDAT" and not animated):
            return durations, plays, first
        if name == b"acTL" and length >= 8:
            animated = True
            plays = struct.unpack(">4xI", _take(file, 8))[0] or None
            length -= 8
        elif name == b"fcTL" and length >= 26:
            numerator, denominator = struct.unpack(">20xHH2x", _take(file, 26))
            _add(durations, round(1000 * numerator / (denominator or 100)))
            length -= 26
        elif name == b"IDAT" and not durations:
            first = 1
        _skip(file, length + 4, size)


def _webp(file: BinaryIO) -> tuple[list[int], int | None, int]:
    size = _size(file)
    riff, announced, webp = struct.unpack("<4sI4s", _take(file, 12))
    if (riff, webp) != (b"RIFF", b"WEBP") or announced + 8 > size + 1:
        raise MediaUnplayable("the file is cut off")
    durations: list[int] = []
    plays: int | None = None
    end = min(size, announced + 8)
    while file.tell() + 8 <= end:
        name, length = struct.unpack("<4sI", _take(file, 8))
        padded = length + (length & 1)
        if name == b"ANIM" and length >= 6:
            plays = struct.unpack("<4xH", _take(file, 6))[0] or None
            padded -= 6
        elif name == b"ANMF" and length >= 16:
            _add(durations, int.from_bytes(_take(file, 16)[12:15], "little"))
            padded -= 16
        _skip(file, padded, size + 1)
    return durations, plays, 0
