"""Keep ALSA from writing to standard error, eight lines a clip, on a box without a sound card.

Called by `libvlc.py` when libVLC is loaded.  A missing, busy or dying sound device is no fault of a
wall (reliability D12): the video goes on, mute.  The library's own handler would fill the journal.
"""

import ctypes
import logging

__all__ = ["keep_quiet"]

_log = logging.getLogger("media")

_HANDLER = ctypes.CFUNCTYPE(
    None, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p
)


def _hear(_file: bytes, _line: int, function: bytes, _error: int, form: bytes) -> None:
    """Note the first words of what ALSA has to say; its arguments are out of our reach."""
    _log.debug("ALSA: %s: %s", function, form)


#: It lives as long as the process: ALSA may call it from any thread at any time.
_QUIET = _HANDLER(_hear)


def keep_quiet() -> bool:
    """Take over ALSA's error handler; False where there is no ALSA, which is as quiet."""
    try:
        alsa = ctypes.CDLL("libasound.so.2")
    except OSError:
        return False
    alsa.snd_lib_error_set_handler(_QUIET)
    return True
