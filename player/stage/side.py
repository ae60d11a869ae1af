"""One of the two sides of a zone: it makes a take ready out of sight, shows it, lets go of it.

A side is made once and used for ever: one frame item for pictures, videos and streams, one host
for cards, and a slot for each kind, made when the kind first comes up.
"""

from collections.abc import Callable
from datetime import datetime
from enum import Enum, auto
from pathlib import Path
from typing import Protocol

from PySide6.QtGui import QColor
from PySide6.QtQuick import QQuickItem

from manifest.model import CardAsset, ImageAsset, StreamAsset, VideoAsset
from player.stage.card_slot import CardRequest, CardSlot
from player.stage.media.frame_item import FrameItem
from player.stage.media.port import MediaRequest, MediaSlot
from player.stage.scene import Take

__all__ = ["FrameSide", "Side", "SideState", "SlotMakers", "without_name"]


class FindFile(Protocol):
    """Finds the verified file with a SHA-256."""

    def __call__(self, sha256: str, found: Callable[[Path | None], None]) -> None:
        """Call `found` on the GUI thread, at once or once the bytes are checked; None: not here."""


class SideState(Enum):
    """What a side is at."""

    EMPTY = auto()
    LOADING = auto()
    READY = auto()
    SHOWING = auto()
    FAILED = auto()


class SlotMakers(Protocol):
    """Makes the slots of a side; the composition root knows the real ones."""

    def frames(self, kind: str, item: FrameItem) -> MediaSlot:
        """A slot for `kind` ("image", "video", "stream", or "music", which draws nothing)."""

    def cards(self, item: QQuickItem) -> CardSlot:
        """A slot for cards that puts its host into `item`."""


class Side(Protocol):
    """What a zone asks of a side; `item` is what its transitions move."""

    take: Take | None
    state: SideState
    reason: str
    answered: Callable[["Side"], None]

    @property
    def item(self) -> QQuickItem:
        """The scene item that holds whatever this side shows."""

    def prepare(self, take: Take, at: datetime, sound: bool) -> None:
        """Make `take` ready as it will stand at `at`; `answered` is called then."""

    def start(self) -> None:
        """Let it run."""

    def release(self) -> None:
        """Let go of it; the item is hidden by now."""


class FrameSide:
    """A side made of a frame item and a card host.  GUI thread only."""

    def __init__(self, parent: QQuickItem, makers: SlotMakers, find: FindFile) -> None:
        self.take: Take | None = None
        self.state = SideState.EMPTY
        self.reason = ""
        self.answered: Callable[[Side], None] = _nobody_asks
        self.item = QQuickItem(parent)
        self.item.setVisible(False)
        self._frame = FrameItem(self.item)
        self._makers = makers
        self._find = find
        self._slots: dict[str, MediaSlot] = {}
        self._cards: CardSlot | None = None
        self._playing: MediaSlot | CardSlot | None = None
        self._source: Path | None = None
        self._ticket = 0

    def place(self, width: float, height: float, backdrop: QColor | None) -> None:
        """Be `width` x `height` scene pixels in size, on `backdrop` (None: see-through)."""
        self.item.setWidth(width)
        self.item.setHeight(height)
        self._frame.setWidth(width)
        self._frame.setHeight(height)
        self._frame.set_backdrop(backdrop)

    def prepare(self, take: Take, at: datetime, sound: bool) -> None:
        """Make `take` ready; what this side held before is let go of."""
        self.release()
        self._ticket += 1
        self._source = None
        self.take, self.state = take, SideState.LOADING
        asset, ticket = take.asset, self._ticket
        if isinstance(asset, CardAsset):
            self._gather(ticket, take, asset, at, {})
        elif isinstance(asset, StreamAsset):
            self._prepare_frames(take, asset, asset.url, at, sound)
        else:

            def found(path: Path | None) -> None:
                if not self._is_current(ticket):
                    return
                if path is None:
                    self._failed(ticket, NOT_HERE)
                else:
                    self._prepare_frames(take, asset, path, at, sound)

            self._find(asset.sha256, found)

    def _is_current(self, ticket: int) -> bool:
        return ticket == self._ticket and self.state is SideState.LOADING

    def _gather(
        self, ticket: int, take: Take, asset: CardAsset, at: datetime, files: dict[str, Path]
    ) -> None:
        """Find the files of a card one after the other, then load it."""
        missing = next((name for name in asset.blobs if name not in files), None)
        if missing is None:
            prepare = self._prepare_music if asset.template == MUSIC else self._prepare_card
            prepare(take, asset, at, files)
            return

        def found(path: Path | None) -> None:
            if not self._is_current(ticket):
                return
            if path is None:
                self._failed(ticket, f"the card's {missing}: {NOT_HERE}")
            else:
                self._gather(ticket, take, asset, at, {**files, missing: path})

        self._find(asset.blobs[missing].sha256, found)

    def _prepare_card(
        self, take: Take, asset: CardAsset, at: datetime, files: dict[str, Path]
    ) -> None:
        if self._cards is None:
            self._cards = self._makers.cards(self.item)
            self._cards.signals.ready.connect(self._ready)
            self._cards.signals.failed.connect(self._failed)
        self._playing = self._cards
        self._frame.setVisible(False)
        offset_ms, span_ms = take.offset_ms(at), _span_ms(take)
        request = CardRequest(asset, files, offset_ms, span_ms, at, take.timezone, take.screen)
        self._cards.prepare(self._ticket, request)

    def _prepare_frames(
        self,
        take: Take,
        asset: ImageAsset | VideoAsset | StreamAsset,
        source: Path | str,
        at: datetime,
        sound: bool,
    ) -> None:
        ratio = self.item.window().effectiveDevicePixelRatio()
        request = MediaRequest(
            kind=_KINDS[type(asset)],
            source=source,
            width=max(1, round(self.item.width() * ratio)),
            height=max(1, round(self.item.height() * ratio)),
            fit=take.item.fit,
            offset_ms=take.offset_ms(at),
            span_ms=_span_ms(take),
            duration_ms=asset.duration_ms if isinstance(asset, VideoAsset) else None,
            sound=sound and isinstance(asset, VideoAsset) and asset.audio,
        )
        self._prepare_media(request, is_seen=True)

    def _prepare_music(
        self, take: Take, asset: CardAsset, at: datetime, files: dict[str, Path]
    ) -> None:
        from cards.catalogue import card_for
        from cards.template import CardRefusedError

        try:
            told = card_for(asset, at).face.data
        except CardRefusedError as refused:
            self._failed(self._ticket, str(refused))
            return
        track = files.get("track")
        if track is None:
            self._failed(self._ticket, "it has no track: choose a sound file for it")
            return
        request = MediaRequest(
            kind="music",
            source=track,
            width=1,
            height=1,
            fit=take.item.fit,
            offset_ms=take.offset_ms(at),
            span_ms=_span_ms(take),
            sound=True,
            volume=told["volume"],
            ducked=told["ducked"],
        )
        self._prepare_media(request, is_seen=False)

    def _prepare_media(self, request: MediaRequest, *, is_seen: bool) -> None:
        slot = self._slots.get(request.kind)
        if slot is None:
            slot = self._slots[request.kind] = self._makers.frames(request.kind, self._frame)
            slot.signals.ready.connect(self._ready)
            slot.signals.failed.connect(self._failed)
        self._playing = slot
        self._source = request.source if isinstance(request.source, Path) else None
        self._frame.setVisible(is_seen)
        slot.prepare(self._ticket, request)

    def start(self) -> None:
        """Let it run.

        The frame item repaints now: what `show_frame` asked for may still be on its way, and the
        first frame on screen must not be an older one.
        """
        self.state = SideState.SHOWING
        self._frame.update()
        if self._playing is not None:
            self._playing.start(self._ticket)

    def release(self) -> None:
        """Let go of what this side holds."""
        if self._playing is not None:
            self._playing.release()
        self._playing, self.take, self.state = None, None, SideState.EMPTY

    def _ready(self, ticket: int) -> None:
        if ticket == self._ticket and self.state is SideState.LOADING:
            self._answer(SideState.READY, "")

    def _failed(self, ticket: int, reason: str) -> None:
        if ticket == self._ticket and self.state is not SideState.EMPTY:
            self._answer(SideState.FAILED, without_name(reason, self._source))

    def _answer(self, state: SideState, reason: str) -> None:
        self.state, self.reason = state, reason
        self.answered(self)


NOT_HERE = "its file is not on this screen, or its bytes are not what was approved"

#: The template of cards that are heard and not drawn; `cards.music` is loaded with the first.
MUSIC = "music"

_KINDS: dict[type, str] = {ImageAsset: "image", VideoAsset: "video", StreamAsset: "stream"}


def without_name(reason: str, source: Path | None) -> str:
    """What is wrong with an item, said of "it".

    A decoder calls a file by its name, which on a screen is a digest; a fault has the item's name.
    """
    name = "" if source is None else repr(source.name)
    if not name or not reason.startswith(name):
        return reason
    rest = reason.removeprefix(name)
    return rest.removeprefix(": ") if rest.startswith(": ") else f"it{rest}"


def _span_ms(take: Take) -> int:
    return take.offset_ms(take.until)


def _nobody_asks(_side: Side) -> None:
    raise RuntimeError("a side answered before anyone listened")
