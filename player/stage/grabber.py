"""The stage with a clock that stands still: shows one instant, whole, and takes its picture."""

import time
from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtQuick import QQuickWindow

from player.stage.alarm import QtAlarm
from player.stage.clerk import Clerk
from player.stage.files import Files
from player.stage.layer import ZonePool
from player.stage.makers import Makers
from player.stage.programme import Programme
from player.stage.qml_parts import QmlParts, QmlSlate
from player.stage.scene import Take, scene
from player.stage.slate import slate_face
from player.stage.stage import SLATE_Z, Stage
from scheduler.timeline import on_screen_at

__all__ = ["Grabber"]

#: Everything must stand, or have failed, by then.
DEADLINE_MS = 20_000
CLOSE_S = 2.0


class _StoppedClock:
    """Wall time stands where it was put; waiting is measured all the same."""

    def __init__(self, wall: datetime) -> None:
        self.wall = wall

    def now(self) -> datetime:
        return self.wall

    def monotonic(self) -> float:
        return time.monotonic()


class _Listener:
    """Hears from the zones when everything is shown, or what failed."""

    def __init__(self) -> None:
        self.stage: Stage | None = None
        self.waiting: set[str] = set()
        self.failures: list[str] = []
        self.loop = QEventLoop()

    def preparing(self, take: Take) -> None:
        """Nothing to note."""

    def rested(self, take: Take) -> None:
        """Nothing to note."""

    def entering(self, take: Take) -> None:
        """Nothing to note."""

    def shown(self, take: Take) -> None:
        self.waiting.discard(take.zone)
        self._look()

    def ended(self, take: Take) -> None:
        """Nothing to note."""

    def released(self, take: Take) -> None:
        """Nothing to note."""

    def failed(self, take: Take, reason: str) -> None:
        self.failures.append(f"{take.item.id} ({take.asset.title}): {reason}")
        self._look()

    def settled(self) -> None:
        if self.stage is not None:
            self.stage.settled()

    def _look(self) -> None:
        if not self.waiting or self.failures:
            QTimer.singleShot(0, self.loop.quit)


class Grabber:
    """Draws instants of one programme, `size` pixels large.  Needs an offscreen Qt."""

    def __init__(self, programme: Programme, size: tuple[int, int]) -> None:
        self._app = QGuiApplication.instance() or QGuiApplication(["yingbi-player"])
        self._programme = programme
        self._clock = _StoppedClock(programme.manifest.issued_at)
        self._clerk = Clerk("files")
        files = Files(self._clerk)
        files.use(programme)
        self._parts = QmlParts()
        self._makers = Makers(self._parts, _ignore, self._clock)
        self._listener = _Listener()
        self._window = QQuickWindow()
        self._window.resize(*size)
        pool = ZonePool(self._makers, files, self._clock, QtAlarm, self._listener, latency_s=0.0)
        slate = QmlSlate(self._parts, self._window.contentItem(), SLATE_Z)
        self._stage = self._listener.stage = Stage(self._window, pool, slate)
        self._window.show()

    def grab(self, at: datetime) -> tuple[QImage, list[str]]:
        """The picture of the instant `at`, and what could not be drawn of it."""
        manifest = self._programme.manifest
        self._clock.wall = at
        self._stage.strike()
        self._listener.failures = []
        due = scene(manifest, on_screen_at(manifest, at))
        if due is None:
            zone = ZoneInfo(manifest.timezone)
            self._stage.show_slate(slate_face(manifest.screen, "off_hours", at, zone))
        else:
            self._listener.waiting = set(due.takes)
            self._stage.show(due)
            self._wait()
        return self._window.grabWindow(), self._listener.failures

    def _wait(self) -> None:
        listener = self._listener
        if listener.waiting and not listener.failures:
            QTimer.singleShot(DEADLINE_MS, listener.loop, listener.loop.quit)
            listener.loop.exec()
        if listener.waiting and not listener.failures:
            late = ", ".join(sorted(listener.waiting))
            listener.failures.append(f"not ready within {DEADLINE_MS // 1000} s: zone {late}")

    def close(self) -> bool:
        """Let go of everything; False: a decoder hangs."""
        self._stage.strike()
        clean = self._clerk.close(CLOSE_S)
        clean = self._makers.close(CLOSE_S) and clean
        self._window.hide()
        self._parts.close()
        return clean


def _ignore(_reason: str) -> None:
    """A preview is one process for one picture: it is never worn out."""
