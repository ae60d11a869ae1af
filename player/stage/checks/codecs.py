"""Does video really play: libVLC, its plugins, and the decoders that content is made with?

A clip of a few frames (JPEG after JPEG, made on the spot) goes the whole way from file to frame;
then the decoder library that did it is asked for the formats of the programme.
"""

import ctypes
import io
import os
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer

from player.stage.checks.finding import Finding
from player.stage.media.errors import MediaError

__all__ = ["CODECS", "check_codecs", "clip_of_jpegs", "missing_decoders"]

#: What content is made with, under the names that FFmpeg gives its decoders.
CODECS = ("h264", "hevc", "vp9", "mpeg2video", "aac", "mp3", "ac3")

_PATIENCE_MS = 10_000
_INSTALL = "install the packages libvlc5 and vlc-plugin-base, then start the player anew"


def check_codecs() -> list[Finding]:
    """Play the clip, then ask for the decoders; needs the application object."""
    try:
        reason = _play_clip()
    except (ImportError, OSError, MediaError, AttributeError) as error:
        return [Finding("codecs", "failed", f"libVLC does not load: {error}", _INSTALL)]
    if reason:
        return [Finding("codecs", "failed", f"a clip of JPEGs does not play: {reason}", _INSTALL)]
    played = Finding("codecs", "ok", "libVLC plays a clip from file to frame")
    return [played, _check_decoders()]


def clip_of_jpegs(frames: int = 25) -> bytes:
    """Return a clip as surveillance cameras send it: one JPEG after the other."""
    from PIL import Image

    picture = io.BytesIO()
    Image.new("RGB", (64, 64), "#c8102e").save(picture, "JPEG")
    return picture.getvalue() * frames


def missing_decoders(codecs: Sequence[str] = CODECS) -> list[str] | None:
    """Return which of `codecs` libVLC's FFmpeg lacks; None where it has none at all.

    libVLC has no call for this, so the libavcodec that its plugin brings is asked itself.
    """
    library = _libavcodec()
    if library is None:
        return None
    find = library.avcodec_find_decoder_by_name
    find.argtypes, find.restype = [ctypes.c_char_p], ctypes.c_void_p
    return [codec for codec in codecs if not find(codec.encode())]


def _libavcodec() -> ctypes.CDLL | None:
    """Load libVLC's FFmpeg plugin, and find the library that it was linked with."""
    libvlc = _loaded("libvlc")
    if libvlc is None:
        return None
    plugins = os.environ.get("VLC_PLUGIN_PATH") or Path(libvlc).with_name("vlc") / "plugins"
    try:
        ctypes.CDLL(str(Path(plugins) / "codec" / "libavcodec_plugin.so"))
    except OSError:
        return None
    libavcodec = _loaded("libavcodec")
    return None if libavcodec is None else ctypes.CDLL(libavcodec)


def _loaded(name: str) -> str | None:
    """Return the path of a shared library of this process."""
    found = re.search(rf"/\S*/{name}\.so\S*", Path("/proc/self/maps").read_text())
    return found.group() if found else None


def _check_decoders() -> Finding:
    missing = missing_decoders()
    if missing is None:
        return Finding("codecs", "failed", "libVLC's FFmpeg plugin is not there", _INSTALL)
    if missing:
        cure = "install a libavcodec that has them (Debian: libavcodec59 or newer)"
        return Finding("codecs", "failed", f"no decoder for {', '.join(missing)}", cure)
    return Finding("codecs", "ok", f"decoders for {', '.join(CODECS)}")


def _play_clip() -> str:
    """Play the clip through the player's own slot; return why it failed, or ""."""
    from player.stage.media.frame_item import FrameItem
    from player.stage.media.port import MediaRequest
    from player.stage.media.video import VideoEngine

    engine = VideoEngine.with_libvlc(audio_output="adummy")
    item = FrameItem()
    item.setWidth(64)
    item.setHeight(64)
    slot = engine.slot(item)
    loop = QEventLoop()
    answer = ["there was no answer"]

    def hear(reason: str) -> None:
        answer[0] = reason
        loop.quit()

    slot.signals.ready.connect(lambda _ticket: hear(""))
    slot.signals.failed.connect(lambda _ticket, reason: hear(reason))
    QTimer.singleShot(_PATIENCE_MS, loop, loop.quit)
    with tempfile.TemporaryDirectory() as folder:
        clip = Path(folder) / "clip.mjpg"
        clip.write_bytes(clip_of_jpegs())
        slot.prepare(1, MediaRequest("video", clip, 64, 64, "contain", 0, 1000))
        loop.exec()
        slot.release()
        engine.shutdown(5.0)
    return answer[0]
