"""Music behind a layout: one piece of sound that goes round and round, and fades.

`MusicSlot` is a `MediaSlot` that draws nothing.  Made by `VideoEngine`, on the GUI thread; like a
video, each piece has a thread of its own that owns its decoder (docs/adr/0008), so that a sound
card or a file that hangs takes nothing with it.
"""

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Protocol

from PySide6.QtCore import QObject, Qt, Signal, Slot

from player.stage.media.decoder import Decoder, DecoderFactory, FrameLayout, PlayOptions
from player.stage.media.errors import MediaError
from player.stage.media.fitting import SourceFormat
from player.stage.media.mixer import Mixer
from player.stage.media.port import MediaRequest, SlotSignals
from player.stage.media.sniff import check_file, name_of

__all__ = ["MusicPlayback", "MusicSlot"]

_log = logging.getLogger("media")

STEP_S = 0.03
"""So often the volume moves a step while it fades."""

STEP_PERCENT = 4
"""... by so much: from nothing to full in 0.75 s."""

SHORTEST_PASS_S = 0.3
"""A piece that ends sooner held nothing that can be heard."""

SILENCE_S = 10.0
"""A piece of which nothing more has come for so long has failed: its disk or its device hangs."""


class MusicPlayback:
    """One piece, from `begin` to `close`; every decoder of it lives on its thread.

    `failed` gets one sentence, on that thread, at most once.  `volume` is what it is played with,
    in per cent; so many `passes` have begun.
    """

    def __init__(
        self, make_decoder: DecoderFactory, request: MediaRequest, failed: Callable[[str], None]
    ) -> None:
        self.request = request
        self.volume = 0
        self.passes = 0
        self._make_decoder = make_decoder
        self._failed = failed
        self._aim = 0
        self._closing = threading.Event()
        self._news: SimpleQueue[str] = SimpleQueue()
        self._thread = threading.Thread(target=self._live, name="music", daemon=True)

    def begin(self) -> None:
        """Play, from silence towards what was aimed at."""
        self._thread.start()

    def aim(self, volume: int) -> None:
        """Let the volume move to `volume` per cent."""
        self._aim = volume
        self._news.put("aim")

    def close(self) -> None:
        """Fade out and end, in its own time; nothing is told from now on."""
        self._closing.set()
        self.aim(0)

    @property
    def closed(self) -> bool:
        """Has its thread ended, and everything been freed?"""
        return not self._thread.is_alive()

    def join(self, timeout_s: float) -> None:
        """Wait for the thread's end, at most `timeout_s`."""
        self._thread.join(timeout_s)

    # On its own thread

    def _live(self) -> None:
        offset_ms, reason = self.request.offset_ms, ""
        try:
            while not self._closing.is_set():
                self._play_once(offset_ms)
                offset_ms = 0
        except MediaError as error:
            reason = str(error)
        if reason and not self._closing.is_set():
            self._failed(reason)

    def _play_once(self, offset_ms: int) -> None:
        assert isinstance(self.request.source, Path)
        check_file(self.request.source)
        decoder = self._make_decoder(self)
        self.passes += 1
        try:
            began = time.monotonic()
            decoder.open(
                self.request.source,
                PlayOptions(offset_ms, sound=True, volume=max(1, self.volume), picture=False),
            )
            decoder.resume()
            self._follow(decoder)
        finally:
            decoder.close()
        # A join near the end of the piece makes a short pass that is none the worse for it.
        if not self._closing.is_set() and not offset_ms:
            self._check_pass(time.monotonic() - began)

    def _check_pass(self, lasted_s: float) -> None:
        if lasted_s < SHORTEST_PASS_S:
            raise MediaError(f"{self._name}: it holds no sound that can be played")

    def _follow(self, decoder: Decoder) -> None:
        """Fade, and watch, until the pass ends or the piece is closed and silent."""
        progress, given_at = decoder.progress(), time.monotonic()
        while not (self._closing.is_set() and self.volume == 0):
            word = self._next_word(STEP_S if self.volume != self._aim else SILENCE_S / 10)
            if word == "end":
                break
            if word == "fail":
                raise MediaError(f"{self._name}: it cannot be opened or decoded")
            if self.volume != self._aim:
                self.volume = _a_step(self.volume, self._aim)
                decoder.set_volume(self.volume)
            before, progress = progress, decoder.progress()
            if before != progress:
                given_at = time.monotonic()
            elif time.monotonic() - given_at > SILENCE_S:
                raise MediaError(f"{self._name}: nothing more of it was heard for {SILENCE_S:g} s")

    def _next_word(self, timeout_s: float) -> str:
        try:
            return self._news.get(timeout=timeout_s)
        except Empty:
            return ""

    @property
    def _name(self) -> str:
        return repr(name_of(self.request.source))

    # On the decoder's threads: the `FrameSink` of a piece without pictures

    def lay_out(self, source: SourceFormat) -> FrameLayout:
        """See `FrameSink.lay_out`: never asked, its decoder is told to leave pictures alone."""
        raise MediaError(f"{self._name}: a picture {source.width} wide where only sound is wanted")

    def take(self) -> tuple[int, tuple[int, ...]]:
        """See `FrameSink.take`: never asked."""
        raise MediaError(f"{self._name}: a frame where only sound is wanted")

    def show(self, _frame: int) -> None:
        """See `FrameSink.show`: never called."""

    def end(self) -> None:
        """See `FrameSink.end`."""
        self._news.put("end")

    def fail(self) -> None:
        """See `FrameSink.fail`."""
        self._news.put("fail")


def _a_step(volume: int, aim: int) -> int:
    return volume + max(-STEP_PERCENT, min(STEP_PERCENT, aim - volume))


class Engine(Protocol):
    """What a slot asks of the engine that made it (`VideoEngine`)."""

    make_decoder: DecoderFactory
    mixer: Mixer
    volume: int

    def retire(self, playback: MusicPlayback) -> None:
        """Close it in its own time, and watch that it does."""


class MusicSlot(QObject):
    """A `MediaSlot` that is heard and not seen; `parent` is its engine as a Qt object."""

    _fell = Signal(object, str)

    def __init__(self, engine: Engine, parent: QObject) -> None:
        super().__init__(parent)
        self.signals = SlotSignals(self)
        self._engine = engine
        self._ticket = 0
        self._request: MediaRequest | None = None
        self._playback: MusicPlayback | None = None
        self._fell.connect(self._failed, Qt.ConnectionType.QueuedConnection)
        self._is_there.connect(self._ready, Qt.ConnectionType.QueuedConnection)

    _is_there = Signal(int)

    def prepare(self, ticket: int, request: MediaRequest) -> None:
        """See `MediaSlot.prepare`: there is nothing to make ready; it is opened when it starts."""
        self.release()
        self._ticket, self._request = ticket, request
        self._is_there.emit(ticket)

    @Slot(int)
    def _ready(self, ticket: int) -> None:
        if self._request is not None and ticket == self._ticket:
            self.signals.ready.emit(ticket)

    def start(self, ticket: int) -> None:
        """See `MediaSlot.start`."""
        request = self._request
        if ticket != self._ticket or request is None or not self._engine.volume:
            return
        playback = MusicPlayback(
            self._engine.make_decoder, request, lambda reason: self._fell.emit(playback, reason)
        )
        self._playback = playback
        scale = self._engine.volume / 100
        self._engine.mixer.play(
            self, round(request.volume * scale), round(request.ducked * scale), playback.aim
        )
        playback.begin()

    def release(self) -> None:
        """See `MediaSlot.release`: it fades out in its own time."""
        self._request = None
        self._engine.mixer.stop(self)
        if self._playback is not None:
            self._engine.retire(self._playback)
            self._playback = None

    @Slot(object, str)
    def _failed(self, playback: MusicPlayback, reason: str) -> None:
        if playback is self._playback:
            self.release()
            self.signals.failed.emit(self._ticket, reason)
