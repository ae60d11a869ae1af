"""Which scene graph draws, decided once, before Qt's application object exists.

Without a GPU Qt's own software scene graph beats OpenGL on the CPU (llvmpipe) by an order of
magnitude.  With one, OpenGL on the GUI thread (`basic`): Python items must never be painted on a
render thread (docs/adr/0009-scene-made-in-python.md).
"""

import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

__all__ = [
    "Render",
    "choose",
    "environment",
    "fall_back_to_software",
    "has_gpu",
    "is_software_gl",
]

log = logging.getLogger("stage")

Render = Literal["auto", "software", "gpu"]

#: Kernel drivers whose render nodes come without hardware that draws.
_WITHOUT_GPU = frozenset(
    {"ast", "bochs-drm", "cirrus", "hyperv_drm", "mgag200", "qxl", "simpledrm",
     "simple-framebuffer", "udl", "vboxvideo", "vgem", "vkms"}
)  # fmt: skip

_SOFTWARE_GL = ("llvmpipe", "softpipe", "swrast", "software rasterizer")


def choose(wish: Render, gpu: bool, given: Mapping[str, str]) -> Literal["software", "gpu"]:
    """What draws: the wish, else what the environment says already, else whether there is a GPU."""
    if wish != "auto":
        return wish
    if given.get("QT_QUICK_BACKEND") == "software" or given.get("QT_QPA_PLATFORM") == "offscreen":
        return "software"
    return "gpu" if gpu else "software"


def environment(choice: Literal["software", "gpu"]) -> dict[str, str]:
    """What Qt reads: the scene graph, its loop, and no scaling of our pixels by the desktop."""
    common = {"QSG_RENDER_LOOP": "basic", "QT_ENABLE_HIGHDPI_SCALING": "0"}
    if choice == "software":
        return {**common, "QT_QUICK_BACKEND": "software"}
    return {**common, "QSG_RHI_BACKEND": "opengl"}


def has_gpu(devices: Path = Path("/dev/dri"), drivers: Path = Path("/sys/class/drm")) -> bool:
    """Is there a render node that we may use, with a GPU behind it?  A few file look-ups."""
    return any(
        os.access(node, os.R_OK | os.W_OK) and _driver(drivers, node.name) not in _WITHOUT_GPU
        for node in devices.glob("renderD*")
    )


def _driver(drivers: Path, node: str) -> str:
    try:
        return (drivers / node / "device" / "driver").resolve(strict=True).name
    except OSError:
        return "unknown"


def is_software_gl() -> bool:
    """Does OpenGL draw on the CPU after all, or not at all?  Needs the application object."""
    from PySide6.QtGui import QOffscreenSurface, QOpenGLContext

    context, surface = QOpenGLContext(), QOffscreenSurface()
    surface.create()
    if not context.create() or not context.makeCurrent(surface):
        return True
    name = context.functions().glGetString(_GL_RENDERER) or ""
    context.doneCurrent()
    return any(software in name.lower() for software in _SOFTWARE_GL)


def fall_back_to_software() -> None:
    """A GPU was promised, and OpenGL draws on the CPU after all (or not at all)."""
    if os.environ.get("QT_QUICK_BACKEND") != "software" and is_software_gl():
        from PySide6.QtQuick import QQuickWindow, QSGRendererInterface

        log.info("OpenGL is not accelerated here: Qt's software scene graph draws")
        QQuickWindow.setGraphicsApi(QSGRendererInterface.GraphicsApi.Software)


_GL_RENDERER = 0x1F01
