"""Where a video stands in its zone, and at which size it is decoded.  Pure arithmetic."""

from dataclasses import dataclass

from manifest.model import Fit

__all__ = ["MAX_FRAME_PIXELS", "Placement", "SourceFormat", "place"]

MAX_FRAME_PIXELS = 3840 * 2160
"""Decoded frames are never larger than this; beyond it the painter scales what is left."""


@dataclass(frozen=True, slots=True)
class SourceFormat:
    """The visible picture of a video, upright: pixels, and the shape of one pixel (SAR).

    `sar_num`:`sar_den` is the width of a pixel to its height (ITU-T H.264, E.2.1); a file that
    does not tell has square pixels.  `full_range`: its numbers go from 0 to 255.
    `frame_interval_s` is 0 where it is not known.
    """

    width: int
    height: int
    sar_num: int = 1
    sar_den: int = 1
    full_range: bool = False
    frame_interval_s: float = 0.0

    @property
    def is_high_definition(self) -> bool:
        """Are its colours those of BT.709?  Files that do not tell follow their size."""
        return self.width >= 1280 or self.height >= 720

    @property
    def shown_width(self) -> float:
        """The width in square pixels, at the height the video has."""
        if self.sar_num <= 0 or self.sar_den <= 0:
            return float(self.width)
        return self.width * self.sar_num / self.sar_den


@dataclass(frozen=True, slots=True)
class Placement:
    """Decode at `width` x `height`; draw into the rectangle `x, y, shown_width, shown_height`.

    All in device pixels of the zone; the rectangle may reach beyond the zone, which clips it.
    """

    width: int
    height: int
    x: int
    y: int
    shown_width: int
    shown_height: int


def place(source: SourceFormat, fit: Fit, box_width: int, box_height: int) -> Placement:
    """Fit `source` into a box of device pixels.

    `contain` shows all of it, `cover` fills the box and cuts what is over, `stretch` fills it and
    gives up the shape.  Sides are even (chroma is subsampled by two): rounded up, so that no
    line of the background shows at an edge.
    """
    if fit == "stretch":
        wide, high = float(box_width), float(box_height)
    else:
        across = box_width / source.shown_width
        down = box_height / source.height
        scale = max(across, down) if fit == "cover" else min(across, down)
        wide, high = source.shown_width * scale, source.height * scale
    shown_width, shown_height = _even(wide), _even(high)
    width, height = _bounded(shown_width, shown_height)
    # A picture that overhangs only by the rounding keeps its first line and column.
    x = (box_width - shown_width + 1) // 2
    y = (box_height - shown_height + 1) // 2
    return Placement(width, height, x, y, shown_width, shown_height)


def _even(length: float) -> int:
    whole = max(2, round(length))
    return whole + whole % 2


def _bounded(width: int, height: int) -> tuple[int, int]:
    pixels = width * height
    if pixels <= MAX_FRAME_PIXELS:
        return width, height
    shrink = (MAX_FRAME_PIXELS / pixels) ** 0.5
    return _even(width * shrink - 1), _even(height * shrink - 1)
