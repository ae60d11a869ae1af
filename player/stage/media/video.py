"""Videos and streams in the stage: the engine of the process, and one slot per `FrameItem`.

Used by the stage on the GUI thread.  No call here blocks: each play is a `Playback` with a
thread of its own.  A decoder that never lets go is abandoned with its thread; the slot goes on
with a fresh one, and after `Limits.abandoned` of them the engine asks for a restart.
"""

import logging
import time

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from player.stage.media.decoder import DecoderFactory, PlayOptions
from player.stage.media.frame_item import FrameItem
from player.stage.media.libvlc import LibVlc, arguments
from player.stage.media.mixer import Mixer
from player.stage.media.music import MusicPlayback, MusicSlot
from player.stage.media.playback import Playback, Report
from player.stage.media.port import MediaRequest, SlotSignals
from player.stage.media.showing import FileShowing, Limits, Showing
from player.stage.media.stream_showing import StreamShowing

__all__ = ["Limits", "VideoEngine", "VideoSlot"]

_WATCH_PERIOD_MS = 250

_log = logging.getLogger("media")

_Closing = Playback | MusicPlayback


class VideoEngine(QObject):
    """All video of the process: the decoder library, the slots, and what is being closed.

    `volume` is in per cent, for every video that begins from now on; 0 is no sound at all.
    """

    worn_out = Signal(str)
    """The process should be restarted at the next quiet moment; the text says why."""

    def __init__(
        self, make_decoder: DecoderFactory, limits: Limits | None = None, volume: int = 100
    ) -> None:
        super().__init__()
        self.make_decoder = make_decoder
        self.limits = limits or Limits()
        self.volume = volume
        self.mixer = Mixer()
        self.abandoned: list[_Closing] = []
        self._closing: list[tuple[float, _Closing]] = []
        self._watch = QTimer(self)
        self._watch.setInterval(_WATCH_PERIOD_MS)
        self._watch.timeout.connect(self._look_after_closing)
        self._library: LibVlc | None = None

    @classmethod
    def with_libvlc(
        cls,
        audio_output: str | None = None,
        *,
        hardware: str = "none",
        limits: Limits | None = None,
        volume: int = 100,
        threads: int = 0,
    ) -> "VideoEngine":
        """The engine that plays through libVLC; raise `DecoderMissing` if there is none.

        For the names and numbers see `libvlc.arguments`.
        """
        library = LibVlc(arguments(audio_output, hardware, threads))
        engine = cls(library.decoder, limits, volume)
        engine._library = library
        return engine

    def slot(self, item: FrameItem) -> "VideoSlot":
        """A slot that fills `item`."""
        return VideoSlot(self, item)

    def music(self) -> MusicSlot:
        """A slot for music behind a layout."""
        return MusicSlot(self, self)

    def retire(self, playback: _Closing) -> None:
        """Close `playback` in its own time, and watch that it does."""
        playback.close()
        self._closing.append((time.monotonic(), playback))
        if not self._watch.isActive():
            self._watch.start()

    @Slot()
    def _look_after_closing(self) -> None:
        now = time.monotonic()
        open_still = [(since, one) for since, one in self._closing if not one.closed]
        self._closing = []
        for since, playback in open_still:
            if now - since > self.limits.close_s:
                self._abandon(playback)
            else:
                self._closing.append((since, playback))
        if not self._closing:
            self._watch.stop()

    def _abandon(self, playback: _Closing) -> None:
        self.abandoned.append(playback)
        _log.warning(
            "the decoder of %s did not stop within %g s and was left behind (%d so far)",
            playback.request.source,
            self.limits.close_s,
            len(self.abandoned),
        )
        if len(self.abandoned) == self.limits.abandoned:
            self.worn_out.emit(
                f"{len(self.abandoned)} video decoders hang and hold their memory:"
                " restart the player"
            )

    def shutdown(self, deadline_s: float) -> bool:
        """Wait for all that is closing, at most `deadline_s`; False: leave by `os._exit`.

        Every slot must have been released.
        """
        until = time.monotonic() + deadline_s
        for _since, playback in self._closing:
            playback.join(max(0.0, until - time.monotonic()))
        self._watch.stop()
        clean = all(one.closed for one in self.abandoned) and all(
            one.closed for _since, one in self._closing
        )
        if clean and self._library is not None:
            self._library.close()
            self._library = None
        return clean


class VideoSlot(QObject):
    """A `MediaSlot` for videos and streams; also the `Crew` of its showing."""

    _reported = Signal(object, object, str)

    def __init__(self, engine: VideoEngine, item: FrameItem) -> None:
        super().__init__(engine)
        self.signals = SlotSignals(self)
        self.limits = engine.limits
        self._engine = engine
        self._item = item
        self._ticket = 0
        self._has_sound = False
        self._showing: Showing | None = None
        self._watch = QTimer(self)
        self._watch.setInterval(_WATCH_PERIOD_MS)
        self._watch.timeout.connect(self._look)
        self._alarm = QTimer(self)
        self._alarm.setSingleShot(True)
        self._alarm.setTimerType(Qt.TimerType.PreciseTimer)
        self._alarm.timeout.connect(self._ring)
        self._reported.connect(self._hear, Qt.ConnectionType.QueuedConnection)

    # As a `MediaSlot`

    def prepare(self, ticket: int, request: MediaRequest) -> None:
        """See `MediaSlot.prepare`."""
        self._drop_showing()
        self._ticket = ticket
        volume = self._engine.volume
        self._has_sound = sound = request.sound and volume > 0
        if request.kind == "stream":
            options = PlayOptions(0, sound, volume, live=True)
            self._showing = StreamShowing(self, request, options, time.monotonic())
        else:
            options = PlayOptions(request.offset_ms, sound, volume)
            self._showing = FileShowing(self, request, options)
        self._watch.start()

    def start(self, ticket: int) -> None:
        """See `MediaSlot.start`."""
        if ticket == self._ticket and self._showing is not None:
            if self._has_sound:
                self._engine.mixer.speak(self)
            self._showing.start(time.monotonic())

    def release(self) -> None:
        """See `MediaSlot.release`."""
        self._drop_showing()
        self._item.show_frame(None)

    def _drop_showing(self) -> None:
        self._watch.stop()
        self._alarm.stop()
        self._engine.mixer.fall_silent(self)
        if self._showing is not None:
            self._showing.close()
            self._showing = None

    @Slot(object, object, str)
    def _hear(self, playback: Playback, report: Report, reason: str) -> None:
        if self._showing is not None:
            self._showing.hear(playback, report, reason, time.monotonic())

    @Slot()
    def _look(self) -> None:
        if self._showing is not None:
            self._showing.look(time.monotonic())

    @Slot()
    def _ring(self) -> None:
        if self._showing is not None:
            self._showing.moment(time.monotonic())

    # As a `Crew`

    def open(
        self, request: MediaRequest, options: PlayOptions, *, hidden: bool = False
    ) -> Playback:
        """See `Crew.open`."""
        playback = Playback(
            self._engine.make_decoder,
            request,
            options,
            self._item,
            self._reported.emit,
            hidden=hidden,
        )
        playback.begin()
        return playback

    def retire(self, playback: Playback) -> None:
        """See `Crew.retire`."""
        self._engine.retire(playback)

    def alarm(self, after_s: float) -> None:
        """See `Crew.alarm`."""
        self._alarm.start(round(after_s * 1000))

    def ready(self) -> None:
        """See `Crew.ready`."""
        self.signals.ready.emit(self._ticket)

    def failed(self, reason: str) -> None:
        """See `Crew.failed`."""
        self._drop_showing()
        self.signals.failed.emit(self._ticket, reason)

    def noted(self, note: str) -> None:
        """See `Crew.noted`."""
        self.signals.noted.emit(self._ticket, note)
