"""Where canvas pixels lie in a window of another size: scaled, centred, on whole pixels."""

from msgspec import Struct

from manifest.model import Canvas

__all__ = ["WHOLE_WINDOW", "Mapping", "Rectangle", "overlap"]

#: The canvas of a programme without a design size (a folder): its one zone fills any window.
WHOLE_WINDOW = Canvas(0, 0)

Rectangle = tuple[int, int, int, int]
"""x, y, width, height"""


class Mapping(Struct, frozen=True):
    """The canvas in a window of `width` x `height` scene pixels: as large as fits, centred."""

    canvas: Canvas
    width: float
    height: float

    @property
    def scale(self) -> float:
        """Window pixels for each canvas pixel."""
        return min(self.width / self.canvas.width, self.height / self.canvas.height)

    def place(self, x: int, y: int, width: int, height: int) -> Rectangle:
        """The rectangle of a zone.  Edges are rounded one by one: neighbours still touch."""
        if self.canvas == WHOLE_WINDOW:
            return 0, 0, round(self.width), round(self.height)
        scale = self.scale
        left = (self.width - self.canvas.width * scale) / 2
        top = (self.height - self.canvas.height * scale) / 2
        x0, y0 = round(left + x * scale), round(top + y * scale)
        x1, y1 = round(left + (x + width) * scale), round(top + (y + height) * scale)
        return x0, y0, max(1, x1 - x0), max(1, y1 - y0)


def overlap(one: Rectangle, other: Rectangle) -> bool:
    """Do the two share a pixel?"""
    return (
        one[0] < other[0] + other[2]
        and other[0] < one[0] + one[2]
        and one[1] < other[1] + other[3]
        and other[1] < one[1] + one[3]
    )
