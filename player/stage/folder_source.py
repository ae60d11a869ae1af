"""`--folder`: any folder of pictures and videos as an endless programme, watched for changes.

The manifest is made in memory: one zone that fills the window, one playlist in natural order, a
takeover whose anchor is the beginning of the loop.  When files come or go, the anchor moves so
that what is on screen stays in its place.
"""

import hashlib
import logging
import threading
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from msgspec import Struct

from manifest.model import (
    Asset,
    ImageAsset,
    Item,
    Layout,
    Manifest,
    Playlist,
    Takeover,
    Transition,
    VideoAsset,
    Zone,
)
from player.clock import Clock
from player.errors import SourceUnusable
from player.stage.folder_scan import FolderFile, FolderScan, printable
from player.stage.geometry import WHOLE_WINDOW
from player.stage.programme import Deliver, Programme

__all__ = ["FolderOptions", "FolderSource"]

log = logging.getLogger("stage.folder")

#: A look at the folder costs at most this share of one core.
LOOK_SHARE = 0.002
SHORTEST_LOOK_S = 1.0
LONGEST_LOOK_S = 60.0

#: Newly measured videos are delivered together, this often at most.
DELIVER_EVERY_S = 2.0

Measure = Callable[[Path], int]
"""The length of a video in ms; raises whatever, with a sentence, for what cannot be played."""


class FolderOptions(Struct, frozen=True):
    """How a folder is played."""

    seconds: float = 10.0
    transition: Transition = Transition("fade", 600)


class _Memory(Struct):
    """What is remembered between runs: where the loop began, and how long the videos are."""

    anchor: datetime | None = None
    loop: str = ""
    lengths: dict[str, int] = {}


class FolderSource:
    """See `programme.Source`."""

    def __init__(
        self,
        folder: Path,
        options: FolderOptions,
        clock: Clock,
        measure: Measure,
        state_folder: Path,
    ) -> None:
        self._folder = folder.absolute()
        self._options = options
        self._clock = clock
        self._measure = measure
        name = hashlib.sha256(str(self._folder).encode("utf-8", "surrogateescape")).hexdigest()
        self._memory_file = state_folder / "folders" / f"{name[:16]}.json"
        self._memory = _Memory()
        self._scan = FolderScan(self._folder, lambda: clock.now().timestamp())
        self._bad: dict[str, str] = {}
        self._files: tuple[FolderFile, ...] = ()
        self._manifest: Manifest | None = None
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def first(self) -> Programme:
        """What can be shown at once: videos that were never measured come later."""
        if not self._folder.is_dir():
            raise SourceUnusable(f"{printable(str(self._folder))} is no folder; name one that is")
        self._memory = self._remembered()
        files = self._look() or ()
        ready = [file for file in files if self._is_measured(file)]
        if not ready:
            ready = [file for file in files[:1] if self._measured(file)]
        return self._programme(ready)

    def watch(self, deliver: Deliver) -> None:
        """Look again and again, on a thread."""
        self._thread = threading.Thread(target=self._watch, args=(deliver,), name="folder")
        self._thread.start()

    def close(self) -> None:
        """Stop looking."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    # -- looking ---------------------------------------------------------------------------------

    def _watch(self, deliver: Deliver) -> None:
        wait_s = 0.0
        while not self._stop.wait(wait_s):
            began = time.monotonic()
            files = self._look()
            cost_s = time.monotonic() - began
            if files is not None:
                self._update(files, deliver)
            wait_s = min(LONGEST_LOOK_S, max(SHORTEST_LOOK_S, cost_s / LOOK_SHARE))

    def _look(self) -> tuple[FolderFile, ...] | None:
        """The files that are whole; None: the folder cannot be read just now."""
        try:
            return tuple(self._scan.look())
        except OSError as error:
            log.debug("%s cannot be read: %s", printable(str(self._folder)), error)
            return None

    def _update(self, files: tuple[FolderFile, ...], deliver: Deliver) -> None:
        """Measure what is new, and deliver what has changed."""
        last = self._clock.monotonic()
        for file in files:
            if self._stop.is_set():
                return
            if not self._is_measured(file):
                self._measured(file)
                if self._clock.monotonic() - last > DELIVER_EVERY_S:
                    self._deliver(files, deliver)
                    last = self._clock.monotonic()
        self._deliver(files, deliver)

    def _deliver(self, files: tuple[FolderFile, ...], deliver: Deliver) -> None:
        ready = tuple(file for file in files if self._is_measured(file))
        if ready != self._files:
            deliver(self._programme(ready))

    def _is_measured(self, file: FolderFile) -> bool:
        if file.kind == "image":
            return True
        return file.identity in self._memory.lengths

    def _measured(self, file: FolderFile) -> bool:
        """Find out how long a video is; say once why one cannot be played."""
        if file.kind == "image":
            return True
        identity = file.identity
        if identity in self._bad:
            return False
        try:
            self._memory.lengths[identity] = max(100, self._measure(file.path))
        except Exception as error:  # noqa: BLE001  (whatever a decoder says: it cannot be played)
            self._bad[identity] = str(error)
            log.warning("%s is left out: %s", printable(str(file.path)), error)
            return False
        return True

    # -- the manifest ----------------------------------------------------------------------------

    def _programme(self, files: Iterable[FolderFile]) -> Programme:
        self._files = tuple(files)
        now = self._clock.now()
        anchor = self._anchor(now)
        self._manifest = self._made(anchor)
        self._remember(anchor)
        paths = {file.identity: file.path for file in self._files}
        name = printable(self._folder.name)
        return Programme(
            name, self._manifest, paths.get, _at_once, "empty_folder", titles_name_items=True
        )

    def _anchor(self, now: datetime) -> datetime:
        """Where the loop begins: so that what is on screen stays, after a restart too."""
        if self._manifest is not None:
            return self._anchor_of_current(self._manifest, now)
        if self._memory.anchor is not None and self._memory.loop == self._loop():
            return min(self._memory.anchor, now)
        return now

    def _anchor_of_current(self, manifest: Manifest, now: datetime) -> datetime:
        from scheduler.timeline import on_screen_at

        showing = on_screen_at(manifest, now).zones.get("all")
        if showing is None:
            return now
        before = timedelta()
        items = manifest.playlists["all"].items
        order = [item.id for item in items]
        rest = order[order.index(showing.item) :]
        stay = {_item_id(file) for file in self._files}
        goal = next((item for item in rest if item in stay), None)
        for file in self._files:
            if _item_id(file) == goal:
                since = showing.since if goal == showing.item else now
                return min(since, now) - before
            before += timedelta(milliseconds=self._duration_ms(file))
        return now

    def _duration_ms(self, file: FolderFile) -> int:
        if file.kind == "video":
            return self._memory.lengths[file.identity]
        return round(self._options.seconds * 1000)

    def _made(self, anchor: datetime) -> Manifest:
        items = tuple(
            Item(
                id=_item_id(file),
                asset=file.identity,
                duration_ms=self._duration_ms(file),
                transition=self._options.transition,
            )
            for file in self._files
        )
        layout = Layout("#101820", (Zone("all", 0, 0, 1, 1, "all"),))
        far = datetime(9000, 1, 1, tzinfo=UTC)
        return Manifest(
            site="folder",
            screen=printable(self._folder.name),
            version=1,
            issued_at=anchor,
            expires_at=far,
            timezone="UTC",
            canvas=WHOLE_WINDOW,
            assets={file.identity: self._asset(file) for file in self._files},
            playlists={"all": Playlist(items)},
            layouts={"all": layout},
            entries=(),
            default_layout="all",
            takeovers=(Takeover("folder", "all", anchor, far, 0),),
        )

    def _asset(self, file: FolderFile) -> Asset:
        title = printable(str(file.path.relative_to(self._folder)))
        if file.kind == "image":
            return ImageAsset(title, file.identity, file.size, "image/*", 0, 0)
        return VideoAsset(
            title, file.identity, file.size, "video/*", 0, 0, self._duration_ms(file), True
        )

    # -- what outlives a restart -------------------------------------------------------------------

    def _loop(self) -> str:
        """Names the loop: the same files, of the same lengths, in the same order."""
        named = [(file.identity, self._duration_ms(file)) for file in self._files]
        return hashlib.sha256(repr(named).encode()).hexdigest()

    def _remembered(self) -> _Memory:
        try:
            return msgspec.json.decode(self._memory_file.read_bytes(), type=_Memory)
        except (OSError, msgspec.DecodeError):
            return _Memory()

    def _remember(self, anchor: datetime) -> None:
        """Best effort: a folder that forgets its place begins with its first file."""
        known = {file.identity for file in self._files}
        lengths = {name: ms for name, ms in self._memory.lengths.items() if name in known}
        self._memory = _Memory(anchor, self._loop(), {**self._memory.lengths})
        kept = _Memory(anchor, self._memory.loop, lengths)
        try:
            self._memory_file.parent.mkdir(parents=True, exist_ok=True)
            beside = self._memory_file.with_suffix(".tmp")
            beside.write_bytes(msgspec.json.encode(kept))
            beside.replace(self._memory_file)
        except OSError as error:
            log.debug("the folder's place is not remembered: %s", error)


def _at_once(_sha256: str) -> bool:
    return True


def _item_id(file: FolderFile) -> str:
    return file.identity[:32]
