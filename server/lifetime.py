"""The process's own start and end: systemd is told, and whoever streams is asked to stop.

A push connection is open for hours; without a word it would hold up the end of the process until
its patience is over.  `when_stopping` is how the interface for players hears of the end.
"""

import contextlib
import os
import socket
import threading
from collections.abc import Callable, Mapping

__all__ = ["Notifier", "begin_stopping", "is_stopping", "when_stopping"]

_stopping = threading.Event()
_calls: set[Callable[[], None]] = set()


class Notifier:
    """Sends states to systemd (sd_notify(3)); silent where there is no systemd."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        address = environment.get("NOTIFY_SOCKET", "")
        self._address = "\0" + address[1:] if address.startswith("@") else address

    def send(self, state: str) -> None:
        """Send; a systemd that does not listen is not our trouble."""
        if not self._address:
            return
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as door:
            door.setblocking(False)
            door.sendto(state.encode(), self._address)


def when_stopping(call: Callable[[], None]) -> Callable[[], None]:
    """Have `call` called once when the process begins to end, in the event loop's thread.

    Returns what takes the wish back.  `call` must return at once and never raise.
    """
    _calls.add(call)
    return lambda: _calls.discard(call)


def is_stopping() -> bool:
    """Has the end begun?"""
    return _stopping.is_set()


def begin_stopping() -> None:
    """Tell everybody in this process, once: its commands do."""
    _stopping.set()
    for call in tuple(_calls):
        call()
