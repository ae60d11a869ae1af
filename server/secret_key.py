"""The server's own keys: made once, at `init`, each in a file that only we can read.

The secret key seals sessions and forms: losing it logs everybody out and gives codes on
walls new keys, and does no other harm.  The
key of second factors opens their secrets (`accounts.sealing`): losing it means that people log in
by recovery codes and set theirs up anew.  Never printed, never logged, never in a backup unless
asked for.
"""

import os
import secrets
from pathlib import Path

from content_cache.disk import Disk, RealDisk
from content_cache.durable import sync_folder, write_durably

__all__ = ["OWN_KEYS", "SECOND_FACTOR_KEY_FILE", "SECRET_KEY_FILE", "make", "read"]

#: Where it is kept, in the data folder.
SECRET_KEY_FILE = "secret-key"  # noqa: S105  (the name of the file)
SECOND_FACTOR_KEY_FILE = "second-factor-key"

#: All of them: what a backup with keys takes along.
OWN_KEYS = (SECRET_KEY_FILE, SECOND_FACTOR_KEY_FILE)

#: Random bytes in a key.
KEY_BYTES = 64


def read(data: Path, name: str = SECRET_KEY_FILE) -> str:
    """Return the key of this data folder, or "" where there is none (before `init`)."""
    try:
        return (data / name).read_text("ascii").strip()
    except (FileNotFoundError, NotADirectoryError):
        return ""


def make(data: Path, name: str = SECRET_KEY_FILE, disk: Disk | None = None) -> bool:
    """Make the key if there is none; returns whether one was made.  Raises `StorageError`.

    Of two processes that make it at once one makes it, and both go on with the same.
    """
    if read(data, name):
        return False
    key = secrets.token_urlsafe(KEY_BYTES)
    made = data / f".{name}.{secrets.token_hex(8)}"
    old = os.umask(0o077)
    try:
        write_durably(disk or RealDisk(), made, key.encode("ascii") + b"\n")
        made.chmod(0o600)
        try:
            (data / name).hardlink_to(made)
        except FileExistsError:
            return False
        sync_folder(disk or RealDisk(), data)
    finally:
        os.umask(old)
        made.unlink(missing_ok=True)
    return True
