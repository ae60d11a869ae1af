"""Tells a disk that is full from a file that cannot be used: the one is nobody's fault who uploads.

Both the worker and its child use this.  Converters say "damaged" when they cannot write, and Pillow
gives no reason at all: so nothing that a child says of a file counts while its disk is full.
"""

import errno
import shutil
from pathlib import Path

__all__ = ["FULL_BYTES", "has_no_room", "is_full"]

#: A step that failed with less than this left on its disk failed because of it.
FULL_BYTES = 16 << 20


def is_full(error: BaseException) -> bool:
    """Does the error say that the disk, or its quota, is full?"""
    return isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}


def has_no_room(folder: Path) -> bool:
    """Does next to nothing more go into `folder`?"""
    return shutil.disk_usage(folder).free < FULL_BYTES
