"""The faults of a content server, by name; the comments name the rows of the fault catalogue.

For `hostile_server` only.
"""

import functools
import gzip
import hashlib
import re
import time
from collections.abc import Callable

from tests.simulators.honest_handler import Handler

HTML = b"<!DOCTYPE html><html><head><title>Guest network</title></head><body>Log in</body></html>"


#: What the bomb unpacks to: more than any document may have.
BOMB_BYTES = 20_000_000


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
