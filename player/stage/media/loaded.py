"""A still picture whose pixels are decoded and not yet fitted to any zone.  No Qt in here.

Made by `early` before there is a window, used up by `animation.prepare`; on worker threads only.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from player.stage.media import picture_file
from player.stage.media.frame_times import read_frame_times
from player.stage.media.picture_file import WatchedFile

if TYPE_CHECKING:
    from PIL.ImageFile import ImageFile

__all__ = ["MAX_PIXELS", "Loaded", "load_still"]

#: A larger one (more than 3840 x 2160) is better decoded once its zone is known: JPEG is reduced
#: while it is read.
MAX_PIXELS = 3840 * 2160


class Loaded(Struct, frozen=True):
    """A picture and the file it came from; `kind` is Pillow's name of its format."""

    file: WatchedFile
    picture: "ImageFile"
    kind: str

    def close(self) -> None:
        """Let go of both; closing twice is harmless."""
        self.picture.close()
        self.file.close()


def load_still(path: Path) -> Loaded | None:
    """Decode the picture at `path`; None for an animation and for more than `MAX_PIXELS`.

    Raises what a decoder raises, and `MediaUnplayable`.
    """
    file = picture_file.open_file(path)
    loaded = None
    try:
        loaded = _load(file)
    finally:
        if loaded is None:
            file.close()
    return loaded


def _load(file: WatchedFile) -> Loaded | None:
    kind, module = picture_file.sniff(file.read(32))
    file.seek(0)
    if read_frame_times(file, kind) is not None:
        return None
    picture = picture_file.open_picture(file, kind, module)
    if picture.size[0] * picture.size[1] > MAX_PIXELS:
        return None
    picture_file.load(picture, picture.size)
    return Loaded(file, picture, kind)
