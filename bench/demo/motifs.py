"""Things that stand in the pictures: a house, a tiled wall, the shadow of bamboo."""

import math
import random

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPainterPath, Qt

from bench.demo.brush import bar, vertical

__all__ = ["bamboo", "house", "tiles"]


def house(painter: QPainter, x: float, foot: float) -> None:
    """A house with a curved roof; its window is the light of the picture."""
    wall = QRectF(x - 92, foot - 104, 184, 120)
    painter.fillRect(wall, QColor("#0E1D2C"))
    roof = QPainterPath(QPointF(x - 146, foot - 92))
    roof.quadTo(x - 80, foot - 112, x - 56, foot - 166)
    roof.lineTo(x + 56, foot - 166)
    roof.quadTo(x + 80, foot - 112, x + 146, foot - 92)
    roof.closeSubpath()
    painter.fillPath(roof, QColor("#081420"))
    window = QRectF(x - 38, foot - 78, 76, 56)
    painter.fillRect(window, vertical(window.top(), window.bottom(), "#FFE3A1", "#FFC24B"))
    for share in (1 / 3, 2 / 3):
        bar(painter, (window.left() + window.width() * share - 2, window.top(), 4, 56), "#0E1D2C")


def tiles(painter: QPainter, frame: QRectF) -> None:
    """Square tiles on edge, each a little different, and a plain lozenge at the heart."""
    dice, half = random.Random(12), 62.0
    rows, columns = math.ceil(frame.height() / half) + 1, math.ceil(frame.width() / half / 2) + 1
    heart = frame.center()
    for row in range(-1, rows + 1):
        for column in range(-1, columns + 1):
            middle = QPointF(
                heart.x() + (column - columns // 2) * 2 * half + (half if row % 2 else 0),
                heart.y() + (row - rows // 2) * half,
            )
            shade = dice.randint(-7, 7)
            painter.fillPath(
                lozenge(middle, half - 2.5), QColor(176 + shade, 180 + shade, 174 + shade)
            )
    for size, colour in ((252, "#7F8886"), (238, "#C9CBC3"), (214, "#7F8886"), (206, "#D8D6CB")):
        painter.fillPath(lozenge(heart, size), QColor(colour))


def lozenge(middle: QPointF, half: float) -> QPainterPath:
    path = QPainterPath(middle + QPointF(0, -half))
    for corner in (QPointF(half, 0), QPointF(0, half), QPointF(-half, 0)):
        path.lineTo(middle + corner)
    path.closeSubpath()
    return path


def bamboo(painter: QPainter) -> None:
    """The shadow of bamboo: three canes from below, leaves in threes at their joints."""
    dice = random.Random(29)
    shadow = QPainterPath()
    shadow.setFillRule(Qt.FillRule.WindingFill)
    for x, lean, thick in ((1600, -150, 13), (1690, -90, 10), (1500, -210, 8)):
        cane = QPainterPath(QPointF(x, 960))
        cane.lineTo(x + thick, 960)
        cane.lineTo(x + lean + thick * 0.5, 130)
        cane.lineTo(x + lean, 130)
        cane.closeSubpath()
        shadow.addPath(cane)
        for joint in range(3, 8):
            share = joint / 8 + dice.uniform(-0.03, 0.03)
            at = QPointF(x + lean * share, 960 - 830 * share)
            for turn in (18, 48, 82):
                side = dice.choice((-1, 1))
                angle = side * (turn + dice.uniform(-8, 8)) + 90
                shadow.addPath(_leaf(at, dice.uniform(120, 190), angle))
    painter.fillPath(shadow, QColor(38, 54, 52, 96))


def _leaf(at: QPointF, length: float, angle: float) -> QPainterPath:
    way = QPointF(math.cos(math.radians(angle)), math.sin(math.radians(angle)))
    side = QPointF(-way.y(), way.x()) * length * 0.11
    leaf = QPainterPath(at)
    leaf.quadTo(at + way * length * 0.4 + side, at + way * length)
    leaf.quadTo(at + way * length * 0.4 - side, at)
    return leaf
