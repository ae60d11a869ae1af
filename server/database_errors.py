"""What a database says when it cannot, in words that a person can act on.

Used wherever an exception meets the outside: Django's middleware, the players' interface, commands.
"""

import errno
import re
import shutil

from django.conf import settings
from django.db import DatabaseError, IntegrityError, InterfaceError, OperationalError

from server.errors import ApplicationError, Busy, Conflict, NoSpace, Unavailable

__all__ = ["is_damaged", "is_of_another_version", "one_line", "translated"]

#: A disk with less than this left is full for a database, in bytes.
FULL_BYTES = 1024 * 1024

#: When a busy database is worth trying again, in seconds.
RETRY_AFTER_S = 2

_BUSY = ("database is locked", "database table is locked", "lock timeout", "deadlock detected")
_FULL = ("database or disk is full", "no space left on device", "could not extend file")
_DOWN = (
    "connection refused",
    "connection failed",
    "could not connect",
    "no such file or directory",
    "server closed the connection",
    "terminating connection",
    "the database system is",
    "connection is closed",
    "connection timeout",
    "too many clients",
    "disk i/o error",
    "unable to open database file",
    "attempt to write a readonly database",
    "consuming input failed",
)
_DAMAGED = ("file is not a database", "database disk image is malformed")
_ANOTHER_VERSION = re.compile(
    r"no such (table|column)|has no column named|(relation|column) .* does not exist"
)


def one_line(error: BaseException) -> str:
    """What a database said, on one line."""
    return " ".join(str(error).split())


def is_damaged(error: BaseException) -> bool:
    """Does SQLite say that the file is no database, or not a whole one?"""
    return isinstance(error, DatabaseError) and any(part in str(error) for part in _DAMAGED)


def is_of_another_version(error: BaseException) -> bool:
    """Did we ask for something that the database has not yet, or not any more?"""
    return isinstance(error, DatabaseError) and bool(_ANOTHER_VERSION.search(str(error)))


def translated(error: BaseException) -> ApplicationError | None:
    """Return what to tell a person about `error`, or None if it is a bug of ours."""
    if isinstance(error, ApplicationError):
        return error
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return _no_space()
    if not isinstance(error, DatabaseError | InterfaceError):
        return None
    text = str(error).lower()
    if isinstance(error, IntegrityError):
        return _somebody_was_faster() if "unique" in text else None
    if any(part in text for part in _FULL):
        return _no_space()
    if any(part in text for part in _BUSY):
        message = "The server is busy writing for somebody else; nothing was changed, try again."
        return Busy(message, retry_after_s=RETRY_AFTER_S)
    is_down = isinstance(error, OperationalError | InterfaceError) and any(p in text for p in _DOWN)
    if is_down or is_damaged(error):
        if _is_disk_full():
            return _no_space()
        message = "The database cannot be reached; nothing was changed, try again in a minute."
        return Unavailable(message, retry_after_s=30)
    return None


def _is_disk_full() -> bool:
    """SQLite that can open no log beside its file says "I/O error": the disk knows better."""
    try:
        return shutil.disk_usage(settings.DATA).free < FULL_BYTES
    except OSError:
        return False


def _no_space() -> NoSpace:
    return NoSpace(
        "The server's disk is full; nothing was changed. Tell the maintainer to make room."
    )


def _somebody_was_faster() -> Conflict:
    """Validation saw no such thing, and at the moment of writing there was one."""
    return Conflict("Somebody made the same thing at the same moment; load the page again.")
