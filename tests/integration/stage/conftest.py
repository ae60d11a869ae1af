"""Solid pictures and clips, and a theatre that is torn down whatever happens."""

import os
import socket
import subprocess
import sys
import time
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


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The player's, with a home of its own and no display."""
    private = {"XDG_STATE_HOME": str(tmp_path / "state"), "HOME": str(tmp_path)}
    return {**os.environ, **private, "QT_QPA_PLATFORM": "offscreen"}


class Running:
    """A player that runs, and systemd's end of the line to it."""

    def __init__(self, tmp_path: Path, environment: dict[str, str], *arguments: object) -> None:
        self.systemd = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.systemd.bind(str(tmp_path / f"notify{time.monotonic_ns()}"))
        self.systemd.settimeout(60)
        self.said = ""
        self._log = (tmp_path / "log").open("a+")
        notify = {"NOTIFY_SOCKET": self.systemd.getsockname()}
        command = [sys.executable, "-m", "player.stage", *map(str, arguments)]
        self.process = subprocess.Popen(command, env={**environment, **notify}, stderr=self._log)

    def wait_until_ready(self) -> None:
        """Until the first frame was presented."""
        while self.systemd.recv(200) != b"READY=1":
            pass

    def end(self, number: int) -> int:
        """Send a signal; return the status."""
        self.process.send_signal(number)
        return self.wait()

    def wait(self, timeout_s: float = 10) -> int:
        """Until it has ended; `said` is what all players of this test wrote to stderr."""
        try:
            return self.process.wait(timeout_s)
        finally:
            self.systemd.close()
            self._log.flush()
            self._log.seek(0)
            self.said = self._log.read()
            self._log.close()


@pytest.fixture
def running(tmp_path: Path, environment: dict[str, str]) -> Iterator[Callable[..., Running]]:
    """Start a player: `running(argument, ..., VARIABLE=value)`."""
    started: list[Running] = []

    def start(*arguments: object, **more: str) -> Running:
        started.append(Running(tmp_path, {**environment, **more}, *arguments))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.process.kill()
            one.process.wait()
