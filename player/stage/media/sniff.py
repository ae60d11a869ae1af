"""What can be said of a video file or a stream's address without a decoder: in microseconds.

Called on the threads of the media package, never on the GUI thread: a disk may hang.
"""

from pathlib import Path
from urllib.parse import urlsplit

from player.stage.media.errors import MediaUnplayable

__all__ = ["MPEG_PS_START", "STREAM_SCHEMES", "check_file", "check_url", "head_of", "name_of"]

STREAM_SCHEMES = frozenset({"rtsp", "rtsps", "rtmp", "http", "https", "udp", "rtp", "srt"})
"""Streams are fetched by these alone; libVLC knows more, such as the screen, or any local file."""

MPEG_PS_START = b"\x00\x00\x01\xba"
"""The pack header that an MPEG program stream begins with (ISO/IEC 13818-1, 2.5.3.3)."""

_HEAD_BYTES = 512
_CONTROL = frozenset(range(32)) - frozenset(b"\t\n\r\f\x1b")


def check_file(path: Path) -> None:
    """Raise `MediaUnplayable` if the file cannot hold a video.

    A text is refused before libVLC sees it: it would take it for a playlist, and follow its links.
    """
    head = head_of(path)
    if not head:
        raise MediaUnplayable(f"{path.name!r}: the file is empty; upload it again")
    if _is_text(head):
        raise MediaUnplayable(f"{path.name!r}: the file is a text, whatever its name says")


def head_of(path: Path) -> bytes:
    """The first bytes of the file; raise `MediaUnplayable` if it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(_HEAD_BYTES)
    except OSError as error:
        raise MediaUnplayable(f"{path.name!r}: it cannot be read: {error.strerror}") from error


def _is_text(head: bytes) -> bool:
    """No video container begins with nothing but printable UTF-8."""
    if _CONTROL & set(head):
        return False
    for cut in range(4):  # the last character may be cut in half
        try:
            head[: len(head) - cut].decode("utf-8")
        except UnicodeDecodeError:
            continue
        return True
    return False


def check_url(url: str) -> None:
    """Raise `MediaUnplayable` for an address that is not one of a stream."""
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise MediaUnplayable(f"this is no address of a stream: {error}") from error
    if parts.scheme.lower() not in STREAM_SCHEMES or not parts.netloc:
        known = ", ".join(sorted(STREAM_SCHEMES))
        raise MediaUnplayable(f"a stream's address begins with one of {known}, then ://")


def name_of(source: Path | str) -> str:
    """How people know the source: a file's name, or a stream's server without any password."""
    if isinstance(source, Path):
        return source.name
    try:
        parts = urlsplit(source)
    except ValueError:
        return "the stream"
    return f"{parts.scheme}://{parts.hostname or ''}"
