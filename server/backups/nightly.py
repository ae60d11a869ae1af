"""The nightly backup: one a night, whoever thinks of it first; old ones go."""

import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from server.backups.making import existing, forget_old, make_backup
from server.configuration import Configuration

__all__ = ["folder_of", "nightly_backup", "only_one"]

log = logging.getLogger("server.backups")

#: Another process has made tonight's backup already if there is one younger than this, in hours.
YOUNG_H = 12


def folder_of(configuration: Configuration) -> Path:
    """Return where backups lie."""
    return configuration.backup.directory or configuration.data.directory / "backups"


def nightly_backup(configuration: Configuration, now: datetime) -> None:
    """Make tonight's backup and let the oldest go.  Raises what `make_backup` raises."""
    folder = folder_of(configuration)
    with only_one(folder) as is_ours:
        young = now - timedelta(hours=YOUNG_H)
        if not is_ours or any(one.description.made_at > young for one in existing(folder)):
            return
        made = make_backup(folder=folder, with_keys=False, now=now)
        if made.description.missing_blobs:
            count = len(made.description.missing_blobs)
            log.error("%d files are missing from the backup; see 'yingbi-server check'", count)
        log.info("backup %s holds %d files", made.path, made.description.blobs)
        forget_old(folder=folder, keep=configuration.backup.keep)


@contextmanager
def only_one(folder: Path) -> Iterator[bool]:
    """Tell whether nobody else makes a backup here; inside, nobody begins to."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)
