"""The key that seals sessions and forms: made once, at `init`, in a file that only we can read.

Never printed, never logged, never in a backup unless asked for.  Losing it logs everybody out and
does no other harm.
"""

import os
import secrets
from pathlib import Path

from content_cache.disk import Disk, RealDisk
from content_cache.durable import write_durably

__all__ = ["SECRET_KEY_FILE", "make", "read"]

#: Where it is kept, in the data folder.
SECRET_KEY_FILE = "secret-key"  # noqa: S105  (the name of the file)

#: Random bytes in a key.
KEY_BYTES = 64


def read(data: Path) -> str:
    """Return the key of this data folder, or "" where there is none (before `init`)."""
    try:
        return (data / SECRET_KEY_FILE).read_text("ascii").strip()
    except (FileNotFoundError, NotADirectoryError):
        return ""


def make(data: Path, disk: Disk | None = None) -> bool:
    """Make the key if there is none; returns whether one was made.  Raises `StorageError`."""
    path = data / SECRET_KEY_FILE
    if read(data):
        return False
    old = os.umask(0o077)
    try:
        key = secrets.token_urlsafe(KEY_BYTES)
        write_durably(disk or RealDisk(), path, key.encode("ascii") + b"\n")
    finally:
        os.umask(old)
    path.chmod(0o600)
    return True
