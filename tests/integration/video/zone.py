"""A zone that plays real clips through the real slot, with everything the slot answered."""

import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtGui import QColor, QImage
from PySide6.QtQuick import QQuickWindow
from pytestqt.qtbot import QtBot

from manifest.model import Fit
from player.stage.media.frame_item import FrameItem
from player.stage.media.port import MediaRequest
from player.stage.media.video import VideoEngine, VideoSlot

BITS = 12
WAIT_MS = 15_000


def run_ffmpeg(*arguments: object) -> None:
    command = ["ffmpeg", "-nostdin", "-v", "error", "-y", *map(str, arguments)]
    subprocess.run(command, check=True, timeout=120)


def number_in(image: QImage) -> int:
    """The frame number that a picture of a numbered clip carries."""
    across, down = image.width() / 320, image.height() / 180
    number = 0
    for bit in range(BITS):
        x, y = int((320 // BITS) * (bit + 0.5) * across), int(90 * down)
        number = number * 2 + (image.pixelColor(x, y).lightness() > 128)
    return number


@dataclass
class Zone:
    """A window with one item and one slot, and everything the slot answered."""

    window: QQuickWindow
    item: FrameItem
    slot: VideoSlot
    engine: VideoEngine
    qtbot: QtBot
    ready: list[int] = field(default_factory=list)
    failed: list[tuple[int, str]] = field(default_factory=list)
    noted: list[str] = field(default_factory=list)
    tickets: int = 0

    def prepare(
        self,
        source: Path | str,
        *,
        fit: Fit = "contain",
        offset_ms: int = 0,
        span_ms: int = 600_000,
        duration_ms: int | None = None,
        kind: str = "video",
        sound: bool = False,
    ) -> int:
        self.tickets += 1
        width, height = round(self.item.width()), round(self.item.height())
        self.slot.prepare(
            self.tickets,
            MediaRequest(kind, source, width, height, fit, offset_ms, span_ms, duration_ms, sound),
        )
        return self.tickets

    def answer(self) -> str | None:
        """Wait for the answer to the newest ticket: None for ready, else the reason."""
        self.wait(lambda: self.tickets in self.ready or self.tickets in dict(self.failed))
        return dict(self.failed).get(self.tickets)

    def wait(self, condition: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(condition, timeout=WAIT_MS)

    def show(self, source: Path | str, **wishes: object) -> QImage:
        """Prepare, and grab the scene with the first frame in it."""
        self.prepare(source, **wishes)  # type: ignore[arg-type]  # passed on as they came
        reason = self.answer()
        assert reason is None, reason
        return self.window.grabWindow()

    def play(self, source: Path | str, **wishes: object) -> None:
        self.show(source, **wishes)
        self.slot.start(self.tickets)

    def reason(self, source: Path | str, **wishes: object) -> str:
        """Prepare and start what must fail; the reason that it gives."""
        self.prepare(source, **wishes)  # type: ignore[arg-type]  # passed on as they came
        if self.answer() is None:
            self.slot.start(self.tickets)
            self.wait(lambda: bool(self.failed))
        return dict(self.failed)[self.tickets]

    def number(self) -> int:
        return number_in(self.window.grabWindow())

    def colour(self, x: float = 0.5, y: float = 0.5) -> QColor:
        image = self.window.grabWindow()
        return image.pixelColor(int(x * (image.width() - 1)), int(y * (image.height() - 1)))


ZoneMaker = Callable[..., Zone]
ClipMaker = Callable[..., Path]
