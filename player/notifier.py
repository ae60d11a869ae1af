"""Tells systemd how the process is (sd_notify(3)); for the stage and the agent alike."""

import contextlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import socket

__all__ = ["Notifier"]


class Notifier:
    """Sends states to systemd (sd_notify(3)); silent where there is no systemd."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        address = environment.get("NOTIFY_SOCKET", "")
        self._address = "\0" + address[1:] if address.startswith("@") else address
        self._socket = _open() if self._address else None

    def send(self, state: str) -> None:
        """Send; a systemd that does not listen is not our trouble."""
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.sendto(state.encode(), self._address)

    def close(self) -> None:
        """Done."""
        if self._socket is not None:
            self._socket.close()


def _open() -> "socket.socket":
    import socket  # not on the way to the first picture where nobody listens

    opened = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC)
    opened.setblocking(False)
    return opened
