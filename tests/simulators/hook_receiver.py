"""A system that is told by webhook: a real HTTP server that keeps what it is sent."""

import contextlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, NamedTuple

__all__ = ["HookReceiver", "hook_receiver"]


class Hook(NamedTuple):
    """A request: its path, its headers (lower case) and its body."""

    path: str
    headers: dict[str, str]
    body: bytes


class HookReceiver:
    """What came; `answers` are the statuses of the next answers, 204 after those."""

    def __init__(self) -> None:
        self.hooks: list[Hook] = []
        self.answers: list[int] = []
        self.location = ""
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {key.lower(): value for key, value in self.headers.items()}
                receiver.hooks.append(Hook(self.path, headers, body))
                self.send_response(receiver.answers.pop(0) if receiver.answers else 204)
                if receiver.location:
                    self.send_header("Location", receiver.location)
                self.end_headers()

            def log_message(self, *_words: Any) -> None:
                pass

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, name="hook-receiver")
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)


@contextlib.contextmanager
def hook_receiver() -> Iterator[HookReceiver]:
    """A receiver for the length of a block."""
    receiver = HookReceiver()
    try:
        yield receiver
    finally:
        receiver.close()
