"""A content server in a process of its own that is honest, or lies and fails on request.

It serves a folder: `freshness`, `manifest`, `root/2`, `blobs/<sha256>` under `/player/v1/`.  Which
fault befalls which requests stands in `faults.json` in that folder, read anew with every request,
so that a test turns an honest server into a hostile one (and back) at the same address.  Every
request is noted in `requests.log`.

    with ServerProcess(folder) as server:
        server.fault("blob", "rst")

The names of the faults are those of `FAULTS`; the comments name the rows of the fault catalogue.
"""

import argparse
import contextlib
import functools
import gzip
import hashlib
import json
import re
import select
import socket
import socketserver
import ssl
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, Self

PREFIX = "/player/v1/"
HTML = b"<!DOCTYPE html><html><head><title>Guest network</title></head><body>Log in</body></html>"

#: What the bomb unpacks to: more than any document may have.
BOMB_BYTES = 20_000_000


def target_of(name: str) -> str:
    """What a name under the prefix is: freshness, manifest, root or blob."""
    return {"root": "root", "blobs": "blob"}.get(name.partition("/")[0], name)


class Handler(BaseHTTPRequestHandler):
    """Answers as an honest server would, but for the fault that is set for this target."""

    protocol_version = "HTTP/1.1"
    wbufsize = 0
    server: "Server"

    def do_GET(self) -> None:
        name = self.path.partition("?")[0].removeprefix(PREFIX)
        fault = self.server.fault_for(target_of(name))
        self.server.note(f"{self.path} {self.headers.get('Range', '-')} {fault or 'honest'}")
        self.body = self.server.content(name)
        with contextlib.suppress(OSError):
            FAULTS[fault or "honest"](self)

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


def echo(handler: Handler) -> None:
    """The request's own headers, as a document."""
    handler.answer(200, str(handler.headers).encode(), **{"Content-Type": "application/json"})


def status(code: int, **headers: str) -> Callable[[Handler], None]:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda handler: handler.answer(code, b"sorry\n", **names)


def hang(handler: Handler) -> None:
    handler.until_client_leaves()


def half_open(handler: Handler) -> None:
    handler.half()
    handler.until_client_leaves()


def cut_with_reset(handler: Handler) -> None:
    handler.half()
    time.sleep(0.05)  # let the bytes go out before the reset throws away what is unsent
    handler.reset()


def cut_short(handler: Handler) -> None:
    handler.half()
    handler.close_connection = True


def drip(handler: Handler) -> None:
    for byte in handler.half():
        handler.wfile.write(bytes([byte]))
        time.sleep(0.05)


def slow_headers(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while True:
        handler.wfile.write(b"a")
        time.sleep(0.05)


def endless_headers(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(1_000_000):
        handler.wfile.write(b"X-%d: endless\r\n" % number)


def endless_header_line(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
    while True:
        handler.wfile.write(b"a" * 4096)


def no_http(handler: Handler) -> None:
    handler.wfile.write(b"220 mail.example ESMTP\r\n")
    handler.close_connection = True


def length_too_small(handler: Handler) -> None:
    body = handler.body or b"x" * 1000
    handler.head(200, {"Content-Length": str(len(body) // 2), **handler.kind()})
    handler.wfile.write(body)
    handler.close_connection = True


def endless_chunked(handler: Handler) -> None:
    handler.head(200, {"Transfer-Encoding": "chunked", **handler.kind()})
    body = handler.body or b""
    handler.wfile.write(b"%x\r\n%b\r\n" % (len(body), body) if body else b"")
    while True:
        handler.wfile.write(b"10000\r\n" + b"a" * 0x10000 + b"\r\n")


def endless_trailers(handler: Handler) -> None:
    body = handler.body or b"x" * 1000
    handler.head(200, {"Transfer-Encoding": "chunked", **handler.kind()})
    handler.wfile.write(b"%x\r\n%b\r\n0\r\n" % (len(body), body))
    while True:
        handler.wfile.write(b"X-More: trailers\r\n" * 1000)


def endless_without_length(handler: Handler) -> None:
    handler.head(200, {"Connection": "close", **handler.kind()})
    while True:
        handler.wfile.write(b"a" * 0x10000)


@functools.cache
def bomb() -> bytes:
    return gzip.compress(b"{" + b" " * BOMB_BYTES, compresslevel=1)


def gzip_bomb(handler: Handler) -> None:
    handler.answer(200, bomb(), **{"Content-Encoding": "gzip", **handler.kind()})


def zipped(handler: Handler) -> None:
    """Honest: a document may come zipped to whoever says that it takes that."""
    if "gzip" not in handler.headers.get("Accept-Encoding", "") or handler.body is None:
        return handler.honest()
    return handler.answer(
        200, gzip.compress(handler.body), **{"Content-Encoding": "gzip", **handler.kind()}
    )


def brotli(handler: Handler) -> None:
    handler.answer(200, b"\x8b\x00\x80x\x03", **{"Content-Encoding": "br", **handler.kind()})


def portal_in_disguise(handler: Handler) -> None:
    handler.answer(200, HTML, **handler.kind())


def redirect(location: str) -> Callable[[Handler], None]:
    return lambda handler: handler.answer(302, b"", Location=location or handler.path)


def endless_redirect(handler: Handler) -> None:
    handler.head(302, {"Location": "/", "Connection": "close"})
    while True:
        handler.wfile.write(b"a" * 0x10000)


def other_version(*, admitted: bool) -> Callable[[Handler], None]:
    """The bytes of another file of the same length; its own validator only when `admitted`."""

    def fault(handler: Handler) -> None:
        honest_etag = f'"{hashlib.sha256(handler.body or b"").hexdigest()}"'
        handler.body = bytes(byte ^ 1 for byte in handler.body or b"x" * 1000)
        other = f'"{hashlib.sha256(handler.body).hexdigest()}"'
        start = re.fullmatch(r"bytes=(\d+)-", handler.headers.get("Range", ""))
        etag = other if admitted else honest_etag
        if start:
            return handler.part(int(start[1]), etag)
        return handler.answer(200, handler.body, ETag=etag, **handler.kind())

    return fault


def wrong_range(handler: Handler) -> None:
    """206, but for the beginning of the file instead of what was asked for."""
    body = handler.body or b"x" * 1000
    where = {"Content-Range": f"bytes 0-{len(body) - 1}/{len(body)}"}
    handler.answer(206, body, **where, **handler.kind())


def limited(bytes_per_second: int) -> Callable[[Handler], None]:
    def fault(handler: Handler) -> None:
        connection, step = handler.wfile, bytes_per_second // 20

        class Slow:
            def write(self, content: bytes) -> None:
                for start in range(0, len(content), step):
                    connection.write(content[start : start + step])
                    time.sleep(0.05)

            def flush(self) -> None:
                connection.flush()

        handler.wfile = Slow()  # type: ignore[assignment]
        try:
            handler.honest()
        finally:
            handler.wfile = connection

    return fault


FAULTS: dict[str, Callable[[Handler], None]] = {
    "honest": Handler.honest,
    "reset": Handler.reset,  # N01, N21
    "hang": hang,
    "echo": echo,
    "status 500": status(500),  # N03
    "status 502": status(502),
    "status 503": status(503, Retry_After="7"),
    "status 429": status(429, Retry_After="7"),
    "status 401": status(401),
    "status 404": status(404),
    "half open": half_open,  # N04
    "drip": drip,  # N05
    "slow headers": slow_headers,  # N06
    "endless headers": endless_headers,
    "endless header line": endless_header_line,
    "no http": no_http,
    "rst": cut_with_reset,  # N07
    "short": cut_short,  # N08
    "length too small": length_too_small,  # N09
    "endless chunked": endless_chunked,  # N10
    "endless trailers": endless_trailers,
    "endless": endless_without_length,
    "gzip bomb": gzip_bomb,  # N11
    "zipped": zipped,
    "brotli": brotli,
    "portal": lambda handler: handler.answer(200, HTML, **{"Content-Type": "text/html"}),  # N12, 13
    "portal in disguise": portal_in_disguise,
    "portal 511": status(511),
    "redirect loop": redirect(""),  # N14
    "redirect to http": redirect("http://127.0.0.1:1/player/v1/manifest"),
    "redirect to another host": redirect("https://elsewhere.example/"),
    "redirect to nonsense": redirect("http://[::bad/"),
    "endless redirect": endless_redirect,
    "range ignored": lambda handler: handler.honest(ranges=False),  # N15
    "other version": other_version(admitted=True),  # N16
    "swapped": other_version(admitted=False),  # N16, N19
    "wrong range": wrong_range,
    "limited": limited(40_000),  # N20
    "proxy": status(407),  # N25
    "empty": lambda handler: handler.answer(200, b"", **handler.kind()),  # N26
}


class Server(socketserver.ThreadingTCPServer):
    """Serves `folder`; with `certificate` (PEM, with its key) over TLS."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, folder: Path, port: int, certificate: Path | None) -> None:
        self._folder, self._lock = folder, threading.Lock()
        self._tls: ssl.SSLContext | None = None
        if certificate:
            self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._tls.load_cert_chain(certificate)
        super().__init__(("127.0.0.1", port), Handler)

    def finish_request(self, request: Any, client_address: Any) -> None:
        # In the request's own thread: a handshake that hangs must not stop the others.
        self.note("connection")
        with contextlib.suppress(OSError):
            wrapped = self._tls.wrap_socket(request, server_side=True) if self._tls else request
            super().finish_request(wrapped, client_address)

    def shutdown_request(self, request: Any) -> None:
        with contextlib.suppress(OSError):
            super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news here."""

    def fault_for(self, target: str) -> str | None:
        with self._lock:
            try:
                faults = json.loads((self._folder / "faults.json").read_bytes())
            except FileNotFoundError:
                return None
            fault = faults.get(target, faults.get("*"))
            if fault is None or fault["times"] == 0:
                return None
            if fault["times"] > 0:
                fault["times"] -= 1
                write_whole(self._folder / "faults.json", json.dumps(faults).encode())
            return fault["name"]

    def content(self, name: str) -> bytes | None:
        path = self._folder / name
        if ".." in name or not path.is_file():
            return None
        return path.read_bytes()

    def note(self, line: str) -> None:
        with (self._folder / "requests.log").open("a") as log:
            log.write(line + "\n")


def write_whole(path: Path, content: bytes) -> None:
    """Replace a file so that no reader sees a half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_bytes(content)
    fresh.replace(path)


class ServerProcess:
    """The server in a child process, from the side of the test; a context manager.

    `stop` and `start` take it off the network and bring it back at the same port.
    """

    def __init__(self, folder: Path, certificate: Path | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self._certificate = folder, certificate
        self._process: subprocess.Popen[str] | None = None
        self.port = 0

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def base(self) -> str:
        return f"{'https' if self._certificate else 'http'}://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [sys.executable, __file__, str(self.folder), "--port", str(self.port)]
        if self._certificate:
            command += ["--certificate", str(self._certificate)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())

    def stop(self) -> None:
        if self._process:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def put(self, name: str, content: bytes) -> None:
        write_whole(self.folder / name, content)

    def fault(self, target: str, name: str | None, times: int = -1) -> None:
        """Let `name` befall the next `times` requests (-1: all) for `target` ("*": any)."""
        assert name is None or name in FAULTS, name
        faults = {} if name is None else {target: {"name": name, "times": times}}
        write_whole(self.folder / "faults.json", json.dumps(faults).encode())

    def requests(self) -> list[str]:
        """What was asked since the last call: "path range fault" a line, or "connection"."""
        log = self.folder / "requests.log"
        lines = log.read_text().splitlines() if log.exists() else []
        log.unlink(missing_ok=True)
        return lines


@contextlib.contextmanager
def black_hole() -> Iterator[int]:
    """A port of 127.0.0.1 whose connections are never answered: its queue is full (N23)."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(3):  # one fits; the others make sure
            filler = stack.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--certificate", type=Path)
    arguments = parser.parse_args()
    bomb()  # made now, so that no client waits for it
    with Server(arguments.folder, arguments.port, arguments.certificate) as server:
        print(server.server_address[1], flush=True)
        server.serve_forever(poll_interval=0.05)


if __name__ == "__main__":
    main()
