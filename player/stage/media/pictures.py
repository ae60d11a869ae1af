"""Pictures for a zone: stills and animations, decoded by workers into one `FrameItem`.

Made once per slot by whoever builds the zones, on the GUI thread, and used for ever.  Nothing
here decodes: the GUI thread sends errands and shows what comes back.
"""

import logging
from pathlib import Path

from PySide6.QtCore import QObject, QRectF

from player.stage.media.animation import Prepared, TakeEarly, Wish, prepare
from player.stage.media.errors import MediaError
from player.stage.media.flipbook import Flipbook
from player.stage.media.frame_item import FrameItem
from player.stage.media.picture_frame import Frame
from player.stage.media.port import MediaRequest, SlotSignals
from player.stage.media.workers import Errand, Workers

__all__ = ["DEADLINE_S", "PictureSlot", "TakeEarly"]

logger = logging.getLogger("stage.pictures")

#: A picture that takes longer than this to decode is given up.
DEADLINE_S = 10.0


class PictureSlot:
    """A `MediaSlot` for pictures: JPEG, PNG, WebP, GIF, AVIF, TIFF, BMP, animated or not."""

    def __init__(
        self,
        item: FrameItem,
        workers: Workers,
        deadline_s: float = DEADLINE_S,
        early: TakeEarly | None = None,
    ) -> None:
        self._early = early
        self.signals = SlotSignals()
        self._home = QObject(self.signals)
        self._item = item
        self._errand = Errand(workers, deadline_s, self._home)
        turning = Errand(workers, deadline_s, self._home)
        self._flipbook = Flipbook(turning, self._show, self._fail, self._home)
        self._ticket = 0
        self._request: MediaRequest | None = None
        self._ready = False

    def prepare(self, ticket: int, request: MediaRequest) -> None:
        """Decode the frame at `offset_ms` for the zone; `ready` or `failed` follows."""
        self._forget()
        self._ticket, self._request = ticket, request
        wish = Wish(
            Path(request.source),
            (max(1, request.width), max(1, request.height)),
            request.fit,
            request.offset_ms,
        )
        self._errand.send(
            lambda job: prepare(wish, job.go_on, self._early),
            self._prepared,
            self._fail,
            _close_unused,
        )

    def start(self, ticket: int) -> None:
        """Let an animation run; a still picture simply stands."""
        if self._ready and ticket == self._ticket:
            self._flipbook.start()

    def release(self) -> None:
        """Stop, close the file, and let go of every frame."""
        self._forget()
        self._item.show_frame(None)

    def _forget(self) -> None:
        self._errand.drop()
        self._flipbook.stop()
        self._request, self._ready = None, False

    def _prepared(self, prepared: Prepared) -> None:
        if self._request is None:
            return
        self._show(prepared.frame)
        if prepared.animation is not None:
            self._flipbook.hold(prepared, self._request.offset_ms)
        self._ready = True
        self.signals.ready.emit(self._ticket)

    def _show(self, frame: Frame) -> None:
        """Draw `frame`; its target is in device pixels, the item in logical ones."""
        request, item = self._request, self._item
        if request is None:
            return
        across = (item.width() or request.width) / request.width  # 0: not laid out yet
        down = (item.height() or request.height) / request.height
        at = frame.target
        target = QRectF(at.x() * across, at.y() * down, at.width() * across, at.height() * down)
        item.show_frame(frame.image, target)

    def _fail(self, error: BaseException) -> None:
        source = self._request.source if self._request else ""
        self._forget()
        if isinstance(error, MediaError):
            reason = str(error)
        elif isinstance(error, TimeoutError):
            reason = f"{Path(source).name!r} is too heavy for this machine: {error}"
        else:
            reason = f"{Path(source).name!r} met a bug of the player: {error!r}"
            logger.error("a picture met a bug of the player", exc_info=error)
        self.signals.failed.emit(self._ticket, reason)


def _close_unused(prepared: Prepared | None) -> None:
    if prepared is not None and prepared.animation is not None:
        prepared.animation.close()
