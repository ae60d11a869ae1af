"""Cards as slots: a QML card behind the same answers as a picture or a video.

A card is loaded by `CardHost.qml`, which is made once per side and used for ever; Python never
holds an item that QML made and destroys (docs/adr/0009-scene-made-in-python.md).  What it shows is
a function of its data and the instant (docs/adr/0023-cards-are-functions.md): when a face ends, the
next one takes its place in the same card.
"""

import json
import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from PySide6.QtCore import Property, QObject, QUrl, Signal, Slot
from PySide6.QtQuick import QQuickItem

from manifest.model import CardAsset
from player.clock import Clock
from player.stage.alarm import Alarm
from player.stage.media.port import SlotSignals
from player.stage.words import with_whole_words

if TYPE_CHECKING:
    from cards.template import Face

__all__ = ["QML_FOLDER", "CardModel", "CardRequest", "CardSlot"]

log = logging.getLogger("stage.cards")

QML_FOLDER = Path(__file__).parent / "qml"

#: A card whose face ends looks at the clock so often: wall clocks step.
LOOK_S = 1.0


class CardRequest(Struct, frozen=True):
    """One showing of one card; `files` are the card's blobs by name, verified and local.

    It will stand at `at`; what it shows then is told by the clock of the site's `timezone`, and on
    `screen` (SITE/SCREEN).
    """

    asset: CardAsset
    files: dict[str, Path]
    offset_ms: int
    span_ms: int
    at: datetime
    timezone: str
    screen: str = ""


class CardModel(QObject):
    """What `CardHost.qml` binds to: which card, with what, and whether it runs."""

    changed = Signal()
    renewed = Signal()
    running_changed = Signal()
    loaded = Signal()
    refused = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._source = QUrl()
        self._given = self._fresh = ""
        self._running = False

    def renew(self, data: dict[str, Any]) -> None:
        """Let the card that stands show `data` from now on."""
        self._fresh = json.dumps(data)
        self.renewed.emit()

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

    def _get_fresh(self) -> str:
        return self._fresh

    def _get_running(self) -> bool:
        return self._running

    source = Property(QUrl, _get_source, notify=changed)
    given = Property(str, _get_given, notify=changed)
    fresh = Property(str, _get_fresh, notify=renewed)
    running = Property(bool, _get_running, notify=running_changed)


class CardSlot:
    """A slot that shows cards in `item`.  GUI thread only.

    `make_host` returns the `CardHost` item, a child of `item`, or raises `QmlLoadError`; it is
    called at the first card, so that a screen without cards never loads a QML engine.
    """

    def __init__(
        self,
        item: QQuickItem,
        make_host: Callable[[CardModel, QQuickItem], QQuickItem],
        clock: Clock,
        alarm: Alarm,
    ) -> None:
        self.signals = SlotSignals()
        self._item = item
        self._make_host = make_host
        self._clock, self._alarm = clock, alarm
        self._host: QQuickItem | None = None
        self._ticket = 0
        self._request: CardRequest | None = None
        self._face: Face | None = None
        self._since: datetime | None = None
        self._model = CardModel()
        self._model.loaded.connect(self._loaded)
        self._model.refused.connect(self._refused)

    def prepare(self, ticket: int, request: CardRequest) -> None:
        """Load the card as it will stand, not moving, then answer."""
        from cards.catalogue import card_for
        from cards.template import CardRefusedError

        self._alarm.cancel()
        self._ticket, self._request = ticket, request
        try:
            plan = card_for(request.asset, _there(request, request.at), request.screen)
        except CardRefusedError as refused:
            self.signals.failed.emit(ticket, str(refused))
            return
        self._face, self._since = plan.face, request.at
        if self._host is None:
            self._host = self._make_host(self._model, self._item)
        urls = {name: QUrl.fromLocalFile(str(path)) for name, path in request.files.items()}
        given = {
            "cardData": with_whole_words(plan.face.data),
            "files": {name: url.toString() for name, url in urls.items()},
            "offsetMs": request.offset_ms,
            "spanMs": request.span_ms,
        }
        self._model.load(QUrl.fromLocalFile(str(QML_FOLDER / "cards" / plan.qml)), given)

    def start(self, ticket: int) -> None:
        """Let the card run."""
        if ticket == self._ticket:
            self._model.set_running(True)
            self._keep_current()

    def release(self) -> None:
        """Unload the card."""
        self._alarm.cancel()
        self._ticket, self._request, self._face = 0, None, None
        self._model.load(QUrl(), {})

    def _keep_current(self) -> None:
        """Show the face of this instant; look again when it ends, and now and then before."""
        request, face = self._request, self._face
        if request is None or face is None or face.until is None:
            return
        now = self._clock.now()
        # A face holds from its instant to its end: until then nothing is reckoned anew, as that
        # takes tens of milliseconds with much data, and a ticker may run beside.
        if self._since is None or not self._since <= now < face.until:
            self._face = face = self._face_at(request, now, face)
            self._since = now
        left_s = LOOK_S if face.until is None else (face.until - now).total_seconds()
        self._alarm.set(max(0.0, min(LOOK_S, left_s)) * 1000, self._keep_current)

    def _face_at(self, request: CardRequest, now: datetime, before: "Face") -> "Face":
        from cards.catalogue import card_for
        from cards.template import CardRefusedError

        try:
            face = card_for(request.asset, _there(request, now), request.screen).face
        except CardRefusedError as refused:  # a template refuses whatever the instant, or never
            log.error("CARD_BAD %s: %s; what it shows stays", request.asset.title, refused)
            return before
        if face.data != before.data:
            self._model.renew(with_whole_words(face.data))
        return face

    def _loaded(self) -> None:
        if self._ticket:
            self.signals.ready.emit(self._ticket)

    def _refused(self, reason: str) -> None:
        if self._ticket:
            self.signals.failed.emit(self._ticket, reason)


def _there(request: CardRequest, at: datetime) -> datetime:
    from zoneinfo import ZoneInfo  # 5 ms of a cold start

    return at.astimezone(ZoneInfo(request.timezone))
