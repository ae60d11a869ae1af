"""Cards as slots: a QML card behind the same answers as a picture or a video.

A card is loaded by `CardHost.qml`, which is made once per side and used for ever; Python never
holds an item that QML made and destroys (docs/adr/0009-scene-made-in-python.md).
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from msgspec import Struct
from PySide6.QtCore import Property, QObject, QUrl, Signal, Slot
from PySide6.QtQuick import QQuickItem

from manifest.model import CardAsset
from player.stage.media.port import SlotSignals

__all__ = ["CardModel", "CardRequest", "CardSlot"]


class CardRequest(Struct, frozen=True):
    """One showing of one card; `files` are the card's blobs by name, verified and local."""

    asset: CardAsset
    files: dict[str, Path]
    offset_ms: int
    span_ms: int


class CardModel(QObject):
    """What `CardHost.qml` binds to: which card, with what, and whether it runs."""

    changed = Signal()
    running_changed = Signal()
    loaded = Signal()
    refused = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._source = QUrl()
        self._given = ""
        self._running = False

    def load(self, source: QUrl, given: dict[str, Any]) -> None:
        """Load the card at `source`, `given` what JSON can say; an empty URL unloads."""
        self._source, self._given = source, json.dumps(given)
        self.set_running(False)
        self.changed.emit()

    def set_running(self, running: bool) -> None:
        """Let the card move, or hold it still."""
        if running != self._running:
            self._running = running
            self.running_changed.emit()

    @Slot()
    def report_ready(self) -> None:
        """Called by the host: the card stands."""
        self.loaded.emit()

    @Slot(str)
    def report_refused(self, reason: str) -> None:
        """Called by the host: the card does not load."""
        self.refused.emit(reason)

    def _get_source(self) -> QUrl:
        return self._source

    def _get_given(self) -> str:
        return self._given

    def _get_running(self) -> bool:
        return self._running

    source = Property(QUrl, _get_source, notify=changed)
    given = Property(str, _get_given, notify=changed)
    running = Property(bool, _get_running, notify=running_changed)


class CardSlot:
    """A slot that shows cards in `item`.  GUI thread only.

    `make_host` returns the `CardHost` item, a child of `item`, or raises `QmlLoadError`; it is
    called at the first card, so that a screen without cards never loads a QML engine.
    """

    def __init__(
        self, item: QQuickItem, make_host: Callable[[CardModel, QQuickItem], QQuickItem]
    ) -> None:
        self.signals = SlotSignals()
        self._item = item
        self._make_host = make_host
        self._host: QQuickItem | None = None
        self._ticket = 0
        self._model = CardModel()
        self._model.loaded.connect(self._loaded)
        self._model.refused.connect(self._refused)

    def prepare(self, ticket: int, request: CardRequest) -> None:
        """Load the card, standing still, then answer."""
        from player.stage.cards import CardRefusedError, card_for

        self._ticket = ticket
        try:
            plan = card_for(request.asset)
        except CardRefusedError as refused:
            self.signals.failed.emit(ticket, str(refused))
            return
        if self._host is None:
            self._host = self._make_host(self._model, self._item)
        urls = {name: QUrl.fromLocalFile(str(path)) for name, path in request.files.items()}
        given = {
            "cardData": plan.data,
            "files": {name: url.toString() for name, url in urls.items()},
            "offsetMs": request.offset_ms,
            "spanMs": request.span_ms,
        }
        self._model.load(QUrl.fromLocalFile(str(plan.qml)), given)

    def start(self, ticket: int) -> None:
        """Let the card run."""
        if ticket == self._ticket:
            self._model.set_running(True)

    def release(self) -> None:
        """Unload the card."""
        self._ticket = 0
        self._model.load(QUrl(), {})

    def _loaded(self) -> None:
        if self._ticket:
            self.signals.ready.emit(self._ticket)

    def _refused(self, reason: str) -> None:
        if self._ticket:
            self.signals.failed.emit(self._ticket, reason)
