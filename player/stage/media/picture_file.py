"""Opens a picture file and refuses what must not be decoded: by name, by header, by limit.

Called on a worker thread only.  Pillow is imported here and nowhere above, when the first picture
is opened: a cold start pays only for the format at hand (`Image.open` would load five).
"""

import importlib
import io
import logging
import os
import stat
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from player.stage.media.errors import MediaUnplayable

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer
    from PIL.ImageFile import ImageFile

__all__ = [
    "MAX_DECODED_PIXELS",
    "MAX_EDGE_PIXELS",
    "MAX_FILE_BYTES",
    "MAX_SOURCE_PIXELS",
    "WatchedFile",
    "load",
    "open_file",
    "open_picture",
    "sniff",
]

#: The largest file that is read.
MAX_FILE_BYTES = 256 * 1024 * 1024
#: The longest edge: what JPEG and most decoders can do.
MAX_EDGE_PIXELS = 65_500
#: The most pixels a header may announce; a JPEG of this size is read at an eighth of it.
MAX_SOURCE_PIXELS = 200_000_000
#: The most pixels that are decoded at once: 200 MB of memory for a moment.
MAX_DECODED_PIXELS = 50_000_000

#: First bytes -> (Pillow's name, the module that knows it), in order of likelihood.
_KINDS: tuple[tuple[bytes, str, str], ...] = (
    (b"\xff\xd8\xff", "JPEG", "PIL.JpegImagePlugin"),
    (b"\x89PNG\r\n\x1a\n", "PNG", "PIL.PngImagePlugin"),
    (b"GIF87a", "GIF", "PIL.GifImagePlugin"),
    (b"GIF89a", "GIF", "PIL.GifImagePlugin"),
    (b"II*\0", "TIFF", "PIL.TiffImagePlugin"),
    (b"MM\0*", "TIFF", "PIL.TiffImagePlugin"),
    (b"BM", "BMP", "PIL.BmpImagePlugin"),
)


class _RawFile(io.FileIO):
    """The unbuffered side of a `WatchedFile`."""

    go_on: Callable[[], None] = staticmethod(lambda: None)

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        self.go_on()
        return super().readinto(buffer)


class WatchedFile(io.BufferedReader):
    """A file that asks before each read whether anybody still wants it."""

    def __init__(self, descriptor: int) -> None:
        self._file = _RawFile(descriptor, "rb")
        super().__init__(self._file, 1 << 16)

    def watch(self, go_on: Callable[[], None]) -> None:
        """From now on call `go_on` before each read; it ends the decoding by raising."""
        self._file.go_on = go_on


def open_file(path: Path) -> WatchedFile:
    """Open a regular, non-empty file of at most `MAX_FILE_BYTES`, or raise `MediaUnplayable`."""
    try:
        # O_NONBLOCK: opening a FIFO would otherwise wait for ever for someone to write to it.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise MediaUnplayable("it is not there") from None
    except PermissionError:
        raise MediaUnplayable("it may not be read; give this user the right to") from None
    except (OSError, ValueError) as error:
        raise MediaUnplayable(f"it cannot be opened: {error}") from error
    status = os.fstat(descriptor)
    fault = None
    if not stat.S_ISREG(status.st_mode):
        fault = "it is not a file"
    elif status.st_size == 0:
        fault = "it is empty (0 bytes)"
    elif status.st_size > MAX_FILE_BYTES:
        fault = f"its {status.st_size} bytes are more than {MAX_FILE_BYTES} (MAX_FILE_BYTES)"
    if fault:
        os.close(descriptor)
        raise MediaUnplayable(fault)
    return WatchedFile(descriptor)


def sniff(head: bytes) -> tuple[str, str]:
    """Return Pillow's name and module for a file that begins with `head` (16 bytes or more)."""
    for magic, kind, module in _KINDS:
        if head.startswith(magic):
            return kind, module
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP", "PIL.WebPImagePlugin"
    if head[4:12] in {b"ftypavif", b"ftypavis"}:
        return "AVIF", "PIL.AvifImagePlugin"
    raise MediaUnplayable(
        "it is no picture that can be shown (JPEG, PNG, WebP, GIF, AVIF, TIFF or BMP), "
        "whatever its name says"
    )


def open_picture(file: BinaryIO, kind: str, module: str) -> "ImageFile":
    """Read the header of `file` and return it unloaded, or raise `MediaUnplayable`."""
    importlib.import_module(module)
    from PIL import Image

    _silence_pillow()
    file.seek(0)
    factory, _accept = Image.OPEN[kind]
    picture = factory(file, "")
    width, height = picture.size
    if width < 1 or height < 1:
        raise MediaUnplayable(f"it has no pixels ({width} x {height})")
    if max(width, height) > MAX_EDGE_PIXELS:
        raise MediaUnplayable(
            f"{width} x {height} pixels: the longest edge may have {MAX_EDGE_PIXELS}"
            " (MAX_EDGE_PIXELS); scale it down"
        )
    _refuse_more(width * height, MAX_SOURCE_PIXELS, "MAX_SOURCE_PIXELS", picture.size)
    return picture


def load(picture: "ImageFile", wanted: tuple[int, int]) -> None:
    """Decode `picture`, a JPEG no larger than `wanted` asks for.

    Raises `MediaUnplayable` for more than `MAX_DECODED_PIXELS`, before any is decoded.
    """
    announced = picture.size
    picture.draft(picture.mode, wanted)
    decoded = picture.size[0] * picture.size[1]
    if picture.info.get("progressive"):
        # libjpeg holds every coefficient of a progressive JPEG, whatever it is scaled to.
        decoded = max(decoded, announced[0] * announced[1] // 2)
    _refuse_more(decoded, MAX_DECODED_PIXELS, "MAX_DECODED_PIXELS", announced)
    if picture.format == "TIFF":
        from player.stage.media.tiff_faults import refuse_damage  # ctypes costs a cold start 5 ms

        with refuse_damage():
            picture.load()
    else:
        picture.load()


def _refuse_more(pixels: int, limit: int, name: str, size: tuple[int, int]) -> None:
    if pixels > limit:
        raise MediaUnplayable(
            f"{size[0]} x {size[1]} pixels are more than {limit // 1_000_000} million ({name});"
            " scale it down"
        )


def _silence_pillow() -> None:
    """Keep Pillow's remarks about odd files to itself: our answer is ready, or one reason.

    Repeated because a warning filter may be replaced by others; it is idempotent.
    """
    from PIL import Image

    warnings.filterwarnings("ignore", module=r"PIL\.")
    logging.getLogger("PIL").setLevel(logging.CRITICAL)
    Image.MAX_IMAGE_PIXELS = MAX_SOURCE_PIXELS // 2  # an error above twice this, for late frames
