"""The still pictures of the programme: one idea each, quiet, with room around it.

What matters stands well inside the edges: shown `cover` in a zone of another shape, a picture
loses a little of them.  Figures and names are samples, and the pictures with figures say so.
"""

import random
from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPen, Qt

from bench.demo.brush import (
    HEIGHT,
    SANS,
    SERIF,
    WIDTH,
    Ridge,
    Type,
    bar,
    canvas,
    glow,
    painter_on,
    ridge,
    vertical,
    write,
)
from bench.demo.motifs import bamboo, house, tiles

__all__ = ["PICTURES", "draw"]

PAPER, INK, SOFT, HAIRLINE = "#F8F5EE", "#1A1D21", "#454B53", "#D9D4C8"
TEAL, GOLD, MOON = "#005A60", "#D4A017", "#F4F1EA"

Picture = Callable[[QPainter], None]


def draw(picture: Picture) -> QImage:
    """Draw one of `PICTURES`."""
    image = canvas()
    painter = painter_on(image)
    picture(painter)
    painter.end()
    return image


def greeting(painter: QPainter) -> None:
    """Ink hills, the sun coming up behind them, two words."""
    painter.fillRect(QRectF(0, 0, WIDTH, HEIGHT), QColor(PAPER))
    glow(painter, QPointF(1320, 690), 430, "#F0C268", 0.42)
    painter.setBrush(QColor("#E6B24C"))
    painter.drawEllipse(QPointF(1320, 690), 84, 84)
    tones = (
        (5, 800, 150, 900, "#9FB0B3"),
        (9, 860, 120, 760, "#6F888D"),
        (14, 960, 110, 980, "#2E4B52"),
    )
    for seed, base, rise, width, tone in tones:
        _ink_hills(painter, ridge(seed, base, rise, width), tone)
    write(painter, "欢迎来访", 176, 420, Type(168, INK, SERIF, bold=True, spacing=0.06))
    bar(painter, (184, 486, 96, 6), TEAL)
    write(painter, "Welcome", 180, 582, Type(64, SOFT, SERIF))


def _ink_hills(painter: QPainter, line: Ridge, tone: str) -> None:
    """Hills as a wet brush leaves them: full at the crest, gone at the foot."""
    body = line.body()
    clear = QColor(tone)
    clear.setAlpha(0)
    top = body.boundingRect().top()
    painter.fillPath(body, vertical(top, top + 330, tone, clear.name(QColor.NameFormat.HexArgb)))


def hills(painter: QPainter) -> None:
    """Ink hills under a pale moon, and nothing else."""
    painter.fillRect(QRectF(0, 0, WIDTH, HEIGHT), vertical(0, HEIGHT, "#E9EDEA", "#F8F5EE"))
    painter.setBrush(QColor("#FFFDF4"))
    glow(painter, QPointF(1180, 300), 330, "#FFFDF4", 0.9)
    painter.setBrush(QColor("#FFFDF4"))
    painter.drawEllipse(QPointF(1180, 300), 92, 92)
    for seed, base, rise, width, tone in (
        (71, 640, 170, 860, "#B7C4C4"),
        (76, 760, 170, 980, "#8AA0A3"),
        (83, 880, 150, 900, "#54747B"),
        (89, 1000, 110, 1200, "#22424A"),
    ):
        _ink_hills(painter, ridge(seed, base, rise, width), tone)


def homeward(painter: QPainter) -> None:
    """Night hills and one lit window: why safety matters."""
    painter.fillRect(
        QRectF(0, 0, WIDTH, HEIGHT), vertical(0, HEIGHT, "#0C1A2B", "#1B3148", "#35516A")
    )
    dice = random.Random(7)
    for _ in range(90):
        star = QColor("#DCE6EC")
        star.setAlphaF(dice.uniform(0.15, 0.7))
        painter.setBrush(star)
        size = dice.uniform(0.8, 1.9)
        painter.drawEllipse(QPointF(dice.uniform(0, WIDTH), dice.uniform(0, 560)), size, size)
    for seed, base, rise, width, tone in (
        (31, 770, 130, 820, "#263F57"),
        (37, 850, 90, 700, "#1A2F45"),
    ):
        painter.fillPath(ridge(seed, base, rise, width).body(), QColor(tone))
    near = ridge(43, 965, 60, 1300)
    foot = near.at(1430) + 14
    glow(painter, QPointF(1430, foot - 60), 330, "#FFC868", 0.55)
    house(painter, 1430, foot)
    painter.fillPath(near.body(), QColor("#0B1926"))
    write(
        painter, "平安到家，才算下班。", 168, 420, Type(124, MOON, SERIF, bold=True, spacing=0.03)
    )
    bar(painter, (176, 486, 96, 6), "#FFC24B")
    write(painter, "安全生产月　从每一次检查做起", 174, 580, Type(52, "#D5DDE2"))


def sunlight(painter: QPainter) -> None:
    """One figure, and the thirty days that it is the sum of."""
    painter.fillRect(QRectF(0, 0, WIDTH, HEIGHT), QColor(PAPER))
    write(painter, "屋顶光伏　十月发电", 168, 236, Type(64, SOFT, SERIF, bold=True))
    dice = random.Random(20)
    days = [round(dice.uniform(0.42, 1) * 5400, -1) for _ in range(31)]
    total = f"{int(sum(days)):,}"
    end = write(painter, total, 160, 474, Type(216, TEAL, SANS, bold=True))
    write(painter, "千瓦时", end + 36, 474, Type(72, INK, SERIF, bold=True))
    pitch, foot, high = (WIDTH - 2 * 168) / len(days), 900, 300
    best = days.index(max(days))
    for n, day in enumerate(days):
        height = day / max(days) * high
        colour = "#E0A526" if n == best else TEAL
        bar(painter, (168 + n * pitch, foot - height, pitch - 16, height), colour)
        if n in (0, 9, 19, 30):
            middle = 168 + (n + 0.5) * pitch - 8
            write(painter, f"{n + 1} 日", middle, 956, Type(40, SOFT), align="middle")
    bar(painter, (168, foot + 1, WIDTH - 2 * 168 - 16, 3), INK)
    write(painter, "数据截至 2026 年 10 月 31 日", WIDTH - 184, 236, Type(40, SOFT), align="right")
    write(painter, "样例数据", WIDTH - 184, 300, Type(40, SOFT), align="right")


def screen_wall(painter: QPainter) -> None:
    """影壁: the wall behind the gate, its lozenge of tiles, and the shadow of bamboo."""
    painter.fillRect(QRectF(0, 0, WIDTH, HEIGHT), vertical(0, HEIGHT, "#E9E3D6", "#DDD5C5"))
    frame = QRectF(820, 150, 930, 780)
    painter.fillRect(frame.adjusted(-34, -34, 34, 34), QColor("#8E9492"))
    painter.fillRect(frame.adjusted(-22, -22, 22, 22), QColor("#A5AAA6"))
    painter.fillRect(frame, QColor("#B9BCB5"))
    painter.save()
    painter.setClipRect(frame)
    tiles(painter, frame)
    bamboo(painter)
    painter.restore()
    write(painter, "影壁", 190, 500, Type(176, INK, SERIF, bold=True, spacing=0.08))
    bar(painter, (198, 566, 96, 6), TEAL)
    write(painter, "进门所见的第一面", 196, 664, Type(58, SOFT, SERIF, bold=True))


def honour(painter: QPainter) -> None:
    """Red and gold: thanks to those who hold the fort."""
    painter.fillRect(QRectF(0, 0, WIDTH, HEIGHT), vertical(0, HEIGHT, "#A50E26", "#8A0A1E"))
    heart = QPointF(WIDTH / 2, HEIGHT + 250)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for n in range(14):
        line = QColor(GOLD)
        line.setAlphaF(0.85 * (1 - n / 14) ** 1.5)
        painter.setPen(QPen(line, 3))
        painter.drawEllipse(heart, 430 + 44 * n, 430 + 44 * n)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(GOLD))
    painter.drawEllipse(heart, 400, 400)
    write(
        painter,
        "致敬坚守岗位的每一个人",
        WIDTH / 2,
        400,
        Type(132, "#FFF6E3", SERIF, bold=True, spacing=0.05),
        align="middle",
    )
    write(
        painter,
        "井上井下，昼夜有人值守",
        WIDTH / 2,
        516,
        Type(54, "#FFEFD0", SANS),
        align="middle",
    )


#: The pictures by the name of their asset, and their titles.
PICTURES: dict[str, tuple[str, Picture]] = {
    "greeting": ("欢迎来访", greeting),
    "homeward": ("平安到家，才算下班", homeward),
    "hills": ("水墨山色", hills),
    "sunlight": ("屋顶光伏十月发电", sunlight),
    "screen-wall": ("影壁", screen_wall),
    "honour": ("致敬坚守岗位的每一个人", honour),
}
