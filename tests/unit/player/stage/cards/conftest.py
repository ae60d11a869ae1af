"""A window for one card: the real QML, drawn offscreen by the software scene graph."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QUrl
from PySide6.QtGui import QImage
from PySide6.QtQml import QQmlExpression
from PySide6.QtQuick import QQuickItem, QQuickView
from pytestqt.qtbot import QtBot

from cards.catalogue import card_for
from manifest.model import CardAsset
from player.stage.card_slot import QML_FOLDER

NOON = datetime(2026, 11, 22, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


class Shown:
    """A QML file in a window of its own."""

    def __init__(self, qml: Path, given: dict[str, Any], size: tuple[int, int]) -> None:
        self.view = QQuickView()
        self.view.setResizeMode(QQuickView.ResizeMode.SizeRootObjectToView)
        self.view.resize(*size)
        self.view.setInitialProperties(given)
        self.view.setSource(QUrl.fromLocalFile(str(qml)))
        assert not self.view.errors(), self.view.errors()
        self.root: QQuickItem = self.view.rootObject()
        self.view.show()

    def __getitem__(self, name: str) -> Any:
        value = self.root.property(name)
        return value.toVariant() if hasattr(value, "toVariant") else value

    def __setitem__(self, name: str, value: Any) -> None:
        assert self.root.setProperty(name, value)

    def picture(self) -> QImage:
        return self.view.grabWindow()

    def items(self, item: QQuickItem | None = None) -> Iterator[QQuickItem]:
        """Every item that can be seen, from the root down."""
        item = item or self.root
        if item.isVisible() and item.opacity() > 0:
            yield item
            for child in item.childItems():
                yield from self.items(child)

    def texts(self) -> list[QQuickItem]:
        """Every item that shows letters."""
        found = [item for item in self.items() if item.inherits("QQuickText")]
        return [item for item in found if item.property("text")]

    def evaluate(self, item: QQuickItem, expression: str) -> Any:
        """What QML reads there: enumerations have no Python type."""
        return QQmlExpression(self.view.rootContext(), item, expression).evaluate()[0]

    def close(self) -> None:
        self.view.close()
        self.view.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


Show = Callable[..., Shown]


@pytest.fixture
def show_qml(qtbot: QtBot) -> Iterator[Show]:
    """Show a QML file with initial properties, at a size."""
    shown: list[Shown] = []

    def show(qml: Path, given: dict[str, Any], size: tuple[int, int] = (960, 540)) -> Shown:
        shown.append(Shown(qml, given, size))
        return shown[-1]

    yield show
    for one in shown:
        one.close()


@pytest.fixture
def show_card(show_qml: Show, qtbot: QtBot) -> Show:
    """Show a card of a template; `screen` is the height of the screen it is a zone of."""

    def show(
        template: str,
        data: dict[str, Any],
        size: tuple[int, int] = (960, 540),
        screen: int | None = None,
        at: datetime = NOON,
        **given: Any,
    ) -> Shown:
        plan = card_for(CardAsset("a card", template, data), at)
        given = {"files": {}, **given, "cardData": plan.face.data}
        given["screenHeight"] = screen or size[1]
        card = show_qml(QML_FOLDER / "cards" / plan.qml, given, size)
        qtbot.waitUntil(lambda: card["ready"])
        return card

    return show
