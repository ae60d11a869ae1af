"""How long a video really is, and how even: by its packets, not by what its header says.

Runs in the child.  Decodes nothing, and keeps a few bytes a packet: hours of video are no burden.
"""

import itertools
from array import array
from collections.abc import Iterable
from fractions import Fraction

from msgspec import Struct

from server.library.ingest import ffmpeg
from server.library.ingest.failures import Refused

__all__ = ["Timing", "timing"]


class Timing(Struct, frozen=True):
    """What the packets of the picture say: frames, exact length, evenness, key frames."""

    frames: int
    duration_ms: int
    even: bool
    gop_s: float


class _Packets(Struct):
    """The packets of a track: when each is shown, which are keys, in units of `base` seconds.

    `last`: the time of the one that is shown last, and how long it says that it is shown.
    """

    times: "array[int]"
    keys: "array[int]"
    base: Fraction = Fraction(0)
    last: tuple[int, int] = (-(1 << 63), 0)


def timing(path: str, demuxer: str, stream: int = 0) -> Timing:
    """Read all packets of the picture, which is this stream of the file.  Raises `Refused`."""
    fields = "packet=pts,duration,flags:stream=time_base"
    entries = ("-select_streams", str(stream), "-show_entries", fields)
    found = _read(ffmpeg.probe_lines(path, demuxer, *entries))
    if not found.times or not found.base:
        raise Refused("DAMAGED")
    times = sorted(found.times)
    last = found.last[1] or (times[-1] - times[-2] if len(times) > 1 else 1)
    end = times[-1] + last
    steps = [after - before for before, after in itertools.pairwise(times)]
    gaps = [after - before for before, after in itertools.pairwise([*found.keys, end])]
    return Timing(
        frames=len(times),
        duration_ms=round((end - times[0]) * found.base * 1000),
        even=not steps or max(steps) - min(steps) <= max(1, max(steps) // 50),
        gop_s=float(max(gaps) * found.base) if gaps else float("inf"),
    )


def _read(lines: Iterable[str]) -> _Packets:
    """Lines of ffprobe: `packet,PTS,DURATION,FLAGS`, and `stream,TIME_BASE` at the end."""
    found = _Packets(array("q"), array("q"))
    for line in lines:
        kind, _comma, told = line.partition(",")
        if kind == "stream":
            found.base = Fraction(told.split(",")[0])
        elif kind == "packet":
            pts, duration, flags = told.split(",")[:3]
            if pts != "N/A":
                _take(found, int(pts), 0 if duration == "N/A" else int(duration), flags)
    return found


def _take(found: _Packets, pts: int, duration: int, flags: str) -> None:
    found.times.append(pts)
    found.last = max(found.last, (pts, duration))
    if flags.startswith("K"):
        found.keys.append(pts)
