"""A small HTTP/1.1 client on asyncio, for thousands of connections from one process.

Only for measuring, and only to this machine.  The door that boxes use (`content_cache`) guards
against everything that a network can do and takes a thread for each box; here the generator of the
load must cost less than what it measures.  Answers with a length, chunks or no body; no redirects.
"""

import asyncio
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast
from urllib.parse import urlsplit

import httptools

__all__ = ["Address", "BrokenOffError", "Line", "PushLine", "Reply", "request"]

#: How long an answer may take; a server that needs longer has failed, in seconds.
PATIENCE_S = 60.0


class BrokenOffError(OSError):
    """The connection ended where an answer was due."""


@dataclass(frozen=True, slots=True)
class Address:
    """A server on this machine."""

    host: str
    port: int

    @classmethod
    def of(cls, url: str) -> "Address":
        """That of `http://127.0.0.1:8460`.  `ValueError` for any other machine."""
        parts = urlsplit(url)
        if parts.hostname != "127.0.0.1" or parts.port is None:
            raise ValueError(f"{url} is not on this machine")
        return cls(parts.hostname, parts.port)


@dataclass(slots=True)
class Reply:
    """An answer; names of headers in lower case."""

    status: int = 0
    headers: dict[bytes, bytes] = field(default_factory=dict)
    body: bytes = b""


def request(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """The bytes of a request."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


class _Heard(asyncio.Protocol):
    """Parses what comes; httptools calls the `on_…` methods."""

    def __init__(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._transport: asyncio.Transport | None = None
        self._reply = Reply()

    async def connect(self, address: Address) -> None:
        """Connect.  Raises `OSError`."""
        loop = asyncio.get_running_loop()
        await loop.create_connection(lambda: self, address.host, address.port)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by asyncio."""
        self._transport = cast(asyncio.Transport, transport)
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def data_received(self, data: bytes) -> None:
        """Called by asyncio."""
        self._parser.feed_data(data)

    def on_message_begin(self) -> None:
        """Called by httptools."""
        self._reply = Reply()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Called by httptools."""
        self._reply.headers[name.lower()] = value

    def on_headers_complete(self) -> None:
        """Called by httptools."""
        self._reply.status = self._parser.get_status_code()

    def close(self) -> None:
        """Close; nothing happens if it is closed."""
        if self._transport is not None:
            self._transport.close()
            self._transport = None


class Line(_Heard):
    """A kept-alive connection; one request at a time."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []
        self._answered: asyncio.Future[Reply] | None = None

    @property
    def is_open(self) -> bool:
        """Can a request be sent?"""
        return self._transport is not None

    async def ask(self, wanted: bytes) -> Reply:
        """Send a request, and return its answer.  Raises `BrokenOffError`, `TimeoutError`."""
        if self._transport is None:
            raise BrokenOffError("the connection is closed")
        self._answered = asyncio.get_running_loop().create_future()
        self._pieces = []
        self._transport.write(wanted)
        async with asyncio.timeout(PATIENCE_S):
            return await self._answered

    def on_body(self, body: bytes) -> None:
        """Called by httptools."""
        self._pieces.append(body)

    def on_message_complete(self) -> None:
        """Called by httptools."""
        self._reply.body = b"".join(self._pieces)
        if self._answered is not None and not self._answered.done():
            self._answered.set_result(self._reply)
        if not self._parser.should_keep_alive():
            self.close()

    def connection_lost(self, _error: Exception | None) -> None:
        """Called by asyncio."""
        self._transport = None
        if self._answered is not None and not self._answered.done():
            self._answered.set_exception(BrokenOffError("the connection ended before the answer"))


class PushLine(_Heard):
    """A push connection: `look` is called for each such event, `ended` when it breaks off."""

    def __init__(self, look: Callable[[], None], ended: Callable[[], None]) -> None:
        super().__init__()
        self._look, self._ended = look, ended
        self._buffer = b""
        self.welcome = asyncio.Event()

    def send(self, wanted: bytes) -> None:
        """Send the request."""
        assert self._transport is not None, "it is connected"
        self._transport.write(wanted)

    def on_body(self, body: bytes) -> None:
        """Called by httptools."""
        self.welcome.set()
        *events, self._buffer = (self._buffer + body).split(b"\n\n")
        for event in events:
            if event.startswith(b"event: look"):
                self._look()

    def connection_lost(self, _error: Exception | None) -> None:
        """Called by asyncio."""
        self._transport = None
        self._ended()
