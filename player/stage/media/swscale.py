"""From decoded video (I420) to pixels, by FFmpeg's libswscale, which Debian's libVLC brings along.

Used by `frames.py` on the GUI thread.  libVLC could convert by itself, but it always takes the
colours for BT.601, keeps a pool of pictures of four bytes a pixel, and copies each of them once
more (docs/adr/0008).
"""

import ctypes
import functools
import weakref
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

__all__ = ["Band", "Colours", "Converter", "Plane", "is_available"]

_SONAMES = [f"libswscale.so.{version}" for version in (6, 5, 7, 8, 9, 4)]  # Debian 12 is 6
_YUV420P, _BGRA = 0, 28  # AVPixelFormat: numbers that have not changed since FFmpeg 1
_ITU709, _ITU601 = 1, 5  # SWS_CS_*
_POINT = 0x10  # SWS_POINT: nothing is scaled, so no filter is built
_ONE = 1 << 16  # 1.0 in 16.16 fixed point: contrast and saturation as they are

_Pointers = ctypes.c_void_p * 4
_Strides = ctypes.c_int * 4


@dataclass(frozen=True, slots=True)
class Colours:
    """How the numbers of a video mean colours: BT.709 or BT.601, full range or 16 to 235."""

    bt709: bool
    full_range: bool = False


class Plane(NamedTuple):
    """Where one plane of a picture lies, and how many bytes its rows are apart."""

    address: int
    pitch: int


@functools.cache
def _library() -> ctypes.CDLL | None:
    for name in _SONAMES:
        try:
            return _declare(ctypes.CDLL(name))
        except OSError:
            continue
    return None


def _declare(library: ctypes.CDLL) -> ctypes.CDLL:
    pointer, number = ctypes.c_void_p, ctypes.c_int
    library.sws_getContext.restype = pointer
    library.sws_getContext.argtypes = [number] * 7 + [pointer] * 3
    library.sws_getCoefficients.restype = pointer
    library.sws_getCoefficients.argtypes = [number]
    library.sws_setColorspaceDetails.argtypes = [
        pointer, pointer, number, pointer, number, number, number, number
    ]  # fmt: skip
    library.sws_scale.argtypes = [pointer, _Pointers, _Strides, number, number, _Pointers, _Strides]
    library.sws_freeContext.argtypes = [pointer]
    library.sws_freeContext.restype = None
    return library


def is_available() -> bool:
    """Is libswscale here?  Without it libVLC converts."""
    return _library() is not None


class Converter:
    """Turns bands of I420, `width` x `rows` pixels each, into RGB32 of the same size."""

    def __init__(self, width: int, rows: int, colours: Colours) -> None:
        library = _library()
        assert library is not None
        context = library.sws_getContext(
            width, rows, _YUV420P, width, rows, _BGRA, _POINT, None, None, None
        )
        if not context:
            raise MemoryError(f"libswscale has no converter for {width} x {rows}")
        table = library.sws_getCoefficients(_ITU709 if colours.bt709 else _ITU601)
        library.sws_setColorspaceDetails(
            context, table, colours.full_range, table, 1, 0, _ONE, _ONE
        )
        self._rows = rows
        self._scale = library.sws_scale
        self._context = context
        weakref.finalize(self, library.sws_freeContext, context)

    def band(self, source: Sequence[Plane], target: Plane, top: int) -> "Band":
        """How to convert the rows from `top` (even) into `target`.

        `source` are the whole Y, U and V planes; row `top` becomes the first of `target`.
        """
        luma, *chroma = source
        rows_of = [
            luma.address + top * luma.pitch,
            *(plane.address + top // 2 * plane.pitch for plane in chroma),
        ]
        return Band(
            self,
            _Pointers(*rows_of),
            _Strides(*(plane.pitch for plane in source)),
            # To libswscale each band is a picture of its own: any may be left out.
            0,
            self._rows,
            _Pointers(target.address),
            _Strides(target.pitch),
        )

    def convert(self, band: "Band") -> None:
        """Convert one band."""
        self._scale(self._context, *band[1:])


class Band(NamedTuple):
    """The arguments of one conversion, made once: a frame's memory never moves."""

    converter: Converter
    source: "ctypes.Array[ctypes.c_void_p]"
    source_pitches: "ctypes.Array[ctypes.c_int]"
    top: int
    rows: int
    target: "ctypes.Array[ctypes.c_void_p]"
    target_pitches: "ctypes.Array[ctypes.c_int]"
