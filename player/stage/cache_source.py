"""The usual source: the generation that the agent made current in the cache on this screen."""

import logging
import threading
from pathlib import Path

from content_cache.blobs import BlobStore
from content_cache.disk import Disk
from content_cache.generations import Generations
from player.stage.programme import Deliver, Programme

__all__ = ["CacheSource"]

log = logging.getLogger("stage.cache")

#: How often we look whether there is a new generation; two `stat` calls.
LOOK_EVERY_S = 2.0


class CacheSource:
    """See `programme.Source`.  Reads only; never takes the writer's lock."""

    def __init__(self, root: Path, disk: Disk) -> None:
        self._blobs = BlobStore(root, disk)
        self._generations = Generations(root, disk)
        self._mark = self._generations.mark()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def first(self) -> Programme | None:
        """The current generation; None: there is none, and the slate waits for one."""
        self._mark = self._generations.mark()
        generation = self._generations.current()
        if generation is None:
            return None
        manifest = generation.manifest
        return Programme(
            manifest.screen,
            manifest,
            self._blobs.verified_path,
            self._blobs.is_verified,
            confirm=lambda: self._generations.confirm(generation.sha256),
        )

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
                    programme = self.first()
                    if programme is not None:
                        deliver(programme)
            except Exception:
                log.exception("the cache cannot be read; what plays goes on")
