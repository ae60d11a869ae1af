"""One play of one source: a thread that owns its decoder, and the frames it fills.

Made on the GUI thread by `video.py`.  Every call that may block happens on the playback's own
thread, so a decoder that hangs takes nothing with it but this thread (docs/adr/0008).  Reports
go to `report`, on whatever thread they arise; the receiver brings them to the GUI thread.
"""

import threading
import time
from collections.abc import Callable
from enum import Enum, auto
from pathlib import Path
from queue import Empty, SimpleQueue

from PySide6.QtCore import QRectF

from player.stage.media.decoder import Decoder, DecoderFactory, FrameLayout, PlayOptions
from player.stage.media.errors import MediaError
from player.stage.media.fitting import SourceFormat, place
from player.stage.media.frame_item import FrameItem
from player.stage.media.frames import FramePool, VideoFrame, planar_layout, rgb_layout
from player.stage.media.port import MediaRequest
from player.stage.media.sniff import check_file, check_url, name_of
from player.stage.media.swscale import Colours, is_available

__all__ = ["Playback", "Report", "Reporter"]


ANSWER_S = 0.012
"""So long after its first frame a playback may still be told to run without being paused."""

PAUSE_TAKES_S = 0.008
"""The order to pause goes through another thread of libVLC: so long until it stands."""

HELD_S = 0.2
"""So long at most the decoder waits at its first frame to be held."""


PROGRESS_EVERY_S = 0.5
"""So often a playback that runs looks whether its source still gives something."""


class Report(Enum):
    """What a playback tells."""

    FIRST_FRAME = auto()
    ENDED = auto()
    FAILED = auto()


class _Order(Enum):
    HOLD = auto()
    RUN = auto()
    END = auto()
    FAIL = auto()
    CLOSE = auto()


Reporter = Callable[["Playback", Report, str], None]


class Playback:
    """Plays `request` once into `item`; stands on its first frame until `run`.

    A `hidden` one keeps its first frame to itself until then: the item still belongs to another.
    """

    def __init__(
        self,
        make_decoder: DecoderFactory,
        request: MediaRequest,
        options: PlayOptions,
        item: FrameItem,
        report: Reporter,
        *,
        hidden: bool = False,
    ) -> None:
        self.request = request
        self.options = options
        self.opened_at = time.monotonic()
        self.run_at: float | None = None
        self.frames = 0
        self.is_ready = False
        self.last_frame_at = 0.0
        self.frame_interval_s = 0.0
        self.length_ms = 0
        self.offset_ms = options.offset_ms
        self._make_decoder = make_decoder
        self._item = item
        self._report = report
        self._hidden = hidden
        self._first: VideoFrame | None = None
        self._early: VideoFrame | None = None
        self._has_begun = False
        self._progress: tuple[int, ...] = ()
        self._given_at = 0.0
        self._orders: SimpleQueue[_Order] = SimpleQueue()
        self._pool: FramePool | None = None
        self._target = QRectF()
        # A request counts device pixels, the item counts its own.
        self._scale = (item.width() / request.width, item.height() / request.height)
        self._silenced = False
        self._gate = threading.Lock()
        self._held = threading.Event()
        self._running = threading.Event()
        self._thread = threading.Thread(target=self._live, name="video", daemon=True)

    def begin(self) -> None:
        """Open the source and stand on its first frame, then report."""
        self._thread.start()

    def run(self) -> None:
        """Let it play from the frame it stands on."""
        with self._gate:
            self.run_at = self._given_at = time.monotonic()
            if self._first is not None and self._hidden:
                self._item.show_frame(self._first, self._target)
            self._first = None
        self._running.set()
        self._orders.put(_Order.RUN)

    def close(self) -> None:
        """Stop, in its own time; from now on no frame and no report comes from it."""
        with self._gate:
            self._silenced = True
        self._running.set()
        self._held.set()
        self._orders.put(_Order.CLOSE)

    @property
    def closed(self) -> bool:
        """Has its thread ended, and everything been freed?"""
        return not self._thread.is_alive()

    def join(self, timeout_s: float) -> None:
        """Wait for the thread's end, at most `timeout_s`."""
        self._thread.join(timeout_s)

    @property
    def played_ms(self) -> float:
        """How far into the source the newest frame is, by the clock."""
        if self.run_at is None or self.last_frame_at < self.run_at:
            return self.offset_ms
        return self.offset_ms + (self.last_frame_at - self.run_at) * 1000

    @property
    def given_at(self) -> float:
        """When its source was last known to give something.

        Frames do not tell: libVLC shows the last one again and again when nothing more comes.
        """
        return min(self._given_at, self.last_frame_at)

    # On the playback's own thread

    def _live(self) -> None:
        decoder: Decoder | None = None
        try:
            _check(self.request.source)
            decoder = self._make_decoder(self)
            self.offset_ms = decoder.open(self.request.source, self.options)
        except MediaError as error:
            self._tell(Report.FAILED, str(error))
            if decoder is not None:
                decoder.close()
                decoder = None
        self._obey(decoder)
        if decoder is not None:
            decoder.close()
        self._pool = self._first = self._early = None

    def _obey(self, decoder: Decoder | None) -> None:
        while (order := self._next_order(decoder)) is not _Order.CLOSE:
            if decoder is None:
                continue
            self.length_ms = decoder.length_ms()
            if order is _Order.RUN:
                decoder.resume()
            elif order is _Order.END:
                self._tell(Report.ENDED, decoder.reason())
            elif order is _Order.FAIL:
                self._tell(Report.FAILED, self._failure(decoder.reason()))
            else:
                self._hold(decoder)

    def _failure(self, reason: str) -> str:
        return f"{name_of(self.request.source)!r}: {reason or 'it cannot be opened or decoded'}"

    def _next_order(self, decoder: Decoder | None) -> _Order:
        while True:
            try:
                return self._orders.get(timeout=PROGRESS_EVERY_S)
            except Empty:
                if decoder is not None and self.run_at is not None:
                    self._look_for_progress(decoder)

    def _look_for_progress(self, decoder: Decoder) -> None:
        before, self._progress = self._progress, decoder.progress()
        if before != self._progress:
            self._given_at = time.monotonic()

    def _hold(self, decoder: Decoder) -> None:
        """Tell of the first frame, and pause unless it is to run at once.

        libVLC loses frames when it is paused and resumed within the same moment.
        """
        self.is_ready = True
        self._given_at = time.monotonic()
        self._tell(Report.FIRST_FRAME)
        if not self._running.wait(ANSWER_S) and not self.options.live:
            decoder.pause()
            time.sleep(PAUSE_TAKES_S)
        self._held.set()

    def _tell(self, report: Report, reason: str = "") -> None:
        if not self._silenced:
            self._report(self, report, reason)

    # On the decoder's threads: the `FrameSink`

    def lay_out(self, source: SourceFormat) -> FrameLayout:
        """See `FrameSink.lay_out`."""
        request = self.request
        spot = place(source, request.fit, request.width, request.height)
        across, down = self._scale
        self._target = QRectF(
            spot.x * across, spot.y * down, spot.shown_width * across, spot.shown_height * down
        )
        self.frame_interval_s = source.frame_interval_s
        make_layout = planar_layout if is_available() else rgb_layout
        layout = make_layout(spot.width, spot.height)
        self._pool = FramePool(layout, Colours(source.is_high_definition, source.full_range))
        return layout

    def take(self) -> tuple[int, tuple[int, ...]]:
        """See `FrameSink.take`."""
        assert self._pool is not None
        return self._pool.take(self._is_held)

    def _is_held(self, frame: VideoFrame) -> bool:
        return frame is self._first or frame is self._early or self._item.holds(frame)

    def show(self, frame: int) -> None:
        """See `FrameSink.show`; waits at the first frame, so that no second one comes before it
        is held: what comes in between would never be seen."""
        with self._gate:
            if not self._silenced and self._pool is not None:
                self._show(self._pool.frame(frame))
        if self._first is not None:
            self._held.wait(HELD_S)

    def _show(self, frame: VideoFrame) -> None:
        # libVLC's first frame of a clip that begins in its middle is up to three too early, and its
        # next is the right one.  Where none follows, libVLC shows the first one again.
        is_early = self.offset_ms > 0 and not self._has_begun
        self._has_begun = True
        self._early = frame if is_early else None
        if not is_early:
            self._accept(frame)

    def _accept(self, frame: VideoFrame) -> None:
        self.last_frame_at = time.monotonic()
        if self.frames and self.run_at is None:
            return  # held: libVLC shows the same picture again and again while it is paused
        self.frames += 1
        if not self._hidden or self.run_at is not None:
            self._item.show_frame(frame, self._target)
        if self.frames == 1:
            self._first = frame if self.run_at is None else None
            self._orders.put(_Order.HOLD)

    def end(self) -> None:
        """See `FrameSink.end`; where there was but one frame, that one is shown after all."""
        with self._gate:
            if self._early is not None and not self.frames and not self._silenced:
                self._accept(self._early)
        self._orders.put(_Order.END)

    def fail(self) -> None:
        """See `FrameSink.fail`."""
        self._orders.put(_Order.FAIL)


def _check(source: Path | str) -> None:
    if isinstance(source, Path):
        check_file(source)
    else:
        check_url(source)
