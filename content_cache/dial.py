"""From a server's name to a connected socket, within a deadline that holds.

Two things that the standard library cannot do: give up on a name server that never answers
(`getaddrinfo` has no timeout), and try the next address while an earlier one keeps silent (an
IPv6 route that swallows everything; RFC 8305, "happy eyeballs").  Used by `lines` alone.
"""

import errno
import os
import selectors
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import chain, zip_longest
from typing import Any, Self

from content_cache.fetch_errors import NameNotResolved, ServerUnreachable
from content_cache.leash import Patience

__all__ = ["Address", "Resolve", "Resolver", "connect_first", "system_resolve"]

#: RFC 8305 section 5: how long an address may be silent before the next is tried beside it.
ATTEMPT_GAP_S = 0.25

#: A family and what `socket.connect` takes for it.
Address = tuple[socket.AddressFamily, Any]
Resolve = Callable[[str, int], Sequence[Address]]


def system_resolve(host: str, port: int) -> list[Address]:
    """Every address of `host`, in the system's order (RFC 6724).  May block for minutes."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [(family, address) for family, _, _, _, address in found]


@dataclass
class _Question:
    """One look-up under way, and its answer once `done` is set."""

    done: threading.Event = field(default_factory=threading.Event)
    addresses: Sequence[Address] = ()
    error: OSError | None = None


class Resolver:
    """Looks names up in threads of their own, which are left alone when they hang.

    At most one thread per name: whoever asks for a name whose look-up hangs waits for that one,
    so an outage of the name servers costs one sleeping thread, however long it lasts.
    """

    def __init__(self, resolve: Resolve = system_resolve) -> None:
        self._resolve = resolve
        self._lock = threading.Lock()
        self._questions: dict[tuple[str, int], _Question] = {}

    def addresses(self, host: str, port: int, patience: Patience) -> Sequence[Address]:
        """The addresses of `host`.  Raises `NameNotResolved`, `TooSlow` or `Cancelled`."""
        question = self._ask(host, port)
        while not question.done.wait(patience.wait_s()):
            pass
        if question.error is not None:
            raise NameNotResolved(host, question.error.strerror or str(question.error))
        if not question.addresses:
            raise NameNotResolved(host, "it has no address")
        return question.addresses

    def _ask(self, host: str, port: int) -> _Question:
        with self._lock:
            question = self._questions.get((host, port))
            if question is None:
                question = _Question()
                self._start(host, port, question)
                self._questions[host, port] = question
            return question

    def _start(self, host: str, port: int, question: _Question) -> None:
        thread = threading.Thread(
            target=self._answer,
            args=(host, port, question),
            name=f"resolve {host}",
            daemon=True,  # it may hang for ever, and must not keep the process
        )
        try:
            thread.start()
        except RuntimeError as error:
            raise NameNotResolved(host, f"this box has no thread left ({error})") from error

    def _answer(self, host: str, port: int, question: _Question) -> None:
        try:
            question.addresses = self._resolve(host, port)
        except UnicodeError:  # a label that is empty or too long
            question.error = OSError(0, "it is not a host name")
        except OSError as error:
            question.error = error
        finally:
            with self._lock:
                del self._questions[host, port]
            question.done.set()


def connect_first(
    addresses: Sequence[Address],
    where: str,
    patience: Patience,
    make_socket: Callable[[socket.AddressFamily], socket.socket],
) -> socket.socket:
    """Connect to whichever address answers first; `make_socket` makes the sockets.

    The first address has a head start over the second, and so on.  Raises `ServerUnreachable`
    when all of them refuse, and what `patience` raises when it ends.  No socket is left open but
    the one returned.
    """
    with _Race(where, make_socket) as race:
        for address in _interleaved(addresses):
            if winner := race.enter(address, patience):
                return winner
        return race.finish(patience)


def _interleaved(addresses: Sequence[Address]) -> list[Address]:
    """Alternate the families, beginning with that of the first (RFC 8305 section 4)."""
    first = [item for item in addresses if item[0] == addresses[0][0]]
    other = [item for item in addresses if item[0] != addresses[0][0]]
    return [item for item in chain.from_iterable(zip_longest(first, other)) if item is not None]


class _Race:
    """Sockets that are connecting at the same time."""

    def __init__(
        self, where: str, make_socket: Callable[[socket.AddressFamily], socket.socket]
    ) -> None:
        self._where, self._make_socket = where, make_socket
        self._selector = selectors.DefaultSelector()
        self._running: set[socket.socket] = set()
        self._failure = "it has no address"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._selector.close()
        for runner in self._running:
            runner.close()

    def enter(self, address: Address, patience: Patience) -> socket.socket | None:
        """Start one more; return a winner if there is one before the next may start."""
        self._start(address)
        ends_at = time.monotonic() + ATTEMPT_GAP_S
        while self._running and (left := ends_at - time.monotonic()) > 0:
            if winner := self._wait(min(left, patience.wait_s())):
                return winner
        return None

    def finish(self, patience: Patience) -> socket.socket:
        """Wait for a winner among all that run.  Raises `ServerUnreachable` if none is left."""
        while self._running:
            if winner := self._wait(patience.wait_s()):
                return winner
        raise ServerUnreachable(self._where, self._failure)

    def _start(self, address: Address) -> None:
        family, name = address
        try:
            runner = self._make_socket(family)
        except OSError as error:  # no IPv6 in this kernel, or no descriptor left
            self._failure = error.strerror or str(error)
            return
        self._running.add(runner)
        runner.setblocking(False)
        code = runner.connect_ex(name)
        if code in (0, errno.EINPROGRESS):
            self._selector.register(runner, selectors.EVENT_WRITE)
        else:
            self._drop(runner, code)

    def _wait(self, seconds: float) -> socket.socket | None:
        for key, _events in self._selector.select(seconds):
            runner = key.fileobj
            assert isinstance(runner, socket.socket)
            self._selector.unregister(runner)
            code = runner.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if code == 0:
                self._running.remove(runner)
                return runner
            self._drop(runner, code)
        return None

    def _drop(self, runner: socket.socket, code: int) -> None:
        self._failure = os.strerror(code)
        self._running.remove(runner)
        runner.close()
