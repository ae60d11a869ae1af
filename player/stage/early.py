"""Decodes the picture that is due first while the main thread still loads Qt.  No Qt in here.

It saves a cold start the time of one decoder.  It only helps: whatever it cannot do (a video, an
animation, a broken file, a wrong guess) is done, and told, by the ordinary way.  A picture that
brings us down is blamed as ever (`inquest`); after any crash nothing is decoded early.
"""

import contextlib
import threading
from datetime import datetime
from pathlib import Path

from manifest.model import ImageAsset
from player.stage.breadcrumb import STRIKES_FILE, Breadcrumb
from player.stage.inquest import EARLY_CRUMB
from player.stage.media.loaded import Loaded, load_still
from player.stage.programme import Programme
from player.stage.scene import Take, scene

__all__ = ["EarlyPicture"]


class EarlyPicture:
    """One picture at most."""

    def __init__(self, state_folder: Path, *, crashed: bool = False) -> None:
        """`crashed`: the last run died of itself."""
        self._crumb = Breadcrumb(state_folder, EARLY_CRUMB)
        self._is_allowed = not crashed and not (state_folder / STRIKES_FILE).exists()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._path: Path | None = None
        self._loaded: Loaded | None = None

    def begin(self, programme: Programme, now: datetime) -> None:
        """Start with the picture that is due `now`; called on the thread that read `programme`."""
        take = None
        if self._is_allowed:
            # The director asks the same, meets the same error, and knows how to live with it.
            with contextlib.suppress(Exception):
                take = _first_picture(programme, now)
        if take is not None:
            self._thread = threading.Thread(
                target=self._load, args=(programme, take), name="early picture", daemon=True
            )
            self._thread.start()

    def take(self, path: Path) -> Loaded | None:
        """The picture, once and only if it is that of `path`; waits for its end.  On a worker."""
        if self._thread is not None:
            self._thread.join()
        with self._lock:
            loaded = self._loaded if path == self._path else None
            if loaded is not None:
                self._loaded = None
        return loaded

    def drop(self) -> None:
        """Nobody wants it any more: something is on the glass."""
        with self._lock:
            loaded, self._loaded, self._path = self._loaded, None, None
        if loaded is not None:
            loaded.close()

    def close(self, deadline_s: float) -> bool:
        """Wait for the end of it and let go; False: a decoder hangs."""
        if self._thread is not None:
            self._thread.join(deadline_s)
            if self._thread.is_alive():
                return False
        self.drop()
        return True

    def _load(self, programme: Programme, take: Take) -> None:
        assert isinstance(take.asset, ImageAsset)
        self._crumb.open()
        self._crumb.preparing(take, programme.subject_of(take))
        try:
            self._path = programme.locate(take.asset.sha256)
            if self._path is not None:
                self._loaded = load_still(self._path)
        except Exception:  # noqa: BLE001  (the ordinary way meets it again, and tells it)
            self._loaded = None
        finally:
            self._crumb.close()


def _first_picture(programme: Programme, now: datetime) -> Take | None:
    """The picture in the largest zone."""
    from scheduler.timeline import on_screen_at

    due = scene(programme.manifest, on_screen_at(programme.manifest, now, frozenset()))
    if due is None:
        return None
    sizes = {place[0]: place[3] * place[4] for place in due.set.places}
    pictures = [take for take in due.takes.values() if isinstance(take.asset, ImageAsset)]
    return max(pictures, key=lambda take: sizes[take.zone], default=None)
