"""Hears what libtiff complains about while a TIFF is decoded on this thread.

libtiff goes on after damaged data and prints to stderr; we want neither a half picture nor stray
lines.  libtiff's error handler belongs to the process, so ours tells the threads apart: C calls
it on the thread that decodes.  Where Pillow's libtiff cannot be found, nothing changes.
"""

import ctypes
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from player.stage.media.errors import MediaUnplayable

__all__ = ["refuse_damage"]

# void handler(const char *module, const char *format, va_list): the arguments stay unread,
# because a va_list cannot be taken apart portably.
_Handler = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p)
_heard = threading.local()

#: A place in libtiff's sentence where an argument would stand, as printf(3) writes it.
_CONVERSION = re.compile(r"%[-+ #0-9.*]*(?:hh|h|ll|l|z|j|t)?[a-zA-Z]")


#: A libtiff that is mapped; not its C++ half, libtiffxx.
_LIBRARY = re.compile(r"/\S*/libtiff(?!xx)[-.\w]*\.so\S*")


def _on_error(_module: int | None, form: bytes | None, _arguments: int | None) -> None:
    _heard.form = (form or b"").decode("ascii", "replace")


def _on_warning(_module: int | None, _form: bytes | None, _arguments: int | None) -> None:
    """Warnings are about tags that nobody needs."""


# Kept for ever: C holds their addresses.
_ERROR_HANDLER = _Handler(_on_error)
_WARNING_HANDLER = _Handler(_on_warning)


@contextmanager
def refuse_damage() -> Iterator[None]:
    """Raise `MediaUnplayable` at the end if libtiff met an error inside, silently otherwise."""
    _listen()
    _heard.form = None
    yield
    form = _heard.form
    if form is not None:
        raise MediaUnplayable(f"its data is damaged ({_CONVERSION.sub('…', form)})")


def _listen() -> None:
    """Install the handlers in every libtiff of this process; doing it again is harmless.

    Pillow brings its own, and what others have loaded (VLC's modules, a text library) may have
    loaded Debian's beside it: which of them decodes cannot be told by the name.
    """
    for name in set(_LIBRARY.findall(Path("/proc/self/maps").read_text())):
        libtiff = ctypes.CDLL(name)
        libtiff.TIFFSetErrorHandler(_ERROR_HANDLER)
        libtiff.TIFFSetWarningHandler(_WARNING_HANDLER)
