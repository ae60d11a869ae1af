"""Makes the real slots of a side: pictures through Pillow, videos through libVLC, cards in QML.

Each kind is loaded when it first comes up: a screen of pictures never loads libVLC.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtQuick import QQuickItem

from player.clock import Clock
from player.stage.alarm import QtAlarm
from player.stage.card_slot import CardSlot
from player.stage.media.frame_item import FrameItem
from player.stage.media.pictures import PictureSlot, TakeEarly
from player.stage.media.port import MediaRequest, MediaSlot, SlotSignals
from player.stage.media.workers import Workers
from player.stage.qml_parts import QmlParts

if TYPE_CHECKING:
    from player.stage.media.video import VideoEngine

__all__ = ["Makers"]


class Makers:
    """`side.SlotMakers` with everything behind them, and the way to close it.  GUI thread only."""

    def __init__(
        self,
        parts: QmlParts,
        worn_out: Callable[[str], None],
        clock: Clock,
        *,
        audio_output: str | None = None,
        volume: int = 0,
        early: TakeEarly | None = None,
    ) -> None:
        self._audio_output = audio_output
        self._volume = volume
        self._early = early
        self._workers = Workers()
        self._parts, self._clock = parts, clock
        self._worn_out = worn_out
        self._engine: VideoEngine | None = None

    @property
    def workers(self) -> Workers:
        """The threads that decode pictures."""
        return self._workers

    def frames(self, kind: str, item: FrameItem) -> MediaSlot:
        """See `SlotMakers`."""
        if kind == "image":
            return PictureSlot(item, self._workers, early=self._early)
        if kind == "music" and not self._volume:
            return _Silence()  # libVLC need not be loaded for what nobody hears
        engine = self._sounding()
        if isinstance(engine, str):
            return _NoVideo(engine)
        return engine.music() if kind == "music" else engine.slot(item)

    def cards(self, item: QQuickItem) -> CardSlot:
        """See `SlotMakers`."""
        return CardSlot(item, self._parts.card_host, self._clock, QtAlarm())

    def _sounding(self) -> "VideoEngine | str":
        """The engine of all that libVLC plays, or why there is none."""
        from player.stage.media.errors import MediaError
        from player.stage.media.video import VideoEngine

        if self._engine is None:
            try:
                engine = VideoEngine.with_libvlc(self._audio_output)
            except (MediaError, ImportError, OSError) as error:
                return str(error)
            engine.volume = self._volume
            engine.worn_out.connect(self._worn_out)
            self._engine = engine
        return self._engine

    def close(self, deadline_s: float) -> bool:
        """Wait for decoders; False: one hangs, leave by `os._exit`."""
        clean = self._workers.close(deadline_s)
        if self._engine is not None:
            clean = self._engine.shutdown(deadline_s) and clean
        return clean


class _Silence:
    """Stands in for music on a screen that is mute: it is always ready."""

    def __init__(self) -> None:
        self.signals = SlotSignals()

    def prepare(self, ticket: int, _request: MediaRequest) -> None:
        """Be ready, once the caller is done."""
        QTimer.singleShot(0, lambda: self.signals.ready.emit(ticket))

    def start(self, ticket: int) -> None:
        """Nothing to start."""

    def release(self) -> None:
        """Nothing to let go of."""


class _NoVideo:
    """Stands in for videos and music where libVLC is missing: each fails, with the reason."""

    def __init__(self, reason: str) -> None:
        self.signals = SlotSignals()
        self._reason = reason

    def prepare(self, ticket: int, _request: MediaRequest) -> None:
        """Fail, once the caller is done."""
        QTimer.singleShot(0, lambda: self.signals.failed.emit(ticket, self._reason))

    def start(self, ticket: int) -> None:
        """Never comes to it."""

    def release(self) -> None:
        """Nothing to let go of."""
