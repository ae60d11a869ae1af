"""What a video file says of itself, before it is ever due: 4 to 20 ms a file.

Used on worker threads, by the folder source and by whoever checks media ahead of their slot: it
blocks up to `PROBE_DEADLINE_S`.  It has a libVLC of its own, so the stage's is never held up.
"""

from functools import cache
from pathlib import Path

from player.stage.media.decoder import Clip
from player.stage.media.errors import MediaUnplayable
from player.stage.media.libvlc import LibVlc, arguments
from player.stage.media.sniff import MPEG_PS_START, check_file, head_of

__all__ = ["PROBE_DEADLINE_S", "UNKNOWN_LENGTH_MS", "length_ms", "probe"]

PROBE_DEADLINE_S = 5.0
"""A file whose tracks are not known by then is taken for unplayable."""

UNKNOWN_LENGTH_MS = 60_000
"""What a video gets whose container does not tell (MPEG program streams may not)."""

_SILENT = Clip(has_video=True, has_audio=False, width=0, height=0, length_ms=0, codec="")


def probe(path: Path) -> Clip:
    """What the video at `path` holds; raise `MediaUnplayable` with the reason if it cannot play."""
    check_file(path)
    clip = _library().parse(path, PROBE_DEADLINE_S)
    if clip is None and head_of(path).startswith(MPEG_PS_START):
        return _SILENT  # a program stream has no table of its tracks: only playing it will tell
    if clip is None:
        raise MediaUnplayable(
            f"{path.name!r}: no track was found in it: it is damaged, cut off, or of an unknown"
            " format"
        )
    if not clip.has_video:
        raise MediaUnplayable(f"{path.name!r}: it holds sound but no picture")
    return clip


def length_ms(path: Path) -> int:
    """The length of the video at `path` in ms; raise `MediaUnplayable` with the reason."""
    return probe(path).length_ms or UNKNOWN_LENGTH_MS


@cache
def _library() -> LibVlc:
    return LibVlc(arguments("adummy"))
