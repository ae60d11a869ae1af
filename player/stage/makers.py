"""Makes the real slots of a side: pictures through Pillow, videos through libVLC, cards in QML.

Each kind is loaded when it first comes up: a screen of pictures never loads libVLC.
"""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtQuick import QQuickItem

from player.clock import Clock
from player.stage.alarm import QtAlarm
from player.stage.card_slot import CardSlot
from player.stage.media.frame_item import FrameItem
from player.stage.media.pictures import PictureSlot, TakeEarly
from player.stage.media.port import MediaRequest, MediaSlot, SlotSignals
from player.stage.media.workers import Workers
from player.stage.qml_parts import QmlParts

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
        self._engine: QObject | None = None

    @property
    def workers(self) -> Workers:
        """The threads that decode pictures."""
        return self._workers

    def frames(self, kind: str, item: FrameItem) -> MediaSlot:
        """See `SlotMakers`."""
        if kind == "image":
            return PictureSlot(item, self._workers, early=self._early)
        return self._video(item)

    def cards(self, item: QQuickItem) -> CardSlot:
        """See `SlotMakers`."""
        return CardSlot(item, self._parts.card_host, self._clock, QtAlarm())

    def _video(self, item: FrameItem) -> MediaSlot:
        from player.stage.media.errors import MediaError
        from player.stage.media.video import VideoEngine

        if self._engine is None:
            try:
                engine = VideoEngine.with_libvlc(self._audio_output)
            except (MediaError, ImportError, OSError) as error:
                return _NoVideo(str(error))
            engine.volume = self._volume
            engine.worn_out.connect(self._worn_out)
            self._engine = engine
        assert isinstance(self._engine, VideoEngine)
        return self._engine.slot(item)

    def close(self, deadline_s: float) -> bool:
        """Wait for decoders; False: one hangs, leave by `os._exit`."""
        clean = self._workers.close(deadline_s)
        if self._engine is not None:
            clean = self._engine.shutdown(deadline_s) and clean  # type: ignore[attr-defined]
        return clean


class _NoVideo:
    """Stands in for videos where libVLC is missing: each fails, with the reason."""

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
