"""Where the letters of a card stand, for the tests of all sheets: pure measuring."""

from itertools import combinations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtQuick import QQuickItem

from tests.unit.player.stage.cards.conftest import Shown

__all__ = ["Ink", "inks", "over_the_foot", "overlapping"]

#: In shares of the font's size, from the top of a line: where its square letters begin and end, and
#: how high a line is by itself (Noto CJK: 1.16 over the base line, 0.29 under it).
INK_TOP, INK_BOTTOM, LINE = 0.28, 1.28, 1.448

#: Letters may come as near as this, in pixels: what is measured is rounded.
SLACK = 2.0

#: `Text.FixedHeight`, and the alignments of Qt.
FIXED = 1
RIGHT, CENTRE, BOTTOM, MIDDLE = 2, 4, 64, 128

Ink = tuple[str, QRectF]


def inks(shown: Shown) -> list[Ink]:
    """What letters are in sight, and the smallest upright box around each text."""
    found = [(text.property("text"), _box(shown, text)) for text in shown.texts()]
    return [(text, box) for text, box in found if not box.isEmpty()]


def _box(shown: Shown, text: QQuickItem) -> QRectF:
    pixels = text.property("font").pixelSize()
    fixed = shown.evaluate(text, "lineHeightMode") == FIXED
    step = text.property("lineHeight") if fixed else pixels * LINE
    wide, high = text.property("contentWidth"), text.property("lineCount") * step
    across = shown.evaluate(text, "horizontalAlignment")
    down = shown.evaluate(text, "verticalAlignment")
    left = {RIGHT: 1.0, CENTRE: 0.5}.get(across, 0.0) * (text.width() - wide)
    top = {BOTTOM: 1.0, MIDDLE: 0.5}.get(down, 0.0) * (text.height() - high)
    corner = text.mapToItem(shown.root, QPointF(left, top + INK_TOP * pixels))
    height = high - step + (INK_BOTTOM - INK_TOP) * pixels
    return _in_sight(shown, text, QRectF(corner.x(), corner.y(), wide, height))


def _in_sight(shown: Shown, item: QQuickItem, box: QRectF) -> QRectF:
    """What no item around it cuts off; the card itself cuts nothing, that would be a defect."""
    above = item.parentItem()
    while above is not None and above != shown.root:
        if above.clip():
            corner = above.mapToItem(shown.root, QPointF(0, 0))
            box = box.intersected(QRectF(corner.x(), corner.y(), above.width(), above.height()))
        above = above.parentItem()
    return box


def overlapping(found: list[Ink]) -> list[tuple[str, str]]:
    """Texts of which one stands on the other."""
    return [
        (one, other)
        for (one, box), (other, its) in combinations(found, 2)
        if not box.adjusted(SLACK, SLACK, -SLACK, -SLACK).intersected(its).isEmpty()
    ]


def over_the_foot(shown: Shown, found: list[Ink]) -> list[str]:
    """Texts that go on where the foot, or the margin, begins, and do not belong there."""
    floor, card = shown["floor"], shown["cardData"]
    foot = {
        shown["origin"],
        shown["origin"].replace("　", "\n"),
        shown["turned"],
        shown["dateShort"],
    }
    foot |= {card.get("dateline", ""), card.get("issuer", "")}
    return [text for text, box in found if text not in foot and box.bottom() > floor + SLACK]
