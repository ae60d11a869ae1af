"""The window covers the output that it was given, whatever outputs there are."""

import json
import os
import subprocess
import sys

import pytest

CHILD = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from player.stage.window import Output, StageWindow
app = QGuiApplication(sys.argv[:1])
window = StageWindow(app.exit, windowed=False)
output = Output(app, window, sys.argv[1] or None)
output.show(windowed=False)
app.processEvents()
def tell():
    area = window.geometry()
    print(window.screen().name(), area.x(), area.y(), area.width(), area.height())
print(*[screen.name() for screen in app.screens()], app.primaryScreen().name())
tell()
window.setGeometry(5, 5, 100, 100)
app.processEvents()
output.follow()
app.processEvents()
tell()
"""

SCREENS = [
    {"name": "HDMI-1", "x": 0, "y": 0, "width": 1280, "height": 720},
    {"name": "DP-1", "x": 1280, "y": 0, "width": 1080, "height": 1920},
]


def _places(tmp_path, wanted, screens=SCREENS, scale=None):
    config = tmp_path / "screens.json"
    config.write_text(json.dumps({"screens": screens}))
    environment = {**os.environ, "QT_QPA_PLATFORM": f"offscreen:configfile={config}"}
    environment["QT_ENABLE_HIGHDPI_SCALING"] = "0"
    if scale:
        environment["QT_SCREEN_SCALE_FACTORS"] = scale
    done = subprocess.run(
        [sys.executable, "-c", CHILD, wanted],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
        env=environment,
    )
    return done.stdout.splitlines()


@pytest.mark.parametrize(
    ("wanted", "chosen"),
    [("", -1), ("0", 0), ("1", 1), ("DP-1", "DP-1"), ("HDMI-1", "HDMI-1"), ("7", -1), ("VGA", -1)],
)
def test_it_covers_its_output_and_comes_back_to_it(tmp_path, wanted, chosen):
    """`chosen` -1: the primary output, which the platform names last."""
    names, *places = _places(tmp_path, wanted)
    name = chosen if isinstance(chosen, str) else names.split()[chosen]
    place = {"HDMI-1": "HDMI-1 0 0 1280 720", "DP-1": "DP-1 1280 0 1080 1920"}[name]
    assert places == [place, place]


def test_a_scaled_desktop_is_covered_too(tmp_path):
    """In Qt's units: the output has twice as many pixels each way."""
    assert _places(tmp_path, "", SCREENS[:1], scale="2")[1] == "HDMI-1 0 0 640 360"


def test_keys_are_swallowed_but_the_chord_that_leaves(qapp, qtbot):
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    from player.stage.window import StageWindow

    left = []
    window = StageWindow(lambda: left.append(True), windowed=False)
    window.show()
    qtbot.waitExposed(window)
    control, alt, shift = (
        Qt.KeyboardModifier.ControlModifier,
        Qt.KeyboardModifier.AltModifier,
        Qt.KeyboardModifier.ShiftModifier,
    )
    for key in (Qt.Key.Key_Escape, Qt.Key.Key_Q, Qt.Key.Key_F4, Qt.Key.Key_Tab, Qt.Key.Key_A):
        for modifiers in (Qt.KeyboardModifier.NoModifier, alt, control | alt, control):
            QTest.keyClick(window, key, modifiers)
    window.close()
    assert window.isVisible()
    assert left == []
    QTest.keyClick(window, Qt.Key.Key_Q, control | alt | shift)
    assert left == [True]
    window.destroy()


def test_a_window_for_trying_things_out_closes_by_escape(qapp, qtbot):
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    from player.stage.window import StageWindow

    left = []
    window = StageWindow(lambda: left.append(True), windowed=True)
    window.show()
    qtbot.waitExposed(window)
    QTest.keyClick(window, Qt.Key.Key_Escape)
    window.close()
    assert left == [True, True]
