"""Ink, mist and letters: what the demonstration's pictures are drawn with.

All measures are pixels of a 1920 x 1080 canvas.  A seed always gives the same line: the pictures
are the same on every machine.
"""

import math
import random
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QLinearGradient,
    QPainter,
    QPainterPath,
    QRadialGradient,
)

__all__ = [
    "HEIGHT",
    "SANS",
    "SERIF",
    "WIDTH",
    "Ridge",
    "Type",
    "bar",
    "canvas",
    "glow",
    "painter_on",
    "ridge",
    "vertical",
    "write",
]

WIDTH, HEIGHT = 1920, 1080
SERIF, SANS = "Noto Serif CJK SC", "Noto Sans CJK SC"

#: A ridge is a height for every few pixels; points closer than this cannot be told apart.
STEP = 4


def canvas(width: int = WIDTH, height: int = HEIGHT, clear: bool = False) -> QImage:
    """Return an empty picture; `clear` for one to be laid over others."""
    kind = QImage.Format.Format_ARGB32_Premultiplied if clear else QImage.Format.Format_RGB32
    image = QImage(width, height, kind)
    image.fill(Qt.GlobalColor.transparent)
    return image


def painter_on(image: QImage) -> QPainter:
    """Return a painter with smooth edges; end it before the picture is used."""
    painter = QPainter(image)
    painter.setRenderHints(
        QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
    )
    painter.setPen(Qt.PenStyle.NoPen)
    return painter


def vertical(top: float, bottom: float, *colours: str) -> QBrush:
    """Return a gradient through `colours`, evenly spaced from `top` to `bottom`."""
    gradient = QLinearGradient(0, top, 0, bottom)
    for n, colour in enumerate(colours):
        gradient.setColorAt(n / max(1, len(colours) - 1), QColor(colour))
    return QBrush(gradient)


def glow(painter: QPainter, middle: QPointF, radius: float, colour: str, strength: float) -> None:
    """Lay a soft light of `colour` around `middle`; `strength` 0..1."""
    gradient = QRadialGradient(middle, radius)
    for place, share in ((0.0, 1.0), (0.25, 0.55), (0.55, 0.18), (1.0, 0.0)):
        light = QColor(colour)
        light.setAlphaF(strength * share)
        gradient.setColorAt(place, light)
    painter.setBrush(QBrush(gradient))
    painter.drawEllipse(middle, radius, radius)


class Ridge:
    """The line of a range of hills across the canvas and `margin` beyond either edge."""

    def __init__(self, heights: list[float], margin: int) -> None:
        self._heights = heights
        self._margin = margin

    def at(self, x: float) -> float:
        """The height of the line (a y) at `x`."""
        index = int((x + self._margin) / STEP)
        return self._heights[min(max(index, 0), len(self._heights) - 1)]

    def body(self, bottom: float = HEIGHT) -> QPainterPath:
        """The hills below the line, down to `bottom`."""
        path = QPainterPath(QPointF(-self._margin, bottom))
        for n, height in enumerate(self._heights):
            path.lineTo(n * STEP - self._margin, height)
        path.lineTo(WIDTH + self._margin, bottom)
        path.closeSubpath()
        return path


def ridge(seed: int, base: float, rise: float, width: float, margin: int = 0) -> Ridge:
    """Return hills that rise `rise` above the y `base`, about `width` from peak to peak."""
    dice = random.Random(seed)
    waves = [
        (rise * 0.5**n, width / 2.1**n * dice.uniform(0.85, 1.2), dice.uniform(0, math.tau))
        for n in range(6)
    ]
    heights = []
    for x in range(-margin, WIDTH + margin + STEP, STEP):
        lift = sum(
            size * (1 - abs(math.sin(math.pi * x / span + phase))) - size * 0.36
            for size, span, phase in waves
        )
        heights.append(base - lift)
    return Ridge(heights, margin)


@dataclass(frozen=True, slots=True)
class Type:
    """How letters look: `size` in pixels, `spacing` in ems."""

    size: int
    colour: str
    family: str = SANS
    bold: bool = False
    spacing: float = 0.0

    def font(self) -> QFont:
        """Return the font that these letters are set in."""
        font = QFont(self.family)
        font.setPixelSize(self.size)
        font.setWeight(QFont.Weight.Bold if self.bold else QFont.Weight.Normal)
        font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, self.size * self.spacing)
        return font


def write(
    painter: QPainter, text: str, x: float, baseline: float, look: Type, *, align: str = "left"
) -> float:
    """Write one line and return where it ends; `x` is its left, right or middle."""
    font = look.font()
    width = QFontMetricsF(font).horizontalAdvance(text) - look.size * look.spacing
    left = {"left": x, "right": x - width, "middle": x - width / 2}[align]
    painter.setFont(font)
    painter.setPen(QColor(look.colour))
    painter.drawText(QPointF(left, baseline), text)
    painter.setPen(Qt.PenStyle.NoPen)
    return left + width


def bar(painter: QPainter, place: tuple[float, float, float, float], colour: str) -> None:
    """Fill the rectangle (x, y, width, height): a rule, a bar of a chart."""
    painter.fillRect(QRectF(*place), QColor(colour))
