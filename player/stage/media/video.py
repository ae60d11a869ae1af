"""Videos and streams in the stage: the engine of the process, and one slot per `FrameItem`.

Used by the stage on the GUI thread.  No call here blocks: each showing is a `Playback` with a
thread of its own.  A decoder that never lets go is abandoned with its thread; the slot goes on
with a fresh one, and after `MAX_ABANDONED` of them the engine asks for a restart of the process.
"""

import logging
import time

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from player.stage.media.decoder import DecoderFactory, PlayOptions
from player.stage.media.frame_item import FrameItem
from player.stage.media.libvlc import LibVlc, arguments
from player.stage.media.playback import Playback, Report
from player.stage.media.port import MediaRequest, SlotSignals

__all__ = [
    "CLOSE_DEADLINE_S",
    "FIRST_FRAME_DEADLINE_S",
    "MAX_ABANDONED",
    "STALL_DEADLINE_S",
    "VideoEngine",
    "VideoSlot",
]

FIRST_FRAME_DEADLINE_S = 4.0
"""A file that has not shown its first frame by then has failed (reliability D05)."""

STALL_DEADLINE_S = 3.0
"""A video whose picture has not changed for so long while it plays has failed (D07)."""

CLOSE_DEADLINE_S = 2.0
"""A decoder that has not stopped by then is abandoned with its thread (D09)."""

MAX_ABANDONED = 8
"""After so many abandoned decoders their memory calls for a restart of the process."""

_WATCH_PERIOD_MS = 250

_log = logging.getLogger("media")


class VideoEngine(QObject):
    """All video of the process: the decoder library, the slots, and what is being closed.

    `volume` is in per cent, for every video that begins from now on; 0 is no sound at all.
    """

    worn_out = Signal(str)
    """The process should be restarted at the next quiet moment; the text says why."""

    def __init__(self, make_decoder: DecoderFactory) -> None:
        super().__init__()
        self.make_decoder = make_decoder
        self.volume = 100
        self.abandoned: list[Playback] = []
        self._closing: list[tuple[float, Playback]] = []
        self._watch = QTimer(self)
        self._watch.setInterval(_WATCH_PERIOD_MS)
        self._watch.timeout.connect(self._look_after_closing)
        self._library: LibVlc | None = None

    @classmethod
    def with_libvlc(cls, audio_output: str | None = None, hardware: str = "none") -> "VideoEngine":
        """The engine that plays through libVLC; raise `DecoderMissing` if there is none."""
        library = LibVlc(arguments(audio_output, hardware))
        engine = cls(library.decoder)
        engine._library = library
        return engine

    def slot(self, item: FrameItem) -> "VideoSlot":
        """A slot that fills `item`."""
        return VideoSlot(self, item)

    def retire(self, playback: Playback) -> None:
        """Close `playback` in its own time, and watch that it does."""
        playback.close()
        self._closing.append((time.monotonic(), playback))
        if not self._watch.isActive():
            self._watch.start()

    @Slot()
    def _look_after_closing(self) -> None:
        now = time.monotonic()
        left = [(since, one) for since, one in self._closing if not one.closed]
        late = [one for since, one in left if now - since > CLOSE_DEADLINE_S]
        self._closing = [(since, one) for since, one in left if one not in late]
        for playback in late:
            self._abandon(playback)
        if not self._closing:
            self._watch.stop()

    def _abandon(self, playback: Playback) -> None:
        self.abandoned.append(playback)
        _log.warning(
            "the decoder of %s did not stop within %.0f s and was left behind (%d so far)",
            playback.request.source,
            CLOSE_DEADLINE_S,
            len(self.abandoned),
        )
        if len(self.abandoned) == MAX_ABANDONED:
            self.worn_out.emit(
                f"{MAX_ABANDONED} video decoders hang and hold their memory: restart the player"
            )

    def shutdown(self, deadline_s: float) -> bool:
        """Wait for all that is closing, at most `deadline_s`; False: leave by `os._exit`.

        Every slot must have been released.
        """
        until = time.monotonic() + deadline_s
        for _since, playback in self._closing:
            playback.join(max(0.0, until - time.monotonic()))
        self._watch.stop()
        clean = not self.abandoned and all(one.closed for _since, one in self._closing)
        if clean and self._library is not None:
            self._library.close()
        return clean


class VideoSlot(QObject):
    """A `MediaSlot` for videos and streams."""

    _reported = Signal(object, object, str)

    def __init__(self, engine: VideoEngine, item: FrameItem) -> None:
        super().__init__(engine)
        self.signals = SlotSignals(self)
        self._engine = engine
        self._item = item
        self._ticket = 0
        self._playback: Playback | None = None
        self._watch = QTimer(self)
        self._watch.setInterval(_WATCH_PERIOD_MS)
        self._watch.timeout.connect(self._check_progress)
        self._since = 0.0
        self._reported.connect(self._hear, Qt.ConnectionType.QueuedConnection)

    def prepare(self, ticket: int, request: MediaRequest) -> None:
        """See `MediaSlot.prepare`."""
        self._drop_playback()
        self._ticket = ticket
        self._since = time.monotonic()
        self._playback = self._open(request)
        self._watch.start()

    def _open(self, request: MediaRequest) -> Playback:
        volume = self._engine.volume
        options = PlayOptions(
            offset_ms=request.offset_ms, sound=request.sound and volume > 0, volume=volume
        )
        playback = Playback(
            self._engine.make_decoder, request, options, self._item, self._reported.emit
        )
        playback.begin()
        return playback

    def start(self, ticket: int) -> None:
        """See `MediaSlot.start`."""
        if ticket == self._ticket and self._playback is not None:
            self._playback.run()

    def release(self) -> None:
        """See `MediaSlot.release`."""
        self._drop_playback()
        self._item.show_frame(None)

    def _drop_playback(self) -> None:
        self._watch.stop()
        if self._playback is not None:
            self._engine.retire(self._playback)
            self._playback = None

    @Slot(object, object, str)
    def _hear(self, playback: Playback, report: Report, reason: str) -> None:
        if playback is not self._playback:
            return  # a late word from an earlier showing
        if report is Report.FIRST_FRAME:
            self.signals.ready.emit(self._ticket)
        elif report is Report.FAILED or playback.frames == 0:
            self._fail(reason or "the file holds no picture that can be shown")
        else:
            self._again(playback)

    def _again(self, ended: Playback) -> None:
        """The clip is shorter than its span: begin anew; its last frame stays until then."""
        self._engine.retire(ended)
        self._playback = self._open(ended.request)
        self._playback.run()

    def _fail(self, reason: str) -> None:
        self._drop_playback()
        self.signals.failed.emit(self._ticket, reason)

    @Slot()
    def _check_progress(self) -> None:
        playback, now = self._playback, time.monotonic()
        if playback is None:
            return
        if not playback.frames:
            if now - self._since > FIRST_FRAME_DEADLINE_S:
                self._fail(f"no picture came within {FIRST_FRAME_DEADLINE_S:.0f} s")
        elif playback.run_at is not None and (
            now - max(playback.run_at, playback.last_frame_at) > STALL_DEADLINE_S
        ):
            self._fail(f"the picture has stood still for {STALL_DEADLINE_S:.0f} s")
