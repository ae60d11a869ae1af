"""A real X server without a window manager, whose monitors are plugged, unplugged and resized.

Xorg with its dummy driver: unlike Xvfb it has several outputs, and RandR tells of each change as a
box with HDMI sockets would.  Needs root (Xorg takes its configuration from a folder of ours).
"""

import os
import shutil
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

from PIL import Image, ImageGrab

from bench.x_server import end_server, start_server

__all__ = ["Monitors", "NoXorgError"]

_CONFIGURATION = """
Section "ServerFlags"
    Option "AutoAddDevices" "false"
    Option "AutoAddGPU" "false"
    Option "DontVTSwitch" "true"
EndSection
Section "Device"
    Identifier "card"
    Driver "dummy"
    VideoRam 131072
EndSection
Section "Monitor"
    Identifier "monitor"
    HorizSync 5.0-1000.0
    VertRefresh 5.0-200.0
EndSection
Section "Screen"
    Identifier "screen"
    Device "card"
    Monitor "monitor"
    DefaultDepth 24
    SubSection "Display"
        Depth 24
        Modes "1280x720"
        Virtual 2048 2048
    EndSubSection
EndSection
"""


class NoXorgError(Exception):
    """Xorg cannot run here; the message says why."""


class Monitors:
    """`DUMMY0` is plugged at first, 1280x720; `DUMMY1` is the second socket."""

    def __init__(self, folder: Path) -> None:
        for tool in ("Xorg", "xrandr"):
            if shutil.which(tool) is None:
                raise NoXorgError(f"{tool} is not installed (packaging/apt/develop.txt)")
        configuration, self._log = folder / "xorg.conf", folder / "xorg.log"
        configuration.write_text(_CONFIGURATION)
        flags = ["-config", str(configuration), "-configdir", str(folder)]
        flags += ["-logfile", str(self._log), "-nolisten", "tcp", "-noreset", "-novtswitch"]
        flags += ["-sharevts", "-br", "-nocursor"]
        self._server, name = start_server(["Xorg", *flags])
        if name is None:
            self.close()
            raise NoXorgError(self._last_word())
        self.name = name

    def change(self, command: str) -> None:
        """Run xrandr; `command` is its arguments, separated by spaces."""
        environment = {**os.environ, "DISPLAY": self.name}
        arguments = ["xrandr", *command.split()]
        subprocess.run(arguments, check=True, timeout=20, env=environment)

    def picture(self) -> Image.Image:
        """What all monitors together show now."""
        return ImageGrab.grab(xdisplay=self.name).convert("RGB")

    def close(self) -> None:
        """End the server."""
        end_server(self._server)

    def _last_word(self) -> str:
        if not self._log.exists():
            return f"Xorg ended with status {self._server.returncode} before it wrote a log"
        lines = self._log.read_text(errors="replace").splitlines()
        return next((line for line in reversed(lines) if "(EE)" in line), "Xorg did not say why")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
