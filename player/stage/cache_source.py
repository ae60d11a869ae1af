"""The usual source: the generation that the agent made current in the cache on this screen."""

import contextlib
import logging
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from content_cache.blobs import BlobStore
from content_cache.disk import Disk
from content_cache.generations import Generation, Generations
from manifest.errors import ManifestError
from manifest.trust_state import decode_state
from player.stage.programme import Deliver, Programme

__all__ = ["CacheSource"]

log = logging.getLogger("stage.cache")

#: How often we look whether there is a new generation; two `stat` calls.
LOOK_EVERY_S = 0.5


class CacheSource:
    """See `programme.Source`.  Reads only; never takes the writer's lock."""

    def __init__(
        self, root: Path, disk: Disk, learn: Callable[[datetime], None] | None = None
    ) -> None:
        """`learn` hears what instant is proved to be past, whenever that changes."""
        self._blobs = BlobStore(root, disk)
        self._generations = Generations(root, disk)
        self._mark = self._generations.mark()
        self._learn = learn
        self._sha256 = ""
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def first(self) -> Programme | None:
        """The current generation; None: there is none, and the slate waits for one."""
        self._mark = self._generations.mark()
        view = self._generations.view()
        self._learn_floor(view.trust)
        return None if view.current is None else self._programme(view.current)

    def _programme(self, generation: Generation) -> Programme:
        manifest, self._sha256 = generation.manifest, generation.sha256
        return Programme(
            manifest.screen,
            manifest,
            self._blobs.verified_path,
            self._blobs.is_verified,
            waits=True,
            sha256=generation.sha256,
            confirm=lambda: self._generations.confirm(generation.sha256),
        )

    def _learn_floor(self, trust: bytes) -> None:
        """Tell what is proved to be past; a trust state that cannot be read proves nothing."""
        if self._learn is None or not trust:
            return
        with contextlib.suppress(ManifestError):
            floor = decode_state(trust).time_floor
            if floor is not None:
                self._learn(floor)

    def watch(self, deliver: Deliver) -> None:
        """Look every few seconds, on a thread."""
        self._thread = threading.Thread(target=self._watch, args=(deliver,), name="generations")
        self._thread.start()

    def close(self) -> None:
        """Stop looking."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def _watch(self, deliver: Deliver) -> None:
        while not self._stop.wait(LOOK_EVERY_S):
            try:
                if self._generations.changed_since(self._mark):
                    known = self._sha256
                    programme = self.first()
                    if programme is not None and programme.sha256 != known:
                        deliver(programme)
            except Exception:
                log.exception("the cache cannot be read; what plays goes on")
