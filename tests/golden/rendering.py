"""Cards drawn as on the wall: the slot, the host and the QML of the stage, offscreen.

One window, one slot and one engine for all of them, so that a hundred pictures take seconds.
"""

import time
from datetime import datetime
from pathlib import Path

from msgspec import Struct
from PIL import Image
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtQuick import QQuickItem, QQuickWindow

from player.stage.alarm import QtAlarm
from player.stage.card_slot import CardRequest, CardSlot
from player.stage.qml_parts import QmlParts
from tests.golden.case import NOON, Case

__all__ = ["Drawn", "Renderer"]

#: A card stands by then, or has failed.
DEADLINE_MS = 20_000


class Drawn(Struct, frozen=True):
    """A picture of a card, and how long after `prepare` its first frame was there.

    By the clock, and in the time of the processor: a busy machine stretches only the first.
    """

    image: Image.Image
    first_frame_ms: float
    busy_ms: float


class _StandingClock:
    """Wall time stands where it was put."""

    at: datetime = NOON

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return time.monotonic()


class Renderer:
    """Draws cards one after another.  GUI thread only; `close` it."""

    def __init__(self) -> None:
        self._app = QGuiApplication.instance() or QGuiApplication(["golden"])
        self._parts = QmlParts()
        self._window = QQuickWindow()
        self._item = QQuickItem(self._window.contentItem())
        self._clock = _StandingClock()
        self._slot = CardSlot(self._item, self._parts.card_host, self._clock, QtAlarm())
        self._slot.signals.ready.connect(self._stands)
        self._slot.signals.failed.connect(self._fails)
        self._loop = QEventLoop()
        self._failures: list[str] = []
        self._window.show()

    def draw(self, case: Case) -> Drawn:
        """The picture of a card in its zone; `AssertionError` if the stage refuses it."""
        self._window.resize(*case.screen)
        self._item.setWidth(case.size[0])
        self._item.setHeight(case.size[1])
        began, busy = time.perf_counter(), time.process_time()
        # As on the wall: a card is prepared unseen, and stands whole when its turn comes.
        self._item.setVisible(False)
        self._stand(case)
        self._item.setVisible(True)
        image = self._window.grabWindow()
        took_ms = (time.perf_counter() - began) * 1000
        busy_ms = (time.process_time() - busy) * 1000
        self._slot.release()
        return Drawn(_cropped(image, case.size), took_ms, busy_ms)

    def _stand(self, case: Case) -> None:
        self._clock.at, self._failures = case.at, []
        files = {name: Path(path) for name, path in case.files.items()}
        request = CardRequest(
            case.asset, files, case.offset_ms, 60_000, case.at, str(case.at.tzinfo)
        )
        QTimer.singleShot(0, lambda: self._slot.prepare(1, request))
        deadline = QTimer(singleShot=True)
        deadline.timeout.connect(lambda: self._fails(1, "not ready in time"))
        deadline.start(DEADLINE_MS)
        self._loop.exec()
        deadline.stop()
        assert not self._failures, f"{case.name}: {self._failures[0]}"

    def _stands(self, _ticket: int) -> None:
        self._loop.quit()

    def _fails(self, _ticket: int, reason: str) -> None:
        self._failures.append(reason)
        self._loop.quit()

    def scene_graph(self) -> str:
        """What draws: "Software" or "OpenGL"."""
        self._window.grabWindow()
        return self._window.rendererInterface().graphicsApi().name

    def close(self) -> None:
        """Let go of everything."""
        self._slot.release()
        self._window.hide()
        self._parts.close()
        self._window.deleteLater()


def _cropped(image: QImage, size: tuple[int, int]) -> Image.Image:
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    shape, stride = (plain.width(), plain.height()), plain.bytesPerLine()
    picture = Image.frombuffer("RGB", shape, bytes(plain.constBits()), "raw", "RGB", stride, 1)
    return picture.crop((0, 0, *size))
