"""Real clips made by ffmpeg at test time, and a zone that plays them through real libVLC.

Clips of `numbered` frames carry their frame number in their pixels: 12 blocks from left to
right, most significant first, white for 1; the background is a grey of 64.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor
from PySide6.QtQuick import QQuickWindow
from pytestqt.qtbot import QtBot

from player.stage.media.frame_item import FrameItem
from player.stage.media.video import Limits, VideoEngine
from tests.integration.video.zone import BITS, ClipMaker, Zone, ZoneMaker, run_ffmpeg


@pytest.fixture(scope="session")
def make_clip(tmp_path_factory: pytest.TempPathFactory) -> ClipMaker:
    """Make a clip of one colour: `make_clip("a.mp4", "-c:v", "libx264", colour="red")`."""
    folder = tmp_path_factory.mktemp("clips")
    made: dict[tuple[object, ...], Path] = {}  # two tests may call different clips by one name

    def make(
        name: str,
        *options: object,
        colour: str = "red",
        size: str = "320x180",
        seconds: float = 1.0,
        rate: int = 25,
        sound: bool = False,
    ) -> Path:
        asked = (name, *options, colour, size, seconds, rate, sound)
        if asked in made:
            return made[asked]
        path = made[asked] = folder / str(len(made)) / name
        path.parent.mkdir()
        source = f"color=c={colour}:s={size}:r={rate}:d={seconds}"
        tone = ("-f", "lavfi", "-i", f"sine=frequency=440:duration={seconds}") if sound else ()
        run_ffmpeg("-f", "lavfi", "-i", source, *tone, "-pix_fmt", "yuv420p", *options, path)
        return path

    return make


@pytest.fixture(scope="session")
def numbered(tmp_path_factory: pytest.TempPathFactory) -> ClipMaker:
    """Make a clip whose frames carry their number; see the module."""
    folder = tmp_path_factory.mktemp("numbered")

    def make(seconds: float, rate: int = 25, *options: object, name: str = "") -> Path:
        path = folder / (name or f"numbered-{seconds}-{rate}.mp4")
        if path.exists():
            return path
        block = 320 // BITS
        white = f"mod(floor(N/pow(2,{BITS - 1}-floor(X/{block}))),2)"
        luma = f"if(lt(X,{block * BITS})*between(Y,60,120),16+219*{white},64)"
        source = f"nullsrc=s=320x180:r={rate}:d={seconds},geq=lum='{luma}':cb=128:cr=128"
        run_ffmpeg("-f", "lavfi", "-i", source, "-g", 50, "-pix_fmt", "yuv420p", *options, path)
        return path

    return make


@pytest.fixture
def make_zone(qtbot: QtBot) -> Iterator[ZoneMaker]:
    """Make a zone: `make_zone(width, height, limits=..., engine=...)`."""
    made: list[Zone] = []

    def make(
        width: int = 320,
        height: int = 180,
        limits: Limits | None = None,
        engine: VideoEngine | None = None,
        audio_output: str = "adummy",
    ) -> Zone:
        window = QQuickWindow()
        window.resize(QSize(width, height))
        window.setColor(QColor("blue"))
        item = FrameItem(window.contentItem())
        item.setSize(window.size())
        window.show()
        engine = engine or VideoEngine.with_libvlc(audio_output, limits=limits)
        zone = Zone(window, item, engine.slot(item), engine, qtbot)
        zone.slot.signals.ready.connect(zone.ready.append)
        zone.slot.signals.failed.connect(lambda ticket, why: zone.failed.append((ticket, why)))
        zone.slot.signals.noted.connect(lambda _ticket, note: zone.noted.append(note))
        made.append(zone)
        return zone

    yield make
    for zone in made:
        zone.slot.release()
    for zone in made:
        assert zone.engine.shutdown(10.0), "a decoder did not stop"
        zone.window.close()
        zone.window.deleteLater()


@pytest.fixture
def zone(make_zone: ZoneMaker) -> Zone:
    """A zone of 320 x 180."""
    return make_zone()
