"""The only way out of the browser: a proxy on the loopback that checks every host it is asked for.

The browser resolves no name itself.  For each connection the host must be on the list
(`fetch.hosts`), every address of its name must be one that may be reached (`fetch.networks`), and
the address that was checked is the one that is connected to; so redirects, frames, pictures and
sockets obey the same rule as the page.  It never reads what goes through a tunnel.
"""

import contextlib
import selectors
import socket
import socketserver
import threading
from collections.abc import Iterator
from types import TracebackType
from typing import ClassVar, Self
from urllib.parse import SplitResult, urlsplit, urlunsplit

from server.alerts.addresses import Resolve, system_resolve
from server.datasets.fetching import PATIENCE_S, FetchRefused, Rules, allowed_at, checked_address

__all__ = ["BYTES_LIMIT", "Gate"]

#: What one page may load in all, in bytes.
BYTES_LIMIT = 200_000_000

#: The head of a request, in bytes; browsers send a few thousand.
HEAD_BYTES = 1 << 16

#: The hosts that are remembered as refused; a page may ask for any number.
REFUSED_LIMIT = 20

_CHUNK = 1 << 16
_OWN_HEADERS = (b"proxy-", b"connection:", b"keep-alive:", b"host:")


class Gate:
    """The proxy, from `with` to its end; then nothing of it is left.

    `refused` has the hosts that were asked for and may not be, with the reasons.
    """

    def __init__(self, rules: Rules, resolve: Resolve = system_resolve) -> None:
        self.refused: dict[str, FetchRefused] = {}
        self._rules, self._resolve = rules, resolve
        self._open: set[socket.socket] = set()
        self._bytes, self._is_cut = 0, False
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _Request)
        self._server.gate = self
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, name="page-gate"
        )

    @property
    def port(self) -> int:
        """Where the browser finds it, on 127.0.0.1."""
        return int(self._server.server_address[1])

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self.cut()
        self._server.server_close()  # waits for the threads of the requests

    def connected(self, parts: SplitResult) -> socket.socket:
        """A connection for this address, if it may be had.  Raises `FetchRefused`, `OSError`."""
        host = str(parts.hostname)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        try:
            checked_address(urlunsplit(parts), self._rules)
            address = allowed_at(host, port, self._rules.networks, self._resolve)
        except FetchRefused as refusal:
            self.refuse(host, refusal)
            raise
        return socket.create_connection((address, port), PATIENCE_S)

    def refuse(self, host: str, why: FetchRefused) -> None:
        """Remember that a host was asked for."""
        with self._lock:
            if len(self.refused) < REFUSED_LIMIT:
                self.refused.setdefault(host.lower(), why)

    @contextlib.contextmanager
    def holding(self, line: socket.socket) -> Iterator[None]:
        """Keep this socket where `cut` finds it.  Raises `OSError` after the cut."""
        with self._lock:
            if self._is_cut:
                raise OSError("the gate is closed")
            self._open.add(line)
        try:
            yield
        finally:
            with self._lock:
                self._open.discard(line)

    def count(self, number: int) -> bool:
        """Count bytes that went through; whether there may be more."""
        with self._lock:
            self._bytes += number
            return self._bytes <= BYTES_LIMIT

    def cut(self) -> None:
        """End every connection: whoever reads finds the line dead."""
        with self._lock:
            self._is_cut = True
            for line in self._open:
                with contextlib.suppress(OSError):  # it is gone already
                    line.shutdown(socket.SHUT_RDWR)


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = False
    block_on_close = True
    request_queue_size = 64
    gate: Gate


class _Request(socketserver.StreamRequestHandler):
    """One connection of the browser: a tunnel, or one plain request."""

    rbufsize = 0  # what comes after the head stays in the socket
    timeout = PATIENCE_S
    server: _Server
    request: socket.socket
    _answers: ClassVar = {403: b"Forbidden", 502: b"Bad Gateway"}

    def handle(self) -> None:
        with contextlib.suppress(OSError, ValueError), self.server.gate.holding(self.request):
            self._handled()

    def _handled(self) -> None:
        words = self.rfile.readline(HEAD_BYTES).split()
        headers = self._headers()
        if len(words) != 3:
            return
        method, target = words[0], words[1].decode("ascii")
        is_tunnel = method == b"CONNECT"
        try:
            parts = checked_parts(f"https://{target}/" if is_tunnel else target, is_tunnel)
            line = self.server.gate.connected(parts)
        except FetchRefused:
            self._refuse(403)
        except OSError:
            self._refuse(502)
        else:
            with line, self.server.gate.holding(line):
                if is_tunnel:
                    self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                else:
                    line.sendall(_forwarded(method, parts, headers))
                self._carry(line)

    def _headers(self) -> list[bytes]:
        found: list[bytes] = []
        while (each := self.rfile.readline(HEAD_BYTES)).strip():
            found.append(each.strip())
            if sum(map(len, found)) > HEAD_BYTES:
                raise ValueError("a head without end")
        return found

    def _refuse(self, status: int) -> None:
        reason = self._answers[status]
        self.wfile.write(
            b"HTTP/1.1 %d %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n" % (status, reason)
        )

    def _carry(self, line: socket.socket) -> None:
        """Carry bytes both ways until one side ends, or `cut` ends both."""
        other = {self.request: line, line: self.request}
        self.request.settimeout(None)
        line.settimeout(None)
        with selectors.DefaultSelector() as selector:
            for each, to in other.items():
                selector.register(each, selectors.EVENT_READ, to)
            while True:
                for key, _events in selector.select():
                    chunk = key.fileobj.recv(_CHUNK)  # type: ignore[union-attr]  # (a socket)
                    if not chunk or not self.server.gate.count(len(chunk)):
                        return
                    key.data.sendall(chunk)


def checked_parts(url: str, is_tunnel: bool) -> SplitResult:
    """The parts of what was asked for; only http:// comes in the open.  Raises `FetchRefused`."""
    parts = urlsplit(url)
    if not parts.hostname or parts.scheme != ("https" if is_tunnel else "http"):
        raise FetchRefused(
            "This is no address to fetch from (%(why)s): write https://host/path.",
            values={"why": "a proxy asks otherwise"},
        )
    return parts


def _forwarded(method: bytes, parts: SplitResult, headers: list[bytes]) -> bytes:
    """The request as the host of its address takes it; it has the connection to itself."""
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    kept = [each for each in headers if not each.lower().startswith(_OWN_HEADERS)]
    host = parts.netloc.rpartition("@")[2].encode("ascii")
    lines = [b"%s %s HTTP/1.1" % (method, path.encode("ascii")), b"Host: " + host, *kept]
    return b"\r\n".join([*lines, b"Connection: close", b"", b""])
