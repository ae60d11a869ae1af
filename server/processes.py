"""Several web processes on one socket, for PostgreSQL: started, watched, ended together.

The parent holds the socket and starts `yingbi-server run --no-worker --socket FD` as often as the
settings say; it does the background work itself.  A child that dies is started anew, and the log
says so; requests meanwhile go to the others.
"""

import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import uuid
from collections.abc import Sequence

from server.clock import Clock

__all__ = ["Processes", "listening"]

log = logging.getLogger("server.run")

#: A child must answer within this time, in seconds.
STARTS_WITHIN_S = 60.0

#: How long children have to end before they are killed, in seconds.
ENDS_WITHIN_S = 2.8

#: A child that died is started again after this, in seconds, so that a crash loop stays quiet.
RESTART_AFTER_S = 1.0

#: How often we look after the children, in seconds.
LOOK_S = 0.2

#: Connections that wait to be taken.
BACKLOG = 2048


def listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens.  Raises `OSError`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind((host, port))
        opened.listen(BACKLOG)
    except OSError:
        opened.close()
        raise
    return opened


class Processes:
    """The children of one parent.  Main thread only."""

    def __init__(self, door: socket.socket, count: int, clock: Clock) -> None:
        self._door = door
        self._clock = clock
        self._told_to_end = threading.Event()
        self._ready = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._name = f"yingbi-{uuid.uuid4()}"
        self._ready.bind(f"\0{self._name}")
        self._ready.settimeout(LOOK_S)
        self._children = [self._start() for _ in range(count)]

    def wait_until_ready(self) -> bool:
        """Wait until every child answers; False if that does not come."""
        deadline = self._clock.monotonic() + STARTS_WITHIN_S
        missing = len(self._children)
        while missing and self._clock.monotonic() < deadline and not self._told_to_end.is_set():
            try:
                missing -= self._ready.recv(64) == b"READY=1"
            except TimeoutError:
                if any(child.poll() is not None for child in self._children):
                    return False
        return not missing

    def end_soon(self, *_signal: object) -> None:
        """What a signal does: `watch` returns."""
        self._told_to_end.set()

    def watch(self) -> None:
        """Start anew what dies, until `end_soon`."""
        while not self._told_to_end.wait(LOOK_S):
            for n, child in enumerate(self._children):
                if (status := child.poll()) is not None:
                    log.error("web process %d ended with %d; it is started anew", child.pid, status)
                    self._told_to_end.wait(RESTART_AFTER_S)
                    if not self._told_to_end.is_set():
                        self._children[n] = self._start()

    def end(self) -> None:
        """End all children, within `ENDS_WITHIN_S`."""
        for child in self._children:
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)
        deadline = self._clock.monotonic() + ENDS_WITHIN_S
        for child in self._children:
            try:
                child.wait(max(deadline - self._clock.monotonic(), 0.0))
            except subprocess.TimeoutExpired:
                log.error("web process %d did not end in time; it is killed", child.pid)
                child.kill()
                child.wait()
        self._ready.close()

    def _start(self) -> subprocess.Popen[bytes]:
        number = self._door.fileno()
        return subprocess.Popen(
            [*_ourselves(), "run", "--no-worker", "--socket", str(number)],
            pass_fds=[number],
            env={**os.environ, "NOTIFY_SOCKET": f"@{self._name}"},
        )


def _ourselves() -> Sequence[str]:
    return [sys.executable, "-m", "server"]
