"""What libVLC says of a medium: its tracks, their pictures' size and shape, its length.

For `libvlc.py` alone; decides nothing and plays nothing.  A trap of python-vlc 3 ends here:
`MediaTrack` lays its union out wrongly (reading `.video` crashes).
"""

import contextlib
import ctypes
import time
from collections.abc import Iterator
from typing import Any

import vlc

from player.stage.media.decoder import Clip
from player.stage.media.fitting import SourceFormat

__all__ = ["clip_of", "parse", "visible_format"]

_VOID = ctypes.c_void_p
_tracks_get = vlc.dll.libvlc_media_tracks_get
_tracks_get.restype = ctypes.c_uint
_tracks_get.argtypes = [_VOID, _VOID]
_tracks_release = vlc.dll.libvlc_media_tracks_release
_tracks_release.restype = None
_tracks_release.argtypes = [_VOID, ctypes.c_uint]

_NOT_PARSED, _PARSE_DONE = 0, 4  # libvlc_media_parsed_status_t
_PARSE_POLL_S = 0.002
_RIGHT_ANGLE = 4  # libvlc_video_orient_t: from here on width and height change places


@contextlib.contextmanager
def _tracks(media: Any) -> Iterator[list[Any]]:
    tracks = ctypes.POINTER(ctypes.POINTER(vlc.MediaTrack))()
    count = _tracks_get(ctypes.cast(media, _VOID), ctypes.byref(tracks))
    try:
        yield [track.contents for track in tracks[:count]]
    finally:
        if count:
            _tracks_release(ctypes.cast(tracks, _VOID), count)


def visible_format(media: Any) -> SourceFormat | None:
    """What the first video track says of its picture, upright; None: nothing yet."""
    with _tracks(media) as tracks:
        for track in tracks:
            if track.type == vlc.TrackType.video and track.audio:
                return _upright(track)
    return None


def parse(media: Any, deadline_s: float) -> bool:
    """Let libVLC read what the file says of itself; False if it did not within `deadline_s`."""
    media.parse_with_options(vlc.MediaParseFlag.local, round(deadline_s * 1000))
    until = time.monotonic() + deadline_s
    while (status := _parsed(media)) == _NOT_PARSED and time.monotonic() < until:
        time.sleep(_PARSE_POLL_S)
    if status != _PARSE_DONE:
        media.parse_stop()
    return status == _PARSE_DONE


def _parsed(media: Any) -> int:
    status = vlc.libvlc_media_get_parsed_status(media)
    return int(getattr(status, "value", status))


def clip_of(media: Any) -> Clip | None:
    """What a medium that was parsed holds; None: no track at all."""
    with _tracks(media) as tracks:
        if not tracks:
            return None
        videos = [track for track in tracks if track.type == vlc.TrackType.video]
        shape = _upright(videos[0]) if videos else None
        return Clip(
            has_video=bool(videos),
            has_audio=any(track.type == vlc.TrackType.audio for track in tracks),
            width=shape.width if shape else 0,
            height=shape.height if shape else 0,
            length_ms=max(0, int(media.get_duration())),
            codec=_fourcc(videos[0].codec) if videos else "",
        )


def _fourcc(code: int) -> str:
    return int(code).to_bytes(4, "little").decode("ascii", "replace").strip()


def _upright(track: Any) -> SourceFormat | None:
    # The union's members are declared as three pointers: the first is the only one that is right.
    video = ctypes.cast(track.audio, ctypes.POINTER(vlc.VideoTrack)).contents
    if not video.width or not video.height:
        return None  # MPEG program streams tell nothing before they play
    orientation = int(getattr(video.orientation, "value", video.orientation))
    sar_num, sar_den = video.sar_num or 1, video.sar_den or 1
    rate = video.frame_rate_num / (video.frame_rate_den or 1)
    interval = 1 / rate if rate else 0.0
    if orientation >= _RIGHT_ANGLE:
        return SourceFormat(video.height, video.width, sar_den, sar_num, frame_interval_s=interval)
    return SourceFormat(video.width, video.height, sar_num, sar_den, frame_interval_s=interval)
