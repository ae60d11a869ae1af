"""Everything that QML draws: the card hosts and the slate; the engine is made when first needed.

A screen that shows pictures and videos only never loads a QML engine: it starts sooner and stays
smaller.
"""

import logging
from typing import TYPE_CHECKING, Any

from PySide6.QtQuick import QQuickItem

from player.errors import QmlLoadError
from player.stage.card_slot import QML_FOLDER, CardModel
from player.stage.slate import SLATE_QML, SlateFace

if TYPE_CHECKING:
    from PySide6.QtQml import QQmlComponent, QQmlEngine

__all__ = ["QmlParts", "QmlSlate"]

log = logging.getLogger("stage.qml")


class QmlParts:
    """Makes items out of the QML files of the installation.  GUI thread only."""

    def __init__(self) -> None:
        self._engine: QQmlEngine | None = None
        self._components: dict[str, QQmlComponent] = {}
        self._made: list[QQuickItem] = []

    def make(self, name: str, parent: QQuickItem, given: dict[str, Any]) -> QQuickItem:
        """The item of the file `name`, a child of `parent`, kept for ever; or `QmlLoadError`."""
        made = self._component(name).createWithInitialProperties(given)
        if not isinstance(made, QQuickItem):
            raise QmlLoadError(self._errors(name))
        made.setParentItem(parent)
        self._made.append(made)
        return made

    def card_host(self, model: CardModel, parent: QQuickItem) -> QQuickItem:
        """A host for the cards that `model` names."""
        return self.make("CardHost.qml", parent, {"model": model})

    def _component(self, name: str) -> "QQmlComponent":
        from PySide6.QtCore import QUrl
        from PySide6.QtQml import QQmlComponent, QQmlEngine

        if self._engine is None:
            self._engine = QQmlEngine()
        if name not in self._components:
            url = QUrl.fromLocalFile(str(QML_FOLDER / name))
            self._components[name] = QQmlComponent(self._engine, url)
        component = self._components[name]
        if component.isError():
            raise QmlLoadError(self._errors(name))
        return component

    def _errors(self, name: str) -> str:
        errors = "; ".join(error.toString() for error in self._components[name].errors())
        return f"{QML_FOLDER / name} does not load: {errors}; reinstall yingbi"

    def close(self) -> None:
        """Throw away what the items still load, then the items, then the engine."""
        _delete_now()
        for item in self._made:
            item.deleteLater()
        self._made.clear()
        _delete_now()
        self._components.clear()
        self._engine = None


def _delete_now() -> None:
    """Without an event loop nobody else carries out what `deleteLater` asked for."""
    from PySide6.QtCore import QCoreApplication, QEvent

    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


class QmlSlate:
    """The slate as `Slate.qml` draws it, on top of everything; made when first needed."""

    def __init__(self, parts: QmlParts, root: QQuickItem, z: float) -> None:
        self._parts = parts
        self._root = root
        self._z = z
        self._item: QQuickItem | None = None
        self._face: SlateFace | None = None
        self.is_shown = False

    def show(self, face: SlateFace, width: float, height: float) -> None:
        """Stand there, showing `face`."""
        self.is_shown = True
        item = self._item or self._make()
        if item is None:
            return
        item.setWidth(width)
        item.setHeight(height)
        if face != self._face:
            self._face = face
            for name, value in face.properties().items():
                item.setProperty(name, value)
        item.setVisible(True)

    def hide(self) -> None:
        """Be gone."""
        self.is_shown = False
        if self._item is not None:
            self._item.setVisible(False)

    def _make(self) -> QQuickItem | None:
        """Without its QML file the slate is the window's plain colour: still not black."""
        try:
            self._item = self._parts.make(SLATE_QML, self._root, {})
        except QmlLoadError as error:
            log.error("%s", error)
            return None
        self._item.setZ(self._z)
        return self._item
