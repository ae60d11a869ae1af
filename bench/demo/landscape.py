"""Hills at first light, and the wind turbines and the old headframe that stand on them.

One scene, drawn in layers that are made once and moved a little against each other; `Dawn.frame`
puts a moment of it together.
"""

import math

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QPolygonF, Qt

from bench.demo.brush import HEIGHT, WIDTH, Ridge, canvas, glow, painter_on, ridge, vertical

__all__ = ["Dawn"]

#: How far a layer may move to either side, in pixels.
MARGIN = 120

#: The hills from far to near: seed, base, rise, width, colour above and below, drift in pixels.
RANGES = (
    (11, 700, 120, 760, "#93A8AD", "#D9CDBB", 10),
    (23, 760, 110, 640, "#72909A", "#C3C0B4", 18),
    (37, 830, 100, 720, "#4E747F", "#A5B1AC", 30),
    (41, 915, 80, 860, "#2C545E", "#6E8D8E", 46),
    (59, 1010, 60, 1100, "#12313A", "#1B3F47", 70),
)

#: Turbines on a range: range, x, size of a blade, turns in the clip, first angle.
TURBINES = (
    (1, 1130, 44, 2.0, 0.3),
    (1, 1245, 40, 2.0, 1.7),
    (2, 1375, 74, 1.5, 0.9),
    (2, 1590, 80, 1.5, 2.2),
    (2, 1760, 70, 1.5, 0.1),
    (3, 1490, 150, 1.0, 1.1),
)

#: Where the headframe stands.
HEADFRAME_X = 430

WHITE = "#F3F1EA"


class Dawn:
    """The scene from first light (0) to sunrise (1)."""

    def __init__(self) -> None:
        self._ridges = [ridge(*shape[:4], margin=MARGIN) for shape in RANGES]
        self._layers = [
            _hills(line, shape[4], shape[5])
            for line, shape in zip(self._ridges, RANGES, strict=True)
        ]
        self._early = _sky("#5F7F90", "#B9B7B0", "#E8CBA8")
        self._late = _sky("#86B2C4", "#D5DCD4", "#F8DDB0")
        self._sun = _sun()

    def frame(self, moment: float) -> QImage:
        """Draw the scene at `moment`, 0..1."""
        image = canvas()
        painter = painter_on(image)
        painter.drawImage(0, 0, self._early)
        painter.setOpacity(_eased(moment))
        painter.drawImage(0, 0, self._late)
        painter.setOpacity(1)
        self._raise_sun(painter, moment)
        for n, layer in enumerate(self._layers):
            shift = RANGES[n][6] * (moment - 0.5) * 2
            self._stand(painter, n, -shift, moment)
            # Whole pixels: a layer drawn between two of them costs ten times as much.
            painter.drawImage(QPointF(round(-MARGIN - shift), layer.offset().y()), layer)
        painter.end()
        return image

    def _raise_sun(self, painter: QPainter, moment: float) -> None:
        y = 640 - 190 * _eased(moment)
        painter.setOpacity(0.35 + 0.65 * moment)
        painter.drawImage(
            QPointF(620 - self._sun.width() / 2, y - self._sun.height() / 2), self._sun
        )
        painter.setOpacity(1)

    def _stand(self, painter: QPainter, layer: int, shift: float, moment: float) -> None:
        for on, x, blade, turns, angle in TURBINES:
            if on == layer:
                foot = QPointF(x + shift, self._ridges[layer].at(x) + 30)
                _turbine(painter, foot, blade, angle + math.tau * turns * moment)
        if layer == len(RANGES) - 1:
            foot = QPointF(HEADFRAME_X + shift, self._ridges[layer].at(HEADFRAME_X) + 40)
            _headframe(painter, foot, math.tau * moment)


def _eased(moment: float) -> float:
    return moment * moment * (3 - 2 * moment)


def _sky(*colours: str) -> QImage:
    image = canvas()
    painter = painter_on(image)
    painter.fillRect(QRectF(0, 0, WIDTH, HEIGHT), vertical(0, 760, *colours))
    painter.end()
    return image


def _sun() -> QImage:
    image = canvas(1100, 1100, clear=True)
    painter = painter_on(image)
    middle = QPointF(550, 550)
    glow(painter, middle, 550, "#FFE2A6", 0.75)
    painter.setBrush(QColor("#FFF3D2"))
    painter.drawEllipse(middle, 58, 58)
    painter.end()
    return image


def _hills(line: Ridge, above: str, below: str) -> QImage:
    """One range, dark at its crest and lost in mist at its foot."""
    body = line.body()
    top = math.floor(body.boundingRect().top())
    image = canvas(WIDTH + 2 * MARGIN, HEIGHT - top, clear=True)
    painter = painter_on(image)
    painter.translate(MARGIN, -top)
    painter.fillPath(body, vertical(top, min(HEIGHT, top + 360), above, below))
    painter.end()
    image.setOffset(QPointF(0, top).toPoint())
    return image


def _turbine(painter: QPainter, foot: QPointF, blade: float, angle: float) -> None:
    hub = foot - QPointF(0, blade * 2.1)
    wide = blade * 0.035
    tower = [QPointF(-wide, 0), QPointF(-wide * 0.5, 1), QPointF(wide * 0.5, 1), QPointF(wide, 0)]
    painter.setBrush(QColor(WHITE))
    painter.drawPolygon(
        QPolygonF([QPointF(foot.x() + p.x(), hub.y() if p.y() else foot.y()) for p in tower])
    )
    for n in range(3):
        painter.save()
        painter.translate(hub)
        painter.rotate(math.degrees(angle) + 120 * n)
        shape = QPainterPath(QPointF(0, 0))
        shape.cubicTo(blade * 0.07, -blade * 0.2, blade * 0.04, -blade * 0.6, 0, -blade)
        shape.cubicTo(-blade * 0.02, -blade * 0.6, -blade * 0.03, -blade * 0.2, 0, 0)
        painter.fillPath(shape, QColor(WHITE))
        painter.restore()
    painter.drawEllipse(hub, blade * 0.05, blade * 0.05)


def _headframe(painter: QPainter, foot: QPointF, angle: float) -> None:
    """The winding tower of a mine: two legs, a strut, and the wheel that still turns."""
    steel = QColor("#0D262E")
    pen = QPen(steel, 9, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    top, x, y = foot.y() - 300, foot.x(), foot.y()
    painter.drawLine(QPointF(x - 34, y), QPointF(x - 22, top))
    painter.drawLine(QPointF(x + 34, y), QPointF(x + 22, top))
    painter.drawLine(QPointF(x + 180, y), QPointF(x + 20, top + 20))
    pen.setWidth(5)
    painter.setPen(pen)
    for n in range(5):
        low, high = y - 60 * n, y - 60 * (n + 1)
        side = 1 if n % 2 else -1
        reach, narrow = 34 - 2.4 * n, 34 - 2.4 * (n + 1)
        painter.drawLine(QPointF(x - side * reach, low), QPointF(x + side * narrow, high))
        painter.drawLine(QPointF(x - narrow, high), QPointF(x + narrow, high))
    wheel = QPointF(x, top - 26)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    pen.setWidth(7)
    painter.setPen(pen)
    painter.drawEllipse(wheel, 46, 46)
    pen.setWidth(3)
    painter.setPen(pen)
    for n in range(6):
        turn = angle + n * math.tau / 6
        painter.drawLine(wheel, wheel + QPointF(46 * math.cos(turn), 46 * math.sin(turn)))
    painter.setPen(Qt.PenStyle.NoPen)
