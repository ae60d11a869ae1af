"""An opened picture: its first frame, and for an animated one the stream of the frames after it.

Used on worker threads, by one at a time; only `close` may be called elsewhere, once no work on it
is under way.  Frames are decoded one after the other and never kept: 10,000 of them cost no more
memory than two.
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from manifest.model import Fit
from player.stage.media import picture_file
from player.stage.media.errors import MediaUnplayable
from player.stage.media.frame_times import FrameTimes, Moment, read_frame_times
from player.stage.media.loaded import Loaded
from player.stage.media.picture_file import WatchedFile
from player.stage.media.picture_frame import Frame, orientation_of, render
from player.stage.media.workers import Dropped

if TYPE_CHECKING:
    from PIL.ImageFile import ImageFile

__all__ = ["Animation", "Prepared", "TakeEarly", "Wish", "prepare"]

#: How long one answer may look for a frame far ahead; then the nearest one found is shown.
SEEK_BUDGET_S = 2.0

GoOn = Callable[[], None]

TakeEarly = Callable[[Path], Loaded | None]
"""Hands out the picture of a path if it was decoded before (`early`)."""


class Wish(Struct, frozen=True):
    """What is to be shown: a file, in a zone of device pixels, from `position_ms` on."""

    path: Path
    zone: tuple[int, int]
    fit: Fit
    position_ms: int


class Prepared(Struct, frozen=True):
    """A frame, when it stands, and where the ones after it come from (None: a still picture)."""

    frame: Frame
    moment: Moment
    animation: "Animation | None"


class Animation:
    """The frames of one animated file, in the order of time."""

    def __init__(
        self, file: WatchedFile, picture: "ImageFile", times: FrameTimes, wish: Wish
    ) -> None:
        self._file = file
        self._picture = picture
        self._times = times
        self._wish = wish

    def frame_at(self, position_ms: int, go_on: GoOn) -> Prepared:
        """Return the frame that stands at `position_ms`, decoding those before it.

        Going far takes as long as decoding all that lies between; after `SEEK_BUDGET_S` the frame
        reached so far stands in, so that something right is shown soon.
        """
        moment = self._times.at(position_ms)
        self._file.watch(go_on)
        try:
            with _one_sentence(self._wish.path):
                self._seek(moment.index, go_on)
                frame = _animated_frame(self._picture, self._wish)
        except BaseException:
            self.close()
            raise
        return Prepared(frame, moment, self)

    def close(self) -> None:
        """Let go of the file and the decoder; closing twice is harmless."""
        self._picture.close()
        self._file.close()

    def _seek(self, index: int, go_on: GoOn) -> None:
        ends_at = time.monotonic() + SEEK_BUDGET_S
        if index < self._picture.tell():
            self._picture.seek(0)
        while (here := self._picture.tell()) < index and time.monotonic() < ends_at:
            go_on()
            self._picture.seek(here + 1)
            self._picture.load()


class _one_sentence:  # noqa: N801  (read as a statement: with _one_sentence(path))
    """Turns whatever a decoder raises into one `MediaUnplayable` that names the file."""

    def __init__(self, path: Path) -> None:
        self._name = repr(path.name)

    def __enter__(self) -> None:
        return

    def __exit__(self, _kind: object, error: BaseException | None, _traceback: object) -> None:
        if error is None or isinstance(error, Dropped):
            return
        if isinstance(error, MediaUnplayable):
            if str(error).startswith(self._name):  # a frame that another step has named already
                return
            raise MediaUnplayable(f"{self._name} cannot be shown: {error}") from error
        if isinstance(error, MemoryError):
            raise MediaUnplayable(f"{self._name} cannot be shown: out of memory") from error
        if isinstance(error, Exception):
            text = str(error) or type(error).__name__
            raise MediaUnplayable(f"{self._name} is broken: {text}") from error


def prepare(wish: Wish, go_on: GoOn, early: TakeEarly | None = None) -> Prepared:
    """Open a picture and return its frame at the wished position, or raise `MediaUnplayable`."""
    loaded = None if early is None else early(wish.path)
    with _one_sentence(wish.path):
        if loaded is not None:
            try:
                return _still(loaded.picture, loaded.kind, wish)
            finally:
                loaded.close()
        file = picture_file.open_file(wish.path)
        file.watch(go_on)
        try:
            prepared = _prepare(file, wish, go_on)
        except BaseException:
            file.close()
            raise
        if prepared.animation is None:
            file.close()
        return prepared


def _prepare(file: WatchedFile, wish: Wish, go_on: GoOn) -> Prepared:
    kind, module = picture_file.sniff(file.read(32))
    file.seek(0)
    times = read_frame_times(file, kind)
    picture = picture_file.open_picture(file, kind, module)
    if times is None:
        return _still(picture, kind, wish)
    picture_file.load(picture, picture.size)
    return Animation(file, picture, times, wish).frame_at(wish.position_ms, go_on)


def _still(picture: "ImageFile", kind: str, wish: Wish) -> Prepared:
    return Prepared(_still_frame(picture, kind, wish), Moment(0, 0, None), None)


def _still_frame(picture: "ImageFile", kind: str, wish: Wish) -> Frame:
    # A JPEG is asked before it is loaded: it is loaded no larger than its box, stored lying down.
    turned = kind == "JPEG" and orientation_of(picture) >= 5
    zone = (wish.zone[1], wish.zone[0]) if turned else wish.zone
    picture_file.load(picture, _draft_size(picture.size, zone, wish.fit))
    # The others are asked after: PNG may keep EXIF behind its pixels, and the TIFF reader turns
    # its picture upright by itself while loading.
    frame = render(picture, wish.zone, wish.fit, orientation_of(picture), moves=False)
    picture.close()
    return frame


def _animated_frame(picture: "ImageFile", wish: Wish) -> Frame:
    picture.load()
    return render(picture, wish.zone, wish.fit, orientation_of(picture), moves=True)


def _draft_size(source: tuple[int, int], zone: tuple[int, int], fit: Fit) -> tuple[int, int]:
    """Return twice the size that the whole source will have: enough for a sharp reduction."""
    across, down = zone[0] / source[0], zone[1] / source[1]
    if fit == "contain":
        across = down = min(across, down)
    elif fit == "cover":
        across = down = max(across, down)
    return (max(1, round(2 * across * source[0])), max(1, round(2 * down * source[1])))
