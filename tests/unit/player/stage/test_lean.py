"""A cold start loads nothing that the first picture does not need, and PySide loses nothing."""

import json
import os
import subprocess
import sys
from hashlib import sha256

import pytest
from PIL import Image

from manifest.codec import encode
from manifest.model import ImageAsset
from tests.simulators.stage_programmes import item, manifest

#: What PySide says about itself and about its callers' mistakes.
QUESTIONS = """
from PySide6.QtCore import QObject, QTimer
try:
    QObject().setObjectName(3)
except TypeError as error:
    print(error)
try:
    QTimer(nosuch=3)
except AttributeError as error:
    print(error)
from PySide6.support.signature import get_signature
print(get_signature(QObject.setObjectName), QObject.setObjectName.__doc__)
from PySide6.support.signature.lib.pyi_generator import Formatter
from PySide6.support import feature
print(Formatter, feature.info(), feature.snake_case)
help(QObject.objectName)
"""

#: Runs the player until its first picture stands, then tells what it has loaded and made.
FIRST_PICTURE = """
import enum, json, sys
made, make = [], enum.EnumType.__call__
def note(cls, value, names=None, *more, **named):
    if names is not None:
        made.append(value)
    return make(cls, value, names, *more, **named)
enum.EnumType.__call__ = note
from player.stage.__main__ import main
from player.stage import lean
lean.load_pyside()
from player.stage.app import Show
settle = Show._settle
def tell(show):
    {also}
    asleep = [name for name, module in sys.modules.items() if "__getattr__" in vars(module)
              and name.startswith("shibokensupport.")]
    told = {{"modules": list(sys.modules), "made": made, "asleep": asleep,
            "seen": show._saw_first_picture}}
    print(json.dumps(told))
    settle(show)
    show._leave()
Show._settle = tell
sys.exit(main(sys.argv[1:]))
"""

#: Runs the player until it loads PySide, then tells which threads it has started.
THREADS_BEFORE_PYSIDE = """
import os, sys, threading
from player.stage import __main__ as player
started, start = [], threading.Thread.start
def note(thread):
    started.append(thread.name)
    start(thread)
threading.Thread.start = note
def tell():
    print(started, flush=True)
    os._exit(0)
player.load_pyside = tell
player.main(["--folder", sys.argv[1]])
"""

#: Each of these costs a start from 2 to 150 ms.
NOT_YET = {
    "config.loader", "cryptography", "dataclasses", "importlib.metadata", "inspect",
    "player.stage.media.libvlc", "player.stage.media.video", "player.stage.media.vlc_media",
    "requests", "typing_extensions", "vlc",
}  # fmt: skip

#: One of the 98 enumerations that PySide makes as soon as one of Qt's own is named.
OF_QT = "GlobalColor"


def _run(program, *arguments, **more):
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", **more}
    command = [sys.executable, "-c", program, *map(str, arguments)]
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, timeout=60, env=environment
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def at_first_picture(tmp_path):
    """What the player has loaded when its first picture stands."""
    blobs = tmp_path / "blobs"
    blobs.mkdir()
    Image.new("RGB", (64, 36), "red").save(blobs / "red.png")
    content = (blobs / "red.png").read_bytes()
    digest = sha256(content).hexdigest()
    (blobs / "red.png").rename(blobs / digest)
    asset = ImageAsset("red", digest, len(content), "image/png", 64, 36)
    file = tmp_path / "manifest.json"
    file.write_bytes(encode(manifest({"red": asset}, [item("red", 600)])))

    def found(also="pass"):
        program = FIRST_PICTURE.format(also=also)
        arguments = ["--manifest", file, "--blobs", blobs]
        return json.loads(_run(program, *arguments, XDG_STATE_HOME=str(tmp_path / "state")))

    return found


def test_pyside_answers_alike_with_its_signatures_asleep():
    plain = _run(QUESTIONS)
    assert "Supported signatures" in plain
    assert _run("from player.stage.lean import load_pyside; load_pyside()\n" + QUESTIONS) == plain


def test_the_first_picture_stands_before_anything_else_is_loaded(at_first_picture):
    found = at_first_picture()
    assert found["seen"]
    assert NOT_YET.isdisjoint(found["modules"])
    assert OF_QT not in found["made"]
    assert "shibokensupport.signature.parser" in found["asleep"]
    assert len(found["asleep"]) == 8


def test_what_is_loaded_too_early_would_be_seen(at_first_picture):
    """The negative control: one word too many, and all of it comes."""
    also = "import inspect; from PySide6.QtCore import Qt, QObject; Qt.AlignmentFlag; "
    found = at_first_picture(also + "QObject.objectName.__doc__")
    assert "inspect" in found["modules"]
    assert OF_QT in found["made"]
    assert "shibokensupport.signature.parser" not in found["asleep"]


def test_only_the_import_of_pyside_is_touched():
    program = """
import builtins
before = builtins.compile, builtins.__import__
from player.stage.lean import QtLibraries, load_pyside
libraries = QtLibraries()
libraries.start()
load_pyside()
libraries.join()
import PySide6.QtQuick
print((builtins.compile, builtins.__import__) == before)
"""
    assert _run(program) == "True\n"


def test_no_thread_that_imports_runs_while_pyside_is_loaded(tmp_path):
    """PySide goes through `sys.modules` then, and ends the process when that changes under it."""
    assert _run(THREADS_BEFORE_PYSIDE, tmp_path) == "['qt libraries']\n"
