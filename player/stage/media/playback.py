"""One showing of one video: a thread that owns its decoder, and the frames it fills.

Made by `video.py` on the GUI thread.  Every call that may block happens on the playback's own
thread, so a decoder that hangs takes nothing with it but this thread (docs/adr/0008).  Reports
go to `report`, on whatever thread they arise; the receiver brings them to the GUI thread.
"""

import logging
import threading
import time
from collections.abc import Callable
from enum import Enum, auto
from queue import SimpleQueue

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage

from player.stage.media.decoder import Decoder, DecoderFactory, FrameLayout, PlayOptions
from player.stage.media.errors import MediaError
from player.stage.media.fitting import SourceFormat, place
from player.stage.media.frame_item import FrameItem
from player.stage.media.frame_pool import FramePool
from player.stage.media.port import MediaRequest

__all__ = ["Playback", "Report"]

_log = logging.getLogger("media")


class Report(Enum):
    """What a playback tells its slot."""

    FIRST_FRAME = auto()
    ENDED = auto()
    FAILED = auto()


class _Order(Enum):
    HOLD = auto()
    RUN = auto()
    CLOSE = auto()


class Playback:
    """Plays `request` once into `item`; stands on its first frame until `run`."""

    def __init__(
        self,
        make_decoder: DecoderFactory,
        request: MediaRequest,
        options: PlayOptions,
        item: FrameItem,
        report: Callable[["Playback", Report, str], None],
    ) -> None:
        self.request = request
        self.frames = 0
        self.first_frame_at: float | None = None
        self.last_frame_at = 0.0
        self.run_at: float | None = None
        self.length_ms = 0
        self._make_decoder = make_decoder
        self._options = options
        self._item = item
        self._report = report
        self._orders: SimpleQueue[_Order] = SimpleQueue()
        self._pool: FramePool | None = None
        self._target = QRectF()
        self._silenced = False
        self._gate = threading.Lock()
        self._thread = threading.Thread(target=self._live, name="video", daemon=True)

    def begin(self) -> None:
        """Open the source and stand on its first frame, then report."""
        self._thread.start()

    def run(self) -> None:
        """Let it play from the frame it stands on."""
        self.run_at = time.monotonic()
        self._orders.put(_Order.RUN)

    def close(self) -> None:
        """Stop, in its own time; from now on no frame and no report comes from it."""
        with self._gate:
            self._silenced = True
        self._orders.put(_Order.CLOSE)

    @property
    def closed(self) -> bool:
        """Has its thread ended, and everything been freed?"""
        return not self._thread.is_alive()

    def join(self, timeout_s: float) -> None:
        """Wait for the thread's end, at most `timeout_s`."""
        self._thread.join(timeout_s)

    # On the playback's own thread

    def _live(self) -> None:
        decoder: Decoder | None = None
        try:
            decoder = self._make_decoder(self)
            decoder.open(self.request.source, self._options)
        except MediaError as error:
            self._tell(Report.FAILED, str(error))
        self._obey(decoder)
        if decoder is not None:
            decoder.close()
        self._pool = None

    def _obey(self, decoder: Decoder | None) -> None:
        while (order := self._orders.get()) is not _Order.CLOSE:
            if decoder is None:
                continue
            if order is _Order.HOLD and self.run_at is None and not self._options.live:
                self.length_ms = decoder.length_ms()
                decoder.pause()
            elif order is _Order.RUN:
                decoder.resume()

    def _tell(self, report: Report, reason: str = "") -> None:
        if not self._silenced:
            self._report(self, report, reason)

    # On the decoder's threads: the `FrameSink`

    def lay_out(self, source: SourceFormat) -> FrameLayout:
        """See `FrameSink.lay_out`."""
        request = self.request
        spot = place(source, request.fit, request.width, request.height)
        self._target = QRectF(spot.x, spot.y, spot.shown_width, spot.shown_height)
        self._pool = FramePool(spot.width, spot.height)
        return self._pool.layout

    def take(self) -> tuple[int, int]:
        """See `FrameSink.take`."""
        assert self._pool is not None
        return self._pool.take(self._item)

    def show(self, frame: int) -> None:
        """See `FrameSink.show`."""
        with self._gate:
            if not self._silenced and self._pool is not None:
                self._show(self._pool.frame(frame))

    def _show(self, image: QImage) -> None:
        if self.frames and self.run_at is None:
            return  # held: libVLC shows the same picture again and again while it is paused
        self.frames += 1
        self.last_frame_at = time.monotonic()
        self._item.show_frame(image, self._target)
        if self.frames == 1:
            self.first_frame_at = self.last_frame_at
            self._orders.put(_Order.HOLD)
            self._tell(Report.FIRST_FRAME)

    def end(self) -> None:
        """See `FrameSink.end`."""
        self._tell(Report.ENDED)

    def fail(self) -> None:
        """See `FrameSink.fail`."""
        self._tell(Report.FAILED, "the file cannot be opened or decoded")
