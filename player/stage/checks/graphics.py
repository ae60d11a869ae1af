"""What will draw the scene, and why; and is it what the settings ask for?"""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from player.stage import render
from player.stage.checks.finding import Finding

__all__ = ["check_graphics", "display_complaint"]

_DEVICES = Path("/dev/dri")
_START_QT = "from PySide6.QtGui import QGuiApplication; QGuiApplication([])"
_PATIENCE_S = 20


def display_complaint() -> str:
    """Return what Qt says when it cannot reach the display, or "".

    Qt aborts the process then, so a child is sent ahead.
    """
    try:
        ended = subprocess.run(
            [sys.executable, "-c", _START_QT],
            capture_output=True,
            text=True,
            timeout=_PATIENCE_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"no answer within {_PATIENCE_S} s"
    said = [line for line in ended.stderr.splitlines() if line.strip()]
    return "" if ended.returncode == 0 else (said or [f"status {ended.returncode}"])[0]


def check_graphics(
    wish: render.Render,
    platform: str,
    complaint: str = "",
    *,
    environment: Mapping[str, str] = os.environ,
    has_gpu: Callable[[], bool] = render.has_gpu,
    is_software_gl: Callable[[], bool] = render.is_software_gl,
) -> list[Finding]:
    """Say which scene graph draws for the wish `stage.render`; needs the application object."""
    gpu = has_gpu()
    choice = render.choose(wish, gpu, environment)
    display = _check_display(platform, complaint)
    if choice == "gpu" and is_software_gl():
        return [display, _not_accelerated(wish)]
    return [display, _chosen(choice, wish, gpu)]


def _check_display(platform: str, complaint: str) -> Finding:
    if complaint:
        return Finding(
            "graphics",
            "failed",
            f"Qt cannot reach the display: {complaint}",
            "start the kiosk session, or correct DISPLAY; if a library is missing, install the"
            " packages of packaging/apt/player.txt",
        )
    if platform != "offscreen":
        return Finding("graphics", "ok", f"Qt reaches the display ({platform})")
    return Finding(
        "graphics",
        "warning",
        "there is no display here: neither DISPLAY nor WAYLAND_DISPLAY is set",
        "run it inside the kiosk session to look at the display too",
    )


def _not_accelerated(wish: render.Render) -> Finding:
    if wish == "gpu":
        return Finding(
            "graphics",
            "failed",
            'stage.render is "gpu", but OpenGL draws on the CPU here, many times slower',
            f'set stage.render = "auto"; {_access()}',
        )
    return Finding(
        "graphics",
        "warning",
        "there is a GPU, but OpenGL draws on the CPU: Qt's software scene graph is used",
        f"install the GPU's Mesa driver (libgl1-mesa-dri); {_access()}",
    )


def _access() -> str:
    return "let the player's user use the GPU: sudo usermod -aG render,video yingbi"


def _chosen(choice: str, wish: render.Render, gpu: bool) -> Finding:
    if choice == "gpu":
        return Finding("graphics", "ok", "the GPU draws, through OpenGL")
    told = "Qt's software scene graph draws"
    if wish == "software":
        return Finding("graphics", "ok", f"{told}, as stage.render says")
    if not gpu and any(_DEVICES.glob("renderD*")):
        what = f"{told}: there is a render node that is no GPU, or that this user may not use"
        return Finding("graphics", "warning", what, _access())
    return Finding("graphics", "ok", f"{told}: {'no GPU is needed' if gpu else 'there is no GPU'}")
