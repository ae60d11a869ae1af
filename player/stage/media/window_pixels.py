"""Where in memory the pixels lie that a painter is about to paint, so that a frame can go there.

Used by `frames.py` on the GUI thread, while an item is painted.  What it answers holds for that
one call of `paint` only: never keep it, the window's picture moves when the window is resized.
"""

from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPainter, QRegion
from shiboken6 import VoidPtr

from player.stage.media.swscale import Plane

__all__ = ["pixels_of"]

_PIXEL_BYTES = 4
_WRITTEN_AT_ONCE_BYTES = 64  # the widest vector: libswscale may write a whole one at a row's end
_ALIGNED_TO_BYTES = 16  # else libswscale says on stderr that it is slow

_FORMATS = frozenset({QImage.Format.Format_RGB32, QImage.Format.Format_ARGB32_Premultiplied})
_SOURCE_OVER = QPainter.CompositionMode.CompositionMode_SourceOver


def pixels_of(painter: QPainter, target: QRect) -> Plane | None:
    """The memory of `target` (in the painter's coordinates), four bytes a pixel: B, G, R, 255.

    None wherever opaque pixels of that size would not simply replace all that is there (a clip,
    a fade, another scale, another kind of device), or where a converter might write beyond them.
    """
    place = _place_on_device(painter, target)
    device = painter.device()
    if place is None or not isinstance(device, QImage) or device.format() not in _FORMATS:
        return None
    if device.devicePixelRatio() != 1 or not device.rect().contains(place):
        return None
    pitch = device.bytesPerLine()
    # Not `bits`: for a picture that somebody shares it makes the device another one.
    # PySide declares neither that a `VoidPtr` takes memory nor that it is a number.
    start = int(VoidPtr(device.constBits()))  # type: ignore[call-overload,arg-type]
    start += place.top() * pitch + place.left() * _PIXEL_BYTES
    return Plane(start, pitch) if _fits_a_converter(start, pitch, place) else None


def _place_on_device(painter: QPainter, target: QRect) -> QRect | None:
    """Where `target` comes to lie, if all of it is painted as it is."""
    moved = painter.deviceTransform()
    across, down = moved.dx(), moved.dy()
    # `isScaling` is true for whatever is beyond scaling, too.
    if moved.isScaling() or not (across.is_integer() and down.is_integer()):
        return None
    if painter.opacity() < 1 or painter.compositionMode() is not _SOURCE_OVER:
        return None
    if painter.hasClipping() and not (QRegion(target) - painter.clipRegion()).isEmpty():
        return None
    return target.translated(int(across), int(down))


def _fits_a_converter(start: int, pitch: int, place: QRect) -> bool:
    """Is every write inside?  I420 is converted two rows at a time, and in whole vectors."""
    whole = place.width() * _PIXEL_BYTES % _WRITTEN_AT_ONCE_BYTES == 0 and place.height() % 2 == 0
    return whole and start % _ALIGNED_TO_BYTES == 0 and pitch % _ALIGNED_TO_BYTES == 0
