<<<<<<< HEAD
"""How long a video is, before it is scheduled: asked of libVLC, which reads only its beginning.

Used on a worker thread by the folder source; blocks up to `PARSE_DEADLINE_S`.
"""

import time
from functools import cache
from pathlib import Path

from player.stage.media.errors import MediaUnplayable
from player.stage.media.libvlc import LibVlc, arguments

__all__ = ["UNKNOWN_LENGTH_MS", "length_ms"]

PARSE_DEADLINE_S = 5.0

#: What a video gets whose container does not tell (MPEG program streams may not).
UNKNOWN_LENGTH_MS = 60_000

_PARSE_LOCAL = 0
_PENDING = {0, None}
_POLL_S = 0.005


def length_ms(path: Path) -> int:
    """The length of the video at `path` in ms; raise `MediaUnplayable` with the reason."""
    if path.stat().st_size == 0:
        raise MediaUnplayable(f"{path.name!r} is empty")
    media = _library().instance.media_new_path(bytes(path))
    if media is None:
        raise MediaUnplayable(f"{path.name!r} cannot be opened")
    try:
        media.parse_with_options(_PARSE_LOCAL, int(PARSE_DEADLINE_S * 1000))
        until = time.monotonic() + PARSE_DEADLINE_S
        while int(media.get_parsed_status()) in _PENDING and time.monotonic() < until:
            time.sleep(_POLL_S)
        return _length(path, int(media.get_duration()), bool(list(media.tracks_get() or [])))
    finally:
        media.release()


def _length(path: Path, duration_ms: int, has_tracks: bool) -> int:
    if not has_tracks:
        raise MediaUnplayable(f"{path.name!r} holds nothing that can be played")
    return duration_ms if duration_ms > 0 else UNKNOWN_LENGTH_MS


@cache
def _library() -> LibVlc:
    return LibVlc(arguments("adummy"))
=======
"""What a media file says of itself, before it is ever due: 4 to 20 ms a file.

Called through `VideoEngine.probe`, on a worker's thread: parsing blocks, and a disk may hang.
"""

from pathlib import Path
from typing import Protocol

from player.stage.media.decoder import Clip
from player.stage.media.errors import MediaUnplayable
from player.stage.media.sniff import check_file

__all__ = ["PROBE_DEADLINE_S", "Clip", "Parser", "probe"]

PROBE_DEADLINE_S = 5.0
"""A file whose tracks are not known by then is taken for unplayable."""


class Parser(Protocol):
    """Who reads a file's tracks."""

    def parse(self, path: Path, deadline_s: float) -> Clip | None:
        """The clip, or None where the file makes no sense; blocks up to the deadline."""


def probe(parser: Parser, path: Path) -> Clip:
    """What `path` holds; raise `MediaUnplayable` where it holds no video."""
    check_file(path)
    clip = parser.parse(path, PROBE_DEADLINE_S)
    if clip is None:
        raise MediaUnplayable(
            "no track was found in it: it is damaged, cut off, or of an unknown format"
        )
    if not clip.has_video:
        raise MediaUnplayable("it holds sound but no picture")
    return clip
>>>>>>> c0a1d8c (player: Loop clips, join in the middle, reconnect streams; convert at paint time.)
