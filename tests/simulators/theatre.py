"""A whole stage in the test's own process: real director, zones, decoders and QML, offscreen.

Every frame that is presented can be looked at.  Only the clock is ours.
"""

from collections.abc import Callable, Collection
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication, QElapsedTimer, QEventLoop, Qt, QTimer
from PySide6.QtGui import QColor, QImage
from PySide6.QtQuick import QQuickWindow
from pytestqt.qtbot import QtBot

from manifest.model import Manifest
from player.clock import Clock
from player.stage.alarm import Alarm, QtAlarm
from player.stage.clerk import Clerk
from player.stage.director import Director
from player.stage.files import Files
from player.stage.house import House, Relay
from player.stage.layer import ZonePool
from player.stage.makers import Makers
from player.stage.programme import Programme
from player.stage.qml_parts import QmlParts, QmlSlate
from player.stage.scene import Take, identity
from player.stage.side import SlotMakers
from player.stage.stage import SLATE_Z, Stage
from tests.simulators.stage_programmes import programme

Rgb = tuple[int, int, int]

HEARTBEAT_MS = 10


class NoteBook:
    """A journal that remembers."""

    def __init__(self) -> None:
        self.shown_items: list[str] = []
        self.plays: list[tuple[str, datetime, datetime]] = []
        self.faults: list[tuple[str, str, str]] = []
        self.mended: list[str] = []
        self.touched: list[str] = []
        self._began: dict[str, datetime] = {}

    def preparing(self, take: Take) -> None:
        self.touched.append(identity(take.asset))

    def rested(self, take: Take) -> None:
        pass

    def entering(self, take: Take) -> None:
        pass

    def shown(self, take: Take, at: datetime) -> None:
        self.shown_items.append(take.item.id)
        self._began[take.zone] = at

    def ended(self, take: Take, at: datetime) -> None:
        self.plays.append((take.item.id, self._began.pop(take.zone), at))

    def released(self, take: Take) -> None:
        self.touched.remove(identity(take.asset))

    def fault(self, code: str, subject: str, reason: str) -> None:
        self.faults.append((code, subject, reason))

    def well(self, subject: str, still: Collection[str]) -> None:
        self.mended.append(subject)


class Theatre:
    """Build it, `play` something, look; `close` lets go of everything and checks that it does."""

    def __init__(
        self,
        qtbot: QtBot,
        clock: Clock,
        *,
        make_alarm: Callable[[], Alarm] = QtAlarm,
        size: tuple[int, int] = (320, 180),
        wrap: Callable[[Makers], SlotMakers] = lambda makers: makers,
        book: NoteBook | None = None,
        volume: int = 0,
    ) -> None:
        self.qtbot = qtbot
        self.book = book or NoteBook()
        self.parts = QmlParts()
        self.makers = Makers(
            self.parts, lambda _reason: None, clock, audio_output="adummy", volume=volume
        )
        self._clerk = Clerk("files")
        self.files = Files(self._clerk)
        self.window = QQuickWindow()
        self.window.setColor(QColor("#404040"))
        self.window.resize(*size)
        relay = Relay(self.book)
        self.pool = ZonePool(wrap(self.makers), self.files, clock, QtAlarm, relay)
        slate = QmlSlate(self.parts, self.window.contentItem(), SLATE_Z)
        self.stage = Stage(self.window, self.pool, slate)
        house = House(self.stage, lambda: "lobby", lambda: ZoneInfo("Asia/Shanghai"), lambda: None)
        self.director = Director(clock, make_alarm(), house, self.book)
        relay.director = self.director
        self.looks: list[QImage] = []
        self._look: Callable[[QImage], None] | None = None
        self.window.show()
        qtbot.waitExposed(self.window)

    def play(self, made: Manifest | Programme, paths: list[Path] | None = None) -> None:
        """Load a programme."""
        loaded = programme(made, paths or []) if isinstance(made, Manifest) else made
        self.files.use(loaded)
        self.director.load(loaded)

    def look(self) -> QImage:
        """What is on the glass now."""
        return self.window.grabWindow()

    def colour(self, x: float = 0.5, y: float = 0.5) -> Rgb:
        """The colour at a place, in shares of the window."""
        return colour_at(self.look(), x, y)

    def wait_for(self, true: Callable[[], bool], timeout_ms: int = 10_000) -> None:
        """Let the stage run until it is true, looking every few milliseconds.

        One heartbeat for all the looks: `qtbot.waitUntil` makes new connections for each, and every
        one of them leaves references to None behind, which the soak counts.
        """
        heart = QTimer()
        heart.start(HEARTBEAT_MS)
        give_up = QElapsedTimer()
        give_up.start()
        try:
            while not true():
                assert give_up.elapsed() < timeout_ms, f"it did not come true in {timeout_ms} ms"
                QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        finally:
            heart.stop()

    def wait_for_colour(self, rgb: Rgb, x: float = 0.5, y: float = 0.5) -> None:
        self.wait_for(lambda: alike(self.colour(x, y), rgb))

    def inspect(self, look: Callable[[QImage], None]) -> None:
        """Hand every frame that is presented from now on to `look`."""
        self._look = look
        queued = Qt.ConnectionType.QueuedConnection
        self.window.frameSwapped.connect(self._presented, queued)

    def _presented(self) -> None:
        if self._look is not None:
            self._look(self.look())

    def close(self) -> None:
        self._look = None
        self.director.stop()
        self.stage.strike()
        assert self.book.touched == [], "these takes were touched and never let go of"
        assert self._clerk.close(5.0)
        assert self.makers.close(5.0)
        self.window.hide()
        self.parts.close()
        self.window.deleteLater()


def colour_at(image: QImage, x: float, y: float) -> Rgb:
    at = image.pixelColor(int(x * (image.width() - 1)), int(y * (image.height() - 1)))
    return at.red(), at.green(), at.blue()


def alike(one: Rgb, other: Rgb, tolerance: int = 24) -> bool:
    return all(abs(a - b) <= tolerance for a, b in zip(one, other, strict=True))
