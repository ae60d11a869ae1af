"""Frames from a decoder: the newest is painted, whatever the GUI thread was busy with."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter
from PySide6.QtQuick import QQuickWindow
from pytestqt.qtbot import QtBot

from player.stage.media.frame_item import WAITING, FrameItem

WAIT_MS = 10_000


@dataclass
class Painted:
    """The names of all that was painted, each once in a row."""

    names: list[str] = field(default_factory=list)

    def frame(self, name: str) -> "NamedFrame":
        return NamedFrame(name, self)


@dataclass(eq=False)
class NamedFrame:
    name: str
    painted: Painted
    is_opaque: bool = True

    def draw(self, painter: QPainter, target: QRectF) -> None:
        painter.fillRect(target, QColor("red"))
        if self.painted.names[-1:] != [self.name]:
            self.painted.names.append(self.name)


@pytest.fixture
def item(qtbot: QtBot) -> Iterator[FrameItem]:
    window = QQuickWindow()
    window.resize(64, 64)
    item = FrameItem(window.contentItem())
    item.setSize(window.size())
    window.show()
    qtbot.waitExposed(window)
    yield item
    window.close()
    window.deleteLater()


def decode(item: FrameItem, *frames: NamedFrame) -> None:
    """Show them from another thread, while this one, the GUI's, does nothing."""
    thread = threading.Thread(target=lambda: [item.show_frame(frame) for frame in frames])
    thread.start()
    thread.join()


def test_of_more_than_there_is_room_for_the_oldest_goes(qtbot: QtBot, item: FrameItem) -> None:
    painted = Painted()
    decode(item, *map(painted.frame, "abcde"))
    qtbot.waitUntil(lambda: painted.names[-1:] == ["e"], timeout=WAIT_MS)
    assert painted.names == list("abcde"[-WAITING:])


def test_what_the_gui_thread_shows_replaces_whatever_waits(qtbot: QtBot, item: FrameItem) -> None:
    painted = Painted()
    decode(item, painted.frame("a"), painted.frame("b"))
    item.show_frame(painted.frame("now"))
    qtbot.waitUntil(lambda: painted.names == ["now"], timeout=WAIT_MS)
    qtbot.wait(100)
    assert painted.names == ["now"]


def test_the_first_frame_behind_the_scene_waits_for_no_paint(qtbot: QtBot, item: FrameItem) -> None:
    painted = Painted()
    item.setVisible(False)
    item.show_frame(None)
    frame = painted.frame("first")
    decode(item, frame)
    qtbot.waitUntil(lambda: item._frame is frame, timeout=WAIT_MS)
