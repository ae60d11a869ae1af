"""Video frames that are used again and again: no memory is asked for while a video plays.

Threads of the decoder take and fill frames, the GUI thread draws them; a frame that the item
shows, or is about to, is never handed out.
"""

import ctypes
import functools
import mmap
import sys
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QImage, QPainter

from player.stage.media.decoder import FrameLayout, PlaneLayout
from player.stage.media.swscale import Band, Colours, Converter, Plane
from player.stage.media.window_pixels import pixels_of

__all__ = ["FRAMES", "FramePool", "PlanarFrame", "RgbFrame", "VideoFrame"]
__all__ += ["planar_layout", "rgb_layout"]

FRAMES = 3
"""One is filled, one is due (`frame_item.WAITING`), one is on the screen."""

BAND_ROWS = 64
"""So many rows are converted and drawn at once: what was converted is still in the CPU's cache."""

_ALIGNMENT = 64  # bytes; the widest vector that a converter reads


class RgbFrame:
    """RGB32 pixels in a `QImage`."""

    is_opaque = True

    def __init__(self, layout: FrameLayout) -> None:
        self._image = QImage(layout.width, layout.height, QImage.Format.Format_RGB32)
        # Asked for once, while no one else holds the image: later `bits` would copy it.
        self.addresses = (_address(self._image.bits()),)

    def draw(self, painter: QPainter, target: QRectF) -> None:
        """Draw it, scaled into `target`."""
        painter.drawImage(target, self._image)


class PlanarFrame:
    """I420: a plane of brightness, and two of colour at half the size."""

    is_opaque = True

    def __init__(self, layout: FrameLayout, colours: Colours) -> None:
        self._width, self._height = layout.width, layout.height
        self._size = QSize(layout.width, layout.height)
        self._colours = colours
        self._band: QImage | None = None
        self._bands: list[Band] = []
        # One row more than told: a converter may read whole vectors at the end of the last one.
        sizes = [plane.pitch * (plane.lines + 1) for plane in layout.planes]
        self._memory = mmap.mmap(-1, sum(sizes))
        start = _address(self._memory)
        self.addresses = tuple(start + sum(sizes[:plane]) for plane in range(len(sizes)))
        pitches = (plane.pitch for plane in layout.planes)
        self._planes = tuple(Plane(*plane) for plane in zip(self.addresses, pitches, strict=True))

    def draw(self, painter: QPainter, target: QRectF) -> None:
        """Draw it, scaled into `target`; without scaling there is no picture in between."""
        place = target.toRect()
        if place.size() != self._size or place.toRectF() != target:
            self._draw_scaled(painter, target)
        elif pixels := pixels_of(painter, place):
            converter = _converter(self._width, self._height, self._colours)
            converter.convert(converter.band(self._planes, pixels, 0))
        elif painter.deviceTransform().isScaling():  # or anything beyond it
            self._draw_scaled(painter, target)
        else:
            self._draw_bands(painter, place.left(), place.top())

    def _draw_scaled(self, painter: QPainter, target: QRectF) -> None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        whole = _roomy_image(self._width, self._height)
        job = self._band_into(whole, 0, self._height)
        job.converter.convert(job)
        painter.drawImage(target, whole, QRectF(0, 0, self._width, self._height))

    def _draw_bands(self, painter: QPainter, left: int, top: int) -> None:
        band = self._band
        if band is None:
            # Held here too: the bands write to its address.
            band = self._band = _band(self._width)
            self._bands = [
                self._band_into(band, row, min(BAND_ROWS, self._height - row))
                for row in range(0, self._height, BAND_ROWS)
            ]
        first, last = _rows_to_draw(painter)
        for number, job in enumerate(self._bands):
            above = top + number * BAND_ROWS
            if above <= last and above + job.rows > first:
                job.converter.convert(job)
                painter.drawImage(left, above, band, 0, 0, self._width, job.rows)

    def _band_into(self, image: QImage, top: int, rows: int) -> Band:
        converter = _converter(self._width, rows, self._colours)
        target = Plane(_address(image.bits()), image.bytesPerLine())
        return converter.band(self._planes, target, top)


VideoFrame = RgbFrame | PlanarFrame


def _address(memory: Any) -> int:
    return ctypes.addressof(ctypes.c_char.from_buffer(memory))


def _rows_to_draw(painter: QPainter) -> tuple[int, int]:
    """The first and the last row that a painter without scaling lets through."""
    if not painter.hasClipping():
        return -sys.maxsize, sys.maxsize
    clip = painter.clipBoundingRect().toAlignedRect()
    return clip.top(), clip.bottom()


# On the GUI thread alone: what all frames of one size share, a band and a shorter last one.
@functools.lru_cache(maxsize=8)
def _converter(width: int, rows: int, colours: Colours) -> Converter:
    return Converter(width, rows, colours)


@functools.lru_cache(maxsize=4)
def _band(width: int) -> QImage:
    return _roomy_image(width, BAND_ROWS)


def _roomy_image(width: int, height: int) -> QImage:
    """Room for `width` x `height`: libswscale writes whole vectors beyond the end of a row."""
    return QImage(_aligned(width), height + 1, QImage.Format.Format_RGB32)


class FramePool:
    """`FRAMES` frames of one layout; made by the decoder's thread, and handed out by it alone."""

    def __init__(self, layout: FrameLayout, colours: Colours) -> None:
        self._frames: list[VideoFrame] = [
            PlanarFrame(layout, colours) if layout.chroma == "I420" else RgbFrame(layout)
            for _ in range(FRAMES)
        ]

    def take(self, is_held: Callable[[VideoFrame], bool]) -> tuple[int, tuple[int, ...]]:
        """The number (from 1) of a frame that nobody holds, and its planes' addresses.

        The first one: what is used again at once is in the CPU's cache, and memory that is never
        used costs nothing.
        """
        for number, frame in enumerate(self._frames, 1):
            if not is_held(frame):
                return number, frame.addresses
        raise AssertionError("an item holds at most two frames")

    def frame(self, number: int) -> VideoFrame:
        """The frame with the number that `take` gave."""
        return self._frames[number - 1]


def planar_layout(width: int, height: int) -> FrameLayout:
    """I420 of `width` x `height`."""
    luma = _aligned(width)
    chroma = _aligned((width + 1) // 2)
    half = (height + 1) // 2
    planes = (PlaneLayout(luma, height), PlaneLayout(chroma, half), PlaneLayout(chroma, half))
    return FrameLayout("I420", width, height, planes)


def rgb_layout(width: int, height: int) -> FrameLayout:
    """RV32 of `width` x `height`: libVLC converts."""
    return FrameLayout("RV32", width, height, (PlaneLayout(width * 4, height),))


def _aligned(length: int) -> int:
    return -(-length // _ALIGNMENT) * _ALIGNMENT
