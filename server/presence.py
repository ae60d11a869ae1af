"""Who works on a data folder: servers and workers share a lock, a restore has it alone.

The kernel frees it when its holder dies, however it dies.  Other machines on the same PostgreSQL
are not seen: `restore` says so.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from command import Failed

__all__ = ["LOCK_FILE", "alone", "is_anybody_there", "present"]

#: The file that is locked, in the data folder; never deleted.
LOCK_FILE = "server.lock"


@contextmanager
def _locked(data: Path, kind: int, sentence: str) -> Iterator[None]:
    descriptor = os.open(data / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Failed(sentence, os.EX_TEMPFAIL) from None
        yield
    finally:
        os.close(descriptor)


def present(data: Path) -> AbstractContextManager[None]:
    """Be one of those who work on this data folder.  Raises `Failed` (75) during a restore."""
    return _locked(data, fcntl.LOCK_SH, f"a restore into {data} is going on; wait for its end")


def alone(data: Path) -> AbstractContextManager[None]:
    """Be the only one.  Raises `Failed` (75) while a server or worker runs."""
    sentence = f"a server works on {data}; stop it first (systemctl stop yingbi-server)"
    return _locked(data, fcntl.LOCK_EX, sentence)


def is_anybody_there(data: Path) -> bool:
    """Does a server or worker of this machine run on this data folder?"""
    try:
        with alone(data):
            return False
    except Failed:
        return True
    except OSError:
        return False
