"""A site of real pages on the loopback, for a real browser."""

import contextlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from server.datasets.fetching import Rules
from tests.unit.server.review.conftest import reviewing

__all__ = ["reviewing"]

HOST, OTHER = "board.example", "elsewhere.example"
INSIDE = Rules(hosts=(HOST,), networks=("127.0.0.0/8",))

#: A page of one colour, so that a pixel says what was drawn.
PAGE = "<!doctype html><style>html{background:%s}</style>%s"


class Site:
    """Pages by their paths; `gate` holds back `/hang` until it is set."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.pages: dict[str, str] = {"/": PAGE % ("#008000", "")}
        self.moves: dict[str, str] = {}
        self.gate = threading.Event()
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append(f"{self.headers['Host'].partition(':')[0]}{self.path}")
                with contextlib.suppress(OSError):
                    site.answer(self)

            def log_message(self, *_words: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = False
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, name="site")
        self._thread.start()

    def url(self, path: str = "/", host: str = HOST) -> str:
        """An address of it, under a name that `here` resolves."""
        return f"http://{host}:{self.port}{path}"

    def answer(self, to: BaseHTTPRequestHandler) -> None:
        if to.path == "/hang":
            self.gate.wait(60)
        if to.path in self.moves:
            to.send_response(302)
            to.send_header("Location", self.moves[to.path])
            to.send_header("Content-Length", "0")
            to.end_headers()
            return
        body = self.pages.get(to.path, "").encode()
        to.send_response(200 if body else 404)
        to.send_header("Content-Type", "text/html; charset=utf-8")
        to.send_header("Content-Length", str(len(body)))
        to.end_headers()
        to.wfile.write(body)

    def close(self) -> None:
        """Let go of all who wait, and end."""
        self.gate.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def site() -> Iterator[Site]:
    found = Site()
    yield found
    found.close()


def here(_host: str, _port: int) -> list[str]:
    """Every name is this machine."""
    return ["127.0.0.1"]
