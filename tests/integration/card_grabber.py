"""Grab cards in a process of its own: the scene graph is chosen once, before the application.

Run as `python -m tests.integration.card_grabber FOLDER` on the display and with the backend that
the environment names; prints the graphics API in use.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtQuick import QQuickView

from bench.demo.programme import cards
from cards.catalogue import card_for
from player.stage.card_slot import QML_FOLDER

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SIZES = {"fire-check": (600, 980), "shuttle": (1280, 720), "ticker": (1280, 66)}
SLATE = {"screenName": "大厅", "time": "09:28", "date": "2026 年", "line": "请稍候"}


def grab(qml: Path, given: dict[str, object], size: tuple[int, int], target: Path) -> str:
    view = QQuickView()
    view.setResizeMode(QQuickView.ResizeMode.SizeRootObjectToView)
    view.resize(*size)
    view.setInitialProperties(given)
    view.setSource(QUrl.fromLocalFile(str(qml)))
    view.show()
    for _ in range(20):
        QGuiApplication.processEvents()
    view.grabWindow().save(str(target))
    api = view.rendererInterface().graphicsApi().name
    view.close()
    return api


def main(folder: Path) -> None:
    application = QGuiApplication([])
    shown = cards(NOON.date())
    for name in SIZES:
        plan = card_for(shown[name], NOON)
        given = {"cardData": plan.face.data, "files": {}, "offsetMs": 4000, "screenHeight": 1080}
        grab(QML_FOLDER / "cards" / plan.qml, given, SIZES[name], folder / f"{name}.png")
    print(grab(QML_FOLDER / "Slate.qml", SLATE, (1280, 720), folder / "slate.png"))
    del application


if __name__ == "__main__":
    main(Path(sys.argv[1]))
