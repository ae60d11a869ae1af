"""The name plate: the screen's name over whatever is shown, for half a minute, when staff ask.

What is below goes on as if nothing stood there.  GUI thread only.
"""

import logging
from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtQuick import QQuickItem, QQuickWindow

from player.errors import QmlLoadError
from player.stage.qml_parts import QmlParts

__all__ = ["NAME_PLATE_QML", "SHOWN_MS", "NamePlate"]

log = logging.getLogger("stage.name_plate")

NAME_PLATE_QML = "NamePlate.qml"

#: How long it stands, in milliseconds.
SHOWN_MS = 30_000

#: Above the slate.
NAME_PLATE_Z = 600.0


class NamePlate:
    """One plate on one window; `name` is what the screen is called now."""

    def __init__(self, parts: QmlParts, window: QQuickWindow, name: Callable[[], str]) -> None:
        self._parts, self._window, self._name = parts, window, name
        self._item: QQuickItem | None = None
        self._timer = QTimer(singleShot=True, interval=SHOWN_MS)
        self._timer.timeout.connect(self.hide)

    @property
    def is_shown(self) -> bool:
        """Does it stand?"""
        return self._item is not None and self._item.isVisible()

    def show(self) -> None:
        """Stand there for a while; asked again, the while begins anew."""
        item = self._item or self._make()
        if item is None:
            return
        item.setProperty("screenName", self._name() or "?")
        item.setWidth(self._window.width())
        item.setHeight(self._window.height())
        item.setVisible(True)
        self._timer.start()

    def hide(self) -> None:
        """Be gone."""
        self._timer.stop()
        if self._item is not None:
            self._item.setVisible(False)

    def _make(self) -> QQuickItem | None:
        """Without its QML file there is no plate: what is shown goes on."""
        try:
            self._item = self._parts.make(NAME_PLATE_QML, self._window.contentItem(), {})
        except QmlLoadError as error:
            log.error("%s", error)
            return None
        self._item.setZ(NAME_PLATE_Z)
        return self._item
