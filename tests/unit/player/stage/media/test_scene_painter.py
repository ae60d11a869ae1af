"""Frames painted straight into the window look as if they had an image of their own."""

import gc
import weakref
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtQuick import QQuickItem, QQuickPaintedItem, QQuickWindow
from pytestqt.qtbot import QtBot

from player.stage.media.frame_item import FrameItem
from player.stage.media.frames import FramePool, planar_layout
from player.stage.media.swscale import Colours

WIDTH, HEIGHT = 320, 200


class OrdinaryItem(FrameItem):
    """What the frame item would be without a node of its own: the picture to compare with."""

    updatePaintNode = QQuickPaintedItem.updatePaintNode  # noqa: N815  (Qt's name)


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[QQuickWindow]:
    window = QQuickWindow()
    window.resize(QSize(WIDTH, HEIGHT))
    window.setColor(QColor("navy"))
    window.show()
    yield window
    window.close()
    window.deleteLater()


def picture(alpha: int = 255) -> QImage:
    """A red disc on yellow, half see-through if `alpha` says so."""
    kind = QImage.Format.Format_RGB32 if alpha == 255 else QImage.Format.Format_ARGB32_Premultiplied
    image = QImage(160, 100, kind)
    image.fill(QColor(255, 255, 0, alpha))
    painter = QPainter(image)
    painter.setBrush(QColor("red"))
    painter.drawEllipse(20, 10, 80, 70)
    painter.end()
    return image


def grabbed(window: QQuickWindow, item: FrameItem, prepare: Callable[[FrameItem], None]) -> QImage:
    item.setSize(window.size() * 0.75)
    item.setX(30)
    item.setY(20)
    prepare(item)
    image = window.grabWindow()
    item.setParentItem(None)  # type: ignore[arg-type]  # Qt takes None: out of the scene
    return image


def covered(item: FrameItem) -> None:
    item.show_frame(picture())


def faded(item: FrameItem) -> None:
    item.show_frame(picture())
    item.setOpacity(0.4)


def faded_with_backdrop(item: FrameItem) -> None:
    item.set_backdrop(QColor("green"))
    item.show_frame(picture(), QRectF(40, 0, 160, 150))
    item.setOpacity(0.4)


def see_through(item: FrameItem) -> None:
    item.show_frame(picture(alpha=128), QRectF(40, 10, 160, 100))


def clipped_by_its_parent(item: FrameItem) -> None:
    parent = QQuickItem(item.parentItem())
    parent.setSize(QSize(100, 90))
    parent.setClip(True)
    item.setParentItem(parent)
    item.show_frame(picture())


@pytest.mark.parametrize(
    "prepare", [covered, faded, faded_with_backdrop, see_through, clipped_by_its_parent]
)
def test_it_looks_as_an_ordinary_painted_item_does(
    window: QQuickWindow, prepare: Callable[[FrameItem], None]
) -> None:
    ordinary = grabbed(window, OrdinaryItem(window.contentItem()), prepare)
    ours = grabbed(window, FrameItem(window.contentItem()), prepare)
    assert _largest_difference(ours, ordinary) <= 2
    assert ours.pixelColor(2, 2) == QColor("navy")
    assert len({ours.pixel(x, 60) for x in range(WIDTH)}) > 2, "nothing was drawn"


def _largest_difference(one: QImage, other: QImage) -> int:
    pairs = (
        (one.pixelColor(x, y), other.pixelColor(x, y))
        for x in range(0, WIDTH, 3)
        for y in range(0, HEIGHT, 3)
    )
    return max(
        max(abs(a.red() - b.red()), abs(a.green() - b.green()), abs(a.blue() - b.blue()))
        for a, b in pairs
    )


def test_what_changes_above_a_video_leaves_no_hole_and_no_trace(window: QQuickWindow) -> None:
    layout = planar_layout(WIDTH, HEIGHT)
    frame = FramePool(layout, Colours(bt709=False)).frame(1)
    item = FrameItem(window.contentItem())
    item.setSize(window.size())
    item.show_frame(frame)
    plain = window.grabWindow()
    above = FrameItem(window.contentItem())
    above.setSize(QSize(50, 30))
    above.setZ(1)
    above.show_frame(picture(alpha=128))
    for place in (10, 60, 130):
        above.setX(place)
        above.setY(place)
        window.grabWindow()
    assert window.grabWindow() != plain
    above.setVisible(False)
    assert window.grabWindow() == plain


def test_an_item_that_was_drawn_goes_with_its_window(qtbot: QtBot) -> None:
    gc.disable()
    try:
        window = QQuickWindow()
        window.resize(QSize(WIDTH, HEIGHT))
        item = FrameItem(window.contentItem())
        item.setSize(window.size())
        item.show_frame(picture())
        window.show()
        window.grabWindow()
        gone = weakref.ref(window), weakref.ref(item)
        del window, item
        assert [reference() for reference in gone] == [None, None]
    finally:
        gc.enable()
