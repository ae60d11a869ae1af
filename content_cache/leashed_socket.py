"""Sockets, plain and TLS, whose every wait obeys the leash of the line that they belong to.

`http_wire` puts them under its HTTP library, which waits in `recv_into`, `sendall` and the
handshake, and knows only of timeouts for a single wait.  Nothing here reads a certificate file or
speaks HTTP.
"""

import socket
import ssl
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from content_cache.dial import Resolver, connect_first
from content_cache.leash import Leash

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

__all__ = ["LeashedContext", "Line"]

#: The most that is handed to the socket at a time.
SEND_BYTES = 16 * 1024


class Line:
    """What the sockets of one line of requests share: the leash of the exchange under way.

    A line serves one thread at a time.  `dialled` tells whether the exchange opened a connection
    or went over one that was open already.
    """

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._leash: Leash | None = None
        self.dialled = False

    @property
    def leash(self) -> Leash:
        """The leash of the exchange under way."""
        assert self._leash is not None, "a line was used outside an exchange"
        return self._leash

    def begin(self, leash: Leash) -> None:
        """Begin an exchange."""
        self._leash, self.dialled = leash, False

    def dial(self, host: str, port: int) -> socket.socket:
        """Connect to `host`.  Raises `FetchError`."""
        self.dialled = True
        addresses = self._resolver.addresses(host, port, self.leash)
        return connect_first(addresses, f"{host}:{port}", self.leash, self._socket)

    def _socket(self, family: socket.AddressFamily) -> socket.socket:
        made = LeashedSocket(family, socket.SOCK_STREAM)
        made.line = self
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return made


def _receive(sock: socket.socket, leash: Leash, receive: Callable[[], int]) -> int:
    while True:
        sock.settimeout(leash.wait_s())
        began = time.monotonic()
        try:
            got = receive()
        except TimeoutError:
            got = 0
        else:
            leash.waited(time.monotonic() - began, got)
            return got
        leash.waited(time.monotonic() - began, 0)


def _send_all(
    sock: socket.socket, leash: Leash, data: "ReadableBuffer", send: Callable[[memoryview], int]
) -> None:
    """Hand over every byte; a body of half a MiB takes a slow link many ticks."""
    rest = memoryview(data).cast("B")
    while rest:
        sock.settimeout(leash.wait_s())
        began = time.monotonic()
        try:
            sent = send(rest[:SEND_BYTES])
        except TimeoutError:
            sent = 0
        leash.sent(time.monotonic() - began, sent)
        rest = rest[sent:]


class LeashedSocket(socket.socket):
    """A TCP connection."""

    line: Line

    def recv_into(self, buffer: "WriteableBuffer", nbytes: int = 0, flags: int = 0) -> int:
        """As `socket.recv_into`, for as long as the leash allows.  Raises `FetchError` too."""
        receive = super().recv_into
        return _receive(self, self.line.leash, lambda: receive(buffer, nbytes, flags))

    def sendall(self, data: "ReadableBuffer", flags: int = 0) -> None:
        """As `socket.sendall`, for as long as the leash allows."""
        send = super().send
        _send_all(self, self.line.leash, data, lambda part: send(part, flags))


class LeashedTlsSocket(ssl.SSLSocket):
    """A TLS connection.  OpenSSL goes on where a timeout broke a read or a handshake off."""

    line: Line

    def recv_into(
        self, buffer: "WriteableBuffer", nbytes: int | None = None, flags: int = 0
    ) -> int:
        """As `ssl.SSLSocket.recv_into`, for as long as the leash allows."""
        receive = super().recv_into
        return _receive(self, self.line.leash, lambda: receive(buffer, nbytes, flags))

    def sendall(self, data: "ReadableBuffer", flags: int = 0) -> None:
        """As `ssl.SSLSocket.sendall`, for as long as the leash allows."""
        send = super().send
        _send_all(self, self.line.leash, data, lambda part: send(part, flags))

    def shake_hands(self) -> None:
        """The handshake, for as long as the leash allows.  Raises `ssl.SSLError`, `FetchError`."""
        while True:
            self.settimeout(self.line.leash.wait_s())
            try:
                self.do_handshake()
            except TimeoutError:
                continue
            return


class LeashedContext(ssl.SSLContext):
    """A client's TLS context that makes leashed sockets out of leashed sockets.

    `check` looks at a connection after its handshake, and may raise `ssl.SSLError`.
    """

    sslsocket_class = LeashedTlsSocket
    check: Callable[[ssl.SSLSocket], None] | None = None

    def wrap_socket(self, sock: socket.socket, *_: Any, **named: Any) -> ssl.SSLSocket:
        """As `SSLContext.wrap_socket`, but the handshake is on the leash."""
        assert isinstance(sock, LeashedSocket), "only leashed sockets are wrapped"
        line = sock.line
        wrapped = super().wrap_socket(
            sock, server_hostname=named.get("server_hostname"), do_handshake_on_connect=False
        )
        assert isinstance(wrapped, LeashedTlsSocket)
        wrapped.line = line
        try:
            wrapped.shake_hands()
            if self.check is not None:
                self.check(wrapped)
        except BaseException:
            wrapped.close()
            raise
        return wrapped
