"""What the agent asks of the stage: to show a pairing code, to take a picture of the glass, to end.

The agent has no window and the stage has no network; they meet in the bulletin (`player.bulletin`).
The picture is grabbed from the window itself, so it is what stands on the glass, whatever was due:
a proof, not a preview.  GUI thread, but for what the clerk does.
"""

import hashlib
import io
import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct
from PySide6.QtGui import QImage

from content_cache.disk import Disk
from content_cache.durable import write_durably
from player.bulletin import (
    SNAPSHOT,
    SNAPSHOT_PICTURE,
    Bulletin,
    PairingCard,
    Snapshot,
    bulletin_stamp,
    read_bulletin,
)
from player.clock import Clock
from player.stage.clerk import Clerk

__all__ = ["SNAPSHOT_SIDE", "Actions", "Errands"]

log = logging.getLogger("stage.errands")

#: The longer side of a picture of the glass, in pixels: enough to read a headline by.
SNAPSHOT_SIDE = 640

#: WebP, 0..100; such a picture has some 20 to 60 KiB.
SNAPSHOT_QUALITY = 70


class Actions(Struct, frozen=True):
    """What the show lets us do: `grab` the window (None: no display shows it), end the process,
    tell that something `changed`, put the screen's name onto the glass (`identify`).
    """

    grab: Callable[[], QImage | None]
    restart: Callable[[], None]
    changed: Callable[[], None]
    identify: Callable[[], None]


class Errands:
    """Looks at the bulletin of the cache at `root` (None: no agent), and does what it says.

    Requests that stood there before we began are taken for done.
    """

    def __init__(
        self, root: Path | None, disk: Disk, clerk: Clerk, clock: Clock, actions: Actions
    ) -> None:
        self._root, self._disk, self._clerk = root, disk, clerk
        self._clock, self._actions = clock, actions
        self._stamp: tuple[int, int, int] | None = None
        self._seen: Bulletin | None = None
        self._is_looking = False
        self.pairing: PairingCard | None = None
        """what the slate shows of the pairing"""

    def look(self) -> None:
        """About once a second: has the agent anything to say?  Never waits for the disk."""
        root = self._root
        if root is not None and not self._is_looking:
            self._is_looking = True
            self._clerk.do(lambda: self._read(root), self._heard)

    def _read(self, root: Path) -> Bulletin | None:
        """On the clerk's thread: the bulletin, if it is another one."""
        stamp = bulletin_stamp(root, self._disk)
        if stamp == self._stamp and self._seen is not None:
            return None
        self._stamp = stamp
        return read_bulletin(root, self._disk)

    def _heard(self, bulletin: Bulletin | None) -> None:
        self._is_looking = False
        if bulletin is None:
            return
        before, self._seen = self._seen, bulletin
        if bulletin.pairing != self.pairing:
            self.pairing = bulletin.pairing
            self._actions.changed()
        if before is None:
            return
        if bulletin.snapshot not in ("", before.snapshot):
            self._take_picture(bulletin.snapshot)
        if bulletin.identify not in ("", before.identify):
            self._actions.identify()
        if bulletin.restart not in ("", before.restart):
            log.info("the agent asks for a fresh start")
            self._actions.restart()

    def _take_picture(self, request: str) -> None:
        root, at = self._root, self._clock.now()
        assert root is not None, "a bulletin was read somewhere"
        image = self._actions.grab()
        self._clerk.do(lambda: _keep(root, self._disk, request, at, image))


def _keep(root: Path, disk: Disk, request: str, at: datetime, image: QImage | None) -> None:
    """The picture first, then what is said of it: whoever reads that finds the picture."""
    from scheduler.report import written  # of no use to the first picture

    said = Snapshot(request, written(at), "", 0, 0)
    if image is not None and not image.isNull():
        picture, width, height = _webp(image)
        write_durably(disk, root / SNAPSHOT_PICTURE, picture)
        said = Snapshot(request, written(at), hashlib.sha256(picture).hexdigest(), width, height)
    write_durably(disk, root / SNAPSHOT, msgspec.json.encode(said))


def _webp(image: QImage) -> tuple[bytes, int, int]:
    from PIL import Image
    from PySide6.QtCore import Qt  # all its enumerations: 16 ms of a cold start

    small = image.scaled(
        SNAPSHOT_SIDE,
        SNAPSHOT_SIDE,
        Qt.AspectRatioMode.KeepAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    ).convertToFormat(QImage.Format.Format_RGB888)
    width, height = small.width(), small.height()
    rows = Image.frombuffer(
        "RGB", (width, height), bytes(small.constBits()), "raw", "RGB", small.bytesPerLine(), 1
    )
    content = io.BytesIO()
    rows.save(content, "WEBP", quality=SNAPSHOT_QUALITY)
    return content.getvalue(), width, height
