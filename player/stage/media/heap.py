"""Settings of the C library's heap, without which a player of videos grows for ever.

Frames are allocated on short-lived threads of libVLC and freed on others; glibc's arenas then
keep the holes.  Measured: 1,000 clip starts took 300 to 572 MB by default, and stay flat with
these two settings.  To be called once by the program, before its first thread.
"""

import ctypes
import os

__all__ = ["ARENAS", "MMAP_THRESHOLD_BYTES", "tune_heap"]

MMAP_THRESHOLD_BYTES = 256 << 10
"""Larger blocks, all frames that is, are mapped by themselves and go back to the system at once."""

ARENAS = 2
"""So many heaps share the small blocks of all threads."""

_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8  # malloc.h


def tune_heap() -> bool:
    """Tell glibc's malloc; False where the C library is another one, which needs nothing."""
    if "CS_GNU_LIBC_VERSION" not in os.confstr_names:
        return False
    mallopt = ctypes.CDLL(None).mallopt
    settings = {_M_MMAP_THRESHOLD: MMAP_THRESHOLD_BYTES, _M_ARENA_MAX: ARENAS}
    return all([mallopt(name, value) for name, value in settings.items()])  # noqa: C419  (do both)
