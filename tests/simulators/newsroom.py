"""A site of news on the loopback: a feed (RSS 2.0) and the pictures that its entries name.

A real HTTP server.  All names lead to it by `resolve`, but those that begin with `inside.`: these
are of a private network.
"""

import contextlib
import io
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from PIL import Image

__all__ = ["HOST", "Newsroom", "picture"]

HOST = "feed.example"


def picture(colour: str, size: tuple[int, int] = (1600, 1000), form: str = "JPEG") -> bytes:
    """A file of one colour."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, form)
    return out.getvalue()


class Newsroom:
    """The site: `shown` are the addresses or paths of the entries' pictures, in their order.

    `pictures` are the bodies by their paths; `/endless` has no end, `/to/…` leads elsewhere (with a
    `!` for each slash), any other path is answered 404.  `asked` are the paths in their order.
    """

    def __init__(self, host: str = HOST) -> None:
        self._host = host
        self.asked: list[str] = []
        self.pictures: dict[str, bytes] = {}
        self.shown: list[str] = []
        room = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                with contextlib.suppress(OSError):
                    room.answer(self)

            def log_message(self, *_words: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = False
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, name="newsroom")
        self._thread.start()

    def url(self, path: str) -> str:
        """The address of a path; an address stays what it is."""
        return path if "://" in path else f"http://{self._host}:{self.port}{path}"

    def resolve(self, host: str, _port: int) -> list[str]:
        """Addresses of a name, as a resolver says them."""
        return ["10.0.0.9" if host.startswith("inside.") else "127.0.0.1"]

    def feed(self) -> bytes:
        """The feed as it is now."""
        items = "".join(
            f"<item><title>消息{n}</title><pubDate>Mon, 23 Nov 2026 {23 - n:02}:00:00 GMT</pubDate>"
            f'<enclosure url="{self.url(path)}" type="image/jpeg" length="1"/></item>'
            for n, path in enumerate(self.shown)
        )
        return f"<rss version='2.0'><channel><title>要闻</title>{items}</channel></rss>".encode()

    def answer(self, to: BaseHTTPRequestHandler) -> None:
        """Answer one request."""
        self.asked.append(to.path)
        if to.path == "/endless":
            to.send_response(200)
            to.end_headers()
            while True:
                to.wfile.write(bytes(65_536))
        if to.path.startswith("/to/"):
            to.send_response(302)
            to.send_header("Location", to.path.removeprefix("/to/").replace("!", "/"))
            to.end_headers()
            return
        body = self.feed() if to.path == "/feed" else self.pictures.get(to.path)
        to.send_response(404 if body is None else 200)
        to.end_headers()
        to.wfile.write(body or b"")

    def close(self) -> None:
        """End."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)
