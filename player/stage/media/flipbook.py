"""Turns the frames of an animation over in its `FrameItem`, each at its moment.

Lives on the GUI thread.  While one frame stands, the next one is decoded by a worker and held
ready; frames whose time passed while the machine was busy are left out, never queued.
"""

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Slot

from player.stage.alarm import precise
from player.stage.media.animation import Animation, Prepared
from player.stage.media.picture_frame import Frame
from player.stage.media.workers import Errand

__all__ = ["Flipbook"]


class Flipbook(QObject):
    """Runs one animation at a time; `show` draws a frame, `failed` hears why it cannot go on."""

    def __init__(
        self,
        errand: Errand,
        show: Callable[[Frame], None],
        failed: Callable[[BaseException], None],
        parent: QObject,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._show = show
        self._failed = failed
        self._monotonic = monotonic
        self._errand = errand
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        precise(self._timer)
        self._timer.timeout.connect(self._turn)
        self._animation: Animation | None = None
        self._next: Prepared | None = None
        self._began_at: float | None = None
        self._position_ms = 0

    def hold(self, first: Prepared, position_ms: int) -> None:
        """Take over the animation that begins with `first`, which stands until `start`."""
        self.stop()
        self._animation = first.animation
        self._position_ms = position_ms
        self._fetch_after(first)

    def start(self) -> None:
        """Let time run from the position it was held at."""
        if self._began_at is not None:
            return
        self._began_at = self._monotonic() - self._position_ms / 1000
        self._arm()

    def stop(self) -> None:
        """Drop every frame and close the file, now or as soon as no worker reads it."""
        self._timer.stop()
        self._errand.drop()  # if a worker has the animation, its end closes it
        animation, self._animation = self._animation, None
        self._next = self._began_at = None
        if animation is not None:
            animation.close()

    def _fetch_after(self, shown: Prepared) -> None:
        """Have the frame after `shown` decoded, or the one that is due by now if that is later."""
        animation, until_ms = self._animation, shown.moment.until_ms
        if animation is None or until_ms is None:
            return
        self._animation = None  # the worker's until it answers
        position_ms = max(until_ms, self._now_ms())
        self._errand.send(
            lambda job: animation.frame_at(position_ms, job.go_on),
            self._arrived,
            self._failed,
            lambda _outcome: animation.close(),
        )

    def _arrived(self, prepared: Prepared) -> None:
        self._next, self._animation = prepared, prepared.animation
        self._arm()

    def _arm(self) -> None:
        if self._next is not None and self._began_at is not None:
            self._timer.start(max(0, self._next.moment.since_ms - self._now_ms()))

    @Slot()
    def _turn(self) -> None:
        shown, self._next = self._next, None
        if shown is not None:
            self._show(shown.frame)
            self._fetch_after(shown)

    def _now_ms(self) -> int:
        if self._began_at is None:
            return self._position_ms
        return round((self._monotonic() - self._began_at) * 1000)
