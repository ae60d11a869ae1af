"""The answers of an honest content server, and the parts that faults are made of.

For `hostile_server` and `hostile_answers` only.
"""

import contextlib
import hashlib
import re
import select
import socket
import struct
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler
from typing import Any, Protocol

PREFIX = "/player/v1/"


def target_of(name: str) -> str:
    """What a name under the prefix is: freshness, manifest, root or blob."""
    return {"root": "root", "blobs": "blob"}.get(name.partition("/")[0], name)


class FaultySite(Protocol):
    """What the handler asks of its server."""

    #: How each fault answers a request.
    answers: "Mapping[str, Callable[[Handler], None]]"

    def fault_for(self, target: str) -> str | None:
        """The name of the fault that is due, if any."""

    def content(self, name: str) -> bytes | None:
        """The bytes that a name stands for."""

    def note(self, line: str) -> None:
        """Write it into the log of requests."""


class Handler(BaseHTTPRequestHandler):
    """Answers as an honest server would, but for the fault that is set for this target."""

    protocol_version = "HTTP/1.1"
    wbufsize = 0
    server: FaultySite  # type: ignore[assignment]  # the base knows no more than a server

    def do_GET(self) -> None:
        name = self.path.partition("?")[0].removeprefix(PREFIX)
        fault = self.server.fault_for(target_of(name))
        self.server.note(f"{self.path} {self.headers.get('Range', '-')} {fault or 'honest'}")
        self.body = self.server.content(name)
        with contextlib.suppress(OSError):
            self.server.answers[fault or "honest"](self)

    def do_CONNECT(self) -> None:
        """What a proxy is asked for a TLS connection: it wants a password, as row N25 has it."""
        self.server.note(f"CONNECT {self.path}")
        self.answer(407, b"", **{"Proxy-Authenticate": 'Basic realm="staff"'})

    def honest(self, *, ranges: bool = True) -> None:
        if self.body is None:
            return self.answer(404, b"nothing here\n")
        etag = f'"{hashlib.sha256(self.body).hexdigest()}"'
        if self.headers.get("If-None-Match") == etag:
            return self.answer(304, b"", ETag=etag)
        wanted = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        if wanted and ranges and self.headers.get("If-Range", etag) == etag:
            return self.part(int(wanted[1]), etag)
        return self.answer(200, self.body, ETag=etag, **self.kind())

    def part(self, start: int, etag: str) -> None:
        assert self.body is not None
        size = len(self.body)
        if start >= size:
            return self.answer(416, b"", **{"Content-Range": f"bytes */{size}"})
        where = {"Content-Range": f"bytes {start}-{size - 1}/{size}"}
        return self.answer(206, self.body[start:], ETag=etag, **where, **self.kind())

    def kind(self) -> dict[str, str]:
        is_blob = "/blobs/" in self.path
        return {"Content-Type": "application/octet-stream" if is_blob else "application/json"}

    def answer(self, status: int, body: bytes, **headers: str) -> None:
        self.head(status, {"Content-Length": str(len(body)), **headers})
        if status != 304:
            self.wfile.write(body)

    def head(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def half(self) -> bytes:
        """Announce the honest answer, send half of its body, and return the other half."""
        body = self.body or b"x" * 1000
        start = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        begin = int(start[1]) if start else 0
        headers = {"Content-Length": str(len(body) - begin), **self.kind()}
        if begin:
            headers["Content-Range"] = f"bytes {begin}-{len(body) - 1}/{len(body)}"
        headers["ETag"] = f'"{hashlib.sha256(body).hexdigest()}"'
        self.head(206 if begin else 200, headers)
        middle = begin + (len(body) - begin) // 2
        self.wfile.write(body[begin:middle])
        return body[middle:]

    def until_client_leaves(self) -> None:
        select.select([self.connection], [], [], 30.0)
        self.close_connection = True

    def reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Stay silent; requests are noted in the log."""
