"""Keeps the last good copy of the settings, and notices when the file is edited.

Made by the composition root with what it loaded at the start; `look` is called every few seconds
on one worker thread, never on the GUI thread: a disk that hangs must not stop the wall.
"""

import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from config.changes import Change, changes
from config.errors import ConfigProblem
from config.loader import DEFAULT_PATH, LoadedSettings, load_for_player
from content_cache.disk import Disk
from content_cache.durable import write_durably
from content_cache.errors import StorageError

__all__ = ["LAST_GOOD", "SettingsWatch", "last_good_path", "tell"]

log = logging.getLogger("stage.settings")

#: Where the copy of `/etc/yingbi/player.toml` is kept: never where the file itself says.
LAST_GOOD = Path("/var/lib/yingbi/last-good.toml")


def last_good_path(file: Path) -> Path:
    """Return where the last good copy of a settings file is kept."""
    return LAST_GOOD if file == DEFAULT_PATH else file.with_name(f".{file.name}.last-good")


def tell(problems: Sequence[ConfigProblem]) -> None:
    """Log each problem: an error where a value could not be used, else a warning."""
    for problem in problems:
        log.log(logging.ERROR if problem.is_error else logging.WARNING, "%s", problem)


class SettingsWatch:
    """Looks after one settings file while the player runs.

    `apply` takes up the changes that need no restart.
    """

    def __init__(
        self, file: Path, loaded: LoadedSettings, disk: Disk, apply: Callable[[Change], None]
    ) -> None:
        self._file = file
        self._last_good = last_good_path(file)
        self._running = loaded.settings
        self._loaded = loaded
        self._disk = disk
        self._apply = apply
        self._stamp = self._stamp_now()
        self._kept = False

    def look(self) -> None:
        """Keep what is good, and tell what an edit changes; cheap while nothing happens."""
        if not self._kept:
            self._kept = True
            self._keep(self._loaded.good_copy)
        stamp = self._stamp_now()
        if stamp != self._stamp:
            self._stamp = stamp
            self._reload()

    def _reload(self) -> None:
        before = self._loaded
        self._loaded = load_for_player(self._file, self._last_good)
        if self._loaded.problems != before.problems:
            tell(self._loaded.problems)
        self._keep(self._loaded.good_copy)
        for change in changes(before.settings, self._loaded.settings):
            if change.live:
                self._apply(change)
                log.info("%s is %s now", change.key, change.after)
            else:
                log.info("%s is %s after a restart of the player", change.key, change.after)

    def _keep(self, good_copy: bytes | None) -> None:
        if good_copy is None:
            return
        try:
            write_durably(self._disk, self._last_good, good_copy)
        except StorageError as error:
            log.warning("the last good copy of the settings cannot be kept: %s", error)

    def _stamp_now(self) -> tuple[int, int, int] | None:
        """What changes with every edit, atomic or not: inode, time and size."""
        try:
            status = self._file.stat()
        except OSError:
            return None
        return status.st_ino, status.st_mtime_ns, status.st_size
