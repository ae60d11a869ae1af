"""Solid pictures and clips, and a theatre that is torn down whatever happens."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from player.clock import Clock, SystemClock
from tests.simulators.theatre import Rgb, Theatre

RED: Rgb = (230, 40, 40)
YELLOW: Rgb = (240, 220, 40)
CYAN: Rgb = (40, 220, 230)


@pytest.fixture(scope="session")
def solid(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Rgb], Path]:
    """Make a picture of one colour."""
    folder = tmp_path_factory.mktemp("pictures")

    def make(name: str, rgb: Rgb) -> Path:
        path = folder / name
        if not path.exists():
            Image.new("RGB", (320, 180), rgb).save(path)
        return path

    return make


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Rgb, float], Path]:
    """Make a video of one colour with ffmpeg."""
    folder = tmp_path_factory.mktemp("clips")

    def make(name: str, rgb: Rgb, seconds: float) -> Path:
        path = folder / name
        if not path.exists():
            colour = "0x{:02x}{:02x}{:02x}".format(*rgb)
            source = f"color=c={colour}:s=320x180:r=25:d={seconds}"
            command = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", source]
            command += ["-c:v", "libx264", "-pix_fmt", "yuv420p", "-g", "25", str(path)]
            subprocess.run(command, check=True, timeout=60)
        return path

    return make


@pytest.fixture
def theatre(qtbot: QtBot) -> Iterator[Callable[..., Theatre]]:
    """Open a theatre: `theatre(clock, ...)`."""
    opened: list[Theatre] = []

    def open_(clock: Clock | None = None, **more: Any) -> Theatre:
        opened.append(Theatre(qtbot, clock or SystemClock(), **more))
        return opened[-1]

    yield open_
    for one in opened:
        one.close()
