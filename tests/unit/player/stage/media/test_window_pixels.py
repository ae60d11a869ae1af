"""Frames that go straight into the window's memory, and all that must not go there."""

import ctypes
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QRect, QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap, QRegion
from PySide6.QtQuick import QQuickItem, QQuickPaintedItem, QQuickWindow
from pytestqt.qtbot import QtBot

from player.stage.media.frame_item import FrameItem
from player.stage.media.frames import PlanarFrame, planar_layout
from player.stage.media.swscale import Colours, Plane
from player.stage.media.window_pixels import pixels_of

WIDTH, HEIGHT = 320, 200
TARGET = QRect(32, 20, 128, 64)
SIZE = TARGET.size()
NAVY = QColor("navy")


@pytest.fixture
def picture() -> QImage:
    """What is painted on: as large as a small window."""
    picture = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)
    picture.fill(NAVY)
    return picture


@pytest.fixture
def painter(picture: QImage) -> Iterator[QPainter]:
    painter = QPainter(picture)
    yield painter
    painter.end()


def patterned_frame(size: QSize = SIZE) -> PlanarFrame:
    """A frame no two neighbouring pixels of which are alike."""
    layout = planar_layout(size.width(), size.height())
    frame = PlanarFrame(layout, Colours(bt709=True))
    for address, plane in zip(frame.addresses, layout.planes, strict=True):
        length = plane.pitch * plane.lines
        pattern = bytes(16 + row * 37 % 211 for row in range(length))
        ctypes.memmove(address, pattern, length)
    return frame


def fill(plane: Plane, size: QSize) -> None:
    for row in range(size.height()):
        ctypes.memset(plane.address + row * plane.pitch, 0xFF, size.width() * 4)


def test_the_pixels_are_those_of_the_target_and_no_others(
    picture: QImage, painter: QPainter
) -> None:
    plane = pixels_of(painter, TARGET)
    assert plane is not None
    fill(plane, TARGET.size())
    painter.end()
    expected = QImage(picture.size(), picture.format())
    expected.fill(NAVY)
    with_white = QPainter(expected)
    with_white.fillRect(TARGET, QColor("white"))
    with_white.end()
    assert picture == expected


def moved_to_it(painter: QPainter) -> QRect:
    painter.translate(32, 20)
    return QRect(0, 0, 128, 64)


def clipped_beside_it(painter: QPainter) -> QRect:
    painter.setClipRect(0, 10, WIDTH, 100)
    return TARGET


def clipped_by_several_that_cover_it(painter: QPainter) -> QRect:
    painter.setClipRegion(QRegion(0, 0, 100, HEIGHT) + QRegion(100, 10, 100, 100))
    return TARGET


@pytest.mark.parametrize(
    "prepare", [moved_to_it, clipped_beside_it, clipped_by_several_that_cover_it]
)
def test_the_same_pixels_are_found(painter: QPainter, prepare: Callable[[QPainter], QRect]) -> None:
    expected = pixels_of(painter, TARGET)
    assert expected is not None
    assert pixels_of(painter, prepare(painter)) == expected


def clipped(painter: QPainter) -> QRect:
    painter.setClipRect(TARGET.adjusted(0, 0, 0, -1))
    return TARGET


def clipped_before_it_moved(painter: QPainter) -> QRect:
    painter.setClipRect(TARGET)
    painter.translate(16, 0)
    return TARGET


def with_something_opaque_above(painter: QPainter) -> QRect:
    painter.setClipRegion(QRegion(TARGET) - QRegion(40, 40, 10, 10))
    return TARGET


def without_anything_to_draw(painter: QPainter) -> QRect:
    painter.setClipRegion(QRegion())
    return TARGET


def half_faded(painter: QPainter) -> QRect:
    painter.setOpacity(0.999)
    return TARGET


def mixed_with_what_is_there(painter: QPainter) -> QRect:
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
    return TARGET


def between_two_pixels(painter: QPainter) -> QRect:
    painter.translate(0, 0.5)
    return TARGET


def enlarged(painter: QPainter) -> QRect:
    painter.scale(1.5, 1)
    return TARGET


def mirrored(painter: QPainter) -> QRect:
    painter.translate(0, HEIGHT)
    painter.scale(1, -1)
    return TARGET


def beyond_the_right(_painter: QPainter) -> QRect:
    return TARGET.translated(WIDTH - 64, 0)


def beyond_the_top(painter: QPainter) -> QRect:
    painter.translate(0, -21)
    return TARGET


def at_an_odd_place(_painter: QPainter) -> QRect:
    return TARGET.translated(1, 0)


def of_an_odd_width(_painter: QPainter) -> QRect:
    return TARGET.adjusted(0, 0, -1, 0)


def of_an_odd_height(_painter: QPainter) -> QRect:
    return TARGET.adjusted(0, 0, 0, -1)


@pytest.mark.parametrize(
    "prepare",
    [
        *(clipped, clipped_before_it_moved, with_something_opaque_above, without_anything_to_draw),
        *(half_faded, mixed_with_what_is_there, between_two_pixels, enlarged, mirrored),
        *(beyond_the_right, beyond_the_top, at_an_odd_place, of_an_odd_width, of_an_odd_height),
    ],
)
def test_a_painter_is_left_to_do(painter: QPainter, prepare: Callable[[QPainter], QRect]) -> None:
    assert pixels_of(painter, TARGET) is not None
    assert pixels_of(painter, prepare(painter)) is None


def test_pixels_of_another_kind_are_left_to_the_painter(qtbot: QtBot) -> None:
    fine = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)
    fine.setDevicePixelRatio(2)
    unaligned = QImage(WIDTH + 1, HEIGHT, QImage.Format.Format_RGB32)
    small = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB16)
    for device in (fine, unaligned, small, QPixmap(WIDTH, HEIGHT)):
        painter = QPainter(device)
        assert pixels_of(painter, QRect(0, 0, 128, 64)) is None
        painter.end()


def test_a_picture_that_somebody_shares_stays_where_it_is(
    picture: QImage, painter: QPainter
) -> None:
    before = pixels_of(painter, TARGET)
    shared = QImage(picture)
    assert pixels_of(painter, TARGET) == before
    del shared


def painted(picture: QImage, frame: PlanarFrame, *clips: QRegion) -> QImage:
    """`picture` with `frame` on it, painted once for each of the clips."""
    onto = QImage(picture)
    painter = QPainter(onto)
    for clip in clips:
        painter.setClipRegion(clip)
        frame.draw(painter, QRectF(32, 4, 128, 180))
    painter.end()
    return onto


def test_a_frame_looks_the_same_as_in_bands(picture: QImage) -> None:
    frame = patterned_frame(QSize(128, 180))  # three bands, the last one shorter
    whole = QRegion(picture.rect())
    above, below = QRegion(0, 0, WIDTH, 99), QRegion(0, 99, WIDTH, HEIGHT)
    at_once = painted(picture, frame, whole)
    assert at_once == painted(picture, frame, above, below)
    assert at_once != picture


class OrdinaryItem(FrameItem):
    """What the frame item would be without a node of its own: the picture to compare with."""

    updatePaintNode = QQuickPaintedItem.updatePaintNode  # noqa: N815  (Qt's name)


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[QQuickWindow]:
    window = QQuickWindow()
    window.resize(QSize(WIDTH, HEIGHT))
    window.setColor(NAVY)
    window.show()
    qtbot.waitExposed(window)
    yield window
    window.close()
    window.deleteLater()


def at_an_even_place(item: FrameItem) -> None:
    item.setX(32)


def one_pixel_to_the_right(item: FrameItem) -> None:
    item.setX(33)


def half_out_of_the_window(item: FrameItem) -> None:
    item.setY(-31)


def under_a_ticker(item: FrameItem) -> None:
    ticker = FrameItem(item)
    ticker.setY(40)
    ticker.setSize(QSize(100, 17))
    image = QImage(100, 17, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    ticker.show_frame(image)


def in_the_middle_of_a_fade(item: FrameItem) -> None:
    item.setOpacity(0.4)


def clipped_by_its_parent(item: FrameItem) -> None:
    parent = QQuickItem(item.parentItem())
    parent.setSize(QSize(100, 41))
    parent.setClip(True)
    item.setParentItem(parent)


def in_a_letterbox(item: FrameItem) -> None:
    item.set_backdrop(QColor("black"))


def shown(window: QQuickWindow, item: FrameItem, prepare: Callable[[FrameItem], None]) -> QImage:
    item.setSize(QSize(160, 100))
    item.show_frame(patterned_frame(), QRectF(16, 10, SIZE.width(), SIZE.height()))
    prepare(item)
    image = window.grabWindow()
    item.setParentItem(None)  # type: ignore[arg-type]  # Qt takes None: out of the scene
    return image


@pytest.mark.parametrize(
    "prepare",
    [
        *(at_an_even_place, one_pixel_to_the_right, half_out_of_the_window, under_a_ticker),
        *(in_the_middle_of_a_fade, clipped_by_its_parent, in_a_letterbox),
    ],
)
def test_it_looks_as_an_ordinary_painted_item_does(
    window: QQuickWindow, prepare: Callable[[FrameItem], None]
) -> None:
    ordinary = shown(window, OrdinaryItem(window.contentItem()), prepare)
    ours = shown(window, FrameItem(window.contentItem()), prepare)
    assert largest_difference(ours, ordinary) <= (2 if prepare is in_the_middle_of_a_fade else 0)
    assert len({ours.pixel(60, y) for y in range(HEIGHT)}) > 5, "nothing was drawn"


def largest_difference(one: QImage, other: QImage) -> int:
    assert (one.size(), one.format()) == (other.size(), other.format())
    both = zip(bytes(one.constBits()), bytes(other.constBits()), strict=True)
    return max(abs(a - b) for a, b in both)


class Observed(PlanarFrame):
    """A frame that notes of each drawing whether its pixels could be found."""

    def __init__(self) -> None:
        layout = planar_layout(SIZE.width(), SIZE.height())
        super().__init__(layout, Colours(bt709=True))
        self.found: list[bool] = []

    def draw(self, painter: QPainter, target: QRectF) -> None:
        self.found.append(pixels_of(painter, target.toRect()) is not None)
        super().draw(painter, target)


def test_a_window_on_a_screen_has_its_pixels_in_memory(window: QQuickWindow, qtbot: QtBot) -> None:
    item = FrameItem(window.contentItem())
    item.setSize(SIZE)
    frame = Observed()
    item.show_frame(frame)
    qtbot.waitUntil(lambda: bool(frame.found))
    before = len(frame.found)
    window.resize(WIDTH * 2, HEIGHT * 2)
    item.setX(64)
    qtbot.waitUntil(lambda: len(frame.found) > before)
    assert all(frame.found)
