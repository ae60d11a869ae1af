"""The C functions that libVLC calls: made once, alive as long as the process.

Used by `libvlc.py` only.  A thunk that is freed too early is a crash, so what libVLC hands back
to us is a key into `_listeners`, and a late call finds nobody instead of freed memory.  All of
this runs on libVLC's threads: no control function of libVLC may be called here (documented
deadlock), and no error may leave (ctypes would print it and answer 0).
"""

import ctypes
import itertools
import logging
import threading
from typing import Any, Protocol

from player.stage.media.decoder import FrameSink

__all__ = ["CLEANUP", "DISPLAY", "EVENT", "EVENTS", "FORMAT", "LOCK", "VlcListener"]
__all__ += ["listen", "unlisten"]

_log = logging.getLogger("media")

_VOID = ctypes.c_void_p
_UINT = ctypes.POINTER(ctypes.c_uint)
_CHROMA = ctypes.POINTER(ctypes.c_char * 4)
_LockType = ctypes.CFUNCTYPE(_VOID, _VOID, ctypes.POINTER(_VOID))
_DisplayType = ctypes.CFUNCTYPE(None, _VOID, _VOID)
_FormatType = ctypes.CFUNCTYPE(
    ctypes.c_uint, ctypes.POINTER(_VOID), _CHROMA, _UINT, _UINT, _UINT, _UINT
)
_CleanupType = ctypes.CFUNCTYPE(None, _VOID)
EventType = ctypes.CFUNCTYPE(None, ctypes.POINTER(ctypes.c_int), _VOID)

_END_REACHED = 0x109  # libvlc_MediaPlayerEndReached
_ENCOUNTERED_ERROR = 0x10A  # libvlc_MediaPlayerEncounteredError
EVENTS = (_END_REACHED, _ENCOUNTERED_ERROR)

_SCRATCH_BYTES = 64 << 20
_MOST_PLANES = 5  # PICTURE_PLANE_MAX


class VlcListener(Protocol):
    """Who answers for one media player."""

    sink: FrameSink

    def answer_format(self, chroma: Any, width: Any, height: Any, pitch: Any, lines: Any) -> None:
        """Fill in the layout of the frames; raise to refuse."""


_keys = itertools.count(1)
_listeners: dict[int, VlcListener] = {}
_lock = threading.Lock()
_scratch: list[Any] = []


def listen(listener: VlcListener) -> int:
    """Register `listener`; the key is what libVLC gets as `opaque`."""
    with _lock:
        key = next(_keys)
        _listeners[key] = listener
    return key


def unlisten(key: int) -> None:
    """Forget the listener: its media player is gone."""
    with _lock:
        _listeners.pop(key, None)


def _scratch_address() -> int:
    """Memory for a frame that nobody wants: libVLC writes wherever lock says, so say something."""
    if not _scratch:
        _scratch.append(ctypes.create_string_buffer(_SCRATCH_BYTES))
    return ctypes.addressof(_scratch[0])


def _format(opaque: Any, *answer: Any) -> int:
    try:
        _listeners[opaque[0]].answer_format(*answer)
    except Exception:  # noqa: BLE001  (no error may leave a callback)
        _log.exception("a video's format was refused")
        return 0
    return 1


def _take(opaque: int, planes: Any) -> int:
    try:
        number, addresses = _listeners[opaque].sink.take()
    except Exception:  # noqa: BLE001  (no error may leave a callback)
        _log.exception("there was no frame to decode into")
        number, addresses = 0, (_scratch_address(),) * _MOST_PLANES
    for plane, address in enumerate(addresses):
        planes[plane] = address
    return number


def _display(opaque: int, picture: int | None) -> None:
    try:
        if picture:
            _listeners[opaque].sink.show(picture)
    except Exception:  # noqa: BLE001  (no error may leave a callback)
        _log.exception("a frame was not shown")


def _event(event: Any, opaque: int) -> None:
    listener = _listeners.get(opaque)
    if listener is None:
        return  # it was closed in the meantime
    if event[0] == _END_REACHED:
        listener.sink.end()
    else:
        listener.sink.fail()


def _nothing(*_arguments: object) -> None:
    pass


FORMAT = _FormatType(_format)
CLEANUP = _CleanupType(_nothing)
LOCK = _LockType(_take)
DISPLAY = _DisplayType(_display)
EVENT = EventType(_event)
