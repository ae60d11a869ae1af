"""One request and its answer on plain ASGI: headers, bodies with a cap, JSON, one error shape.

Used by every endpoint of `server.players`.  Holds no rule of any endpoint, and no state.
"""

import zlib
from collections.abc import Awaitable, Callable, MutableMapping
from functools import lru_cache
from ipaddress import ip_address
from typing import Any, TypeVar
from urllib.parse import parse_qsl

import msgspec

from server.errors import ApplicationError, TooLarge
from server.players.errors import Malformed, WrongEncoding

__all__ = [
    "NO_STORE",
    "Answer",
    "Application",
    "Exchange",
    "Headers",
    "Message",
    "Receive",
    "Scope",
    "Send",
    "error_answer",
    "json_answer",
]

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

#: How much is unzipped at a time; a bomb is noticed after as much.
_GUNZIP_BYTES = 65_536

#: In the place of an address that is not known.
NOWHERE = "0.0.0.0"  # noqa: S104  (an address, not a socket)

#: What keeps a token's answers out of shared caches.
NO_STORE = (b"cache-control", b"no-store")

S = TypeVar("S")


class Answer(msgspec.Struct, frozen=True):
    """A whole answer: status, body and headers (`Content-Length` is added)."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[bytes, bytes], ...] = ()

    async def send(self, send: Send) -> None:
        """Send it.  A 204 or 304 has no body and no length (RFC 9110, 8.6)."""
        headers = list(self.headers)
        if self.status not in (204, 304):
            headers.append((b"content-length", b"%d" % len(self.body)))
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.body})


def json_answer(value: object, status: int = 200, *headers: tuple[bytes, bytes]) -> Answer:
    """An answer in JSON; kept in no cache unless a header says otherwise."""
    kept = any(name == b"cache-control" for name, _value in headers)
    return Answer(
        status,
        msgspec.json.encode(value),
        ((b"content-type", b"application/json"), *headers, *(() if kept else (NO_STORE,))),
    )


def error_answer(error: ApplicationError, *headers: tuple[bytes, bytes]) -> Answer:
    """The one shape that every refusal has."""
    if error.retry_after_s is not None:
        headers += ((b"retry-after", b"%d" % error.retry_after_s),)
    if error.http_status == 401:
        headers += ((b"www-authenticate", b"Bearer"),)
    return json_answer(error.as_json(), error.http_status, *headers)


class Exchange:
    """A request as it came, and the means to read its body and to answer."""

    __slots__ = ("argument", "receive", "scope", "send", "started")

    def __init__(self, scope: Scope, receive: Receive, send: Send, argument: str = "") -> None:
        self.scope, self.receive, self.send = scope, receive, send
        self.argument = argument
        """What stands in the place of `{…}` in the path."""
        self.started = False
        """Set by who sends an answer in pieces: from then on no other answer can be given."""

    @property
    def method(self) -> str:
        """`GET`, `POST`, …"""
        return str(self.scope["method"])

    @property
    def address(self) -> str:
        """Where the request came from; behind a proxy that the server trusts, who asked it."""
        client = self.scope.get("client")
        return _address(client[0]) if client else NOWHERE

    def header(self, name: bytes) -> bytes | None:
        """The first header of this lower-case name."""
        for key, value in self.scope["headers"]:
            if key == name:
                return bytes(value)
        return None

    def text(self, name: bytes) -> str | None:
        """The same as text, as HTTP has it."""
        value = self.header(name)
        return None if value is None else value.decode("latin-1")

    def media_type(self) -> str:
        """The media type of the body, without its parameters; "" for none."""
        return (self.text(b"content-type") or "").partition(";")[0].strip().lower()

    def bearer(self) -> bytes | None:
        """The bearer token, if there is one (RFC 6750, 2.1; the scheme's case does not count)."""
        value = self.header(b"authorization")
        if value is None or value[:7].lower() != b"bearer ":
            return None
        return value[7:].strip()

    def query(self, name: str) -> str | None:
        """A parameter of the query."""
        text = self.scope["query_string"].decode("latin-1")
        try:
            pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=16)
        except ValueError:
            raise Malformed("The query has more parameters than anybody needs.") from None
        return next((value for key, value in pairs if key == name), None)

    async def until_gone(self) -> None:
        """Return when the client has gone, or has its whole answer.  For requests without body."""
        while (await self.receive())["type"] != "http.disconnect":
            pass

    async def body(self, cap_bytes: int) -> bytes:
        """The body, unzipped if it came so.  Raises `TooLarge` beyond the cap, or `Malformed`."""
        self._check_length(cap_bytes)
        received = bytearray()
        more = True
        while more:
            message = await self.receive()
            if message["type"] == "http.disconnect":
                raise Malformed("The body broke off: send it again.")
            received += message.get("body", b"")
            if len(received) > cap_bytes:
                raise _too_large(cap_bytes)
            more = message.get("more_body", False)
        return self._decoded(bytes(received), cap_bytes)

    async def json(self, type_: type[S], cap_bytes: int) -> S:
        """The body as a value.  Raises `Malformed` with the place of what is wrong."""
        body = await self.body(cap_bytes)
        try:
            return msgspec.json.decode(body, type=type_)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise Malformed(
                "The body is not as described: %(why)s.", values={"why": error}
            ) from None

    def _check_length(self, cap_bytes: int) -> None:
        length = self.header(b"content-length")
        if length is not None and length.isdigit() and int(length) > cap_bytes:
            raise _too_large(cap_bytes)

    def _decoded(self, body: bytes, cap_bytes: int) -> bytes:
        encoding = (self.header(b"content-encoding") or b"identity").lower()
        if encoding == b"identity":
            return body
        if encoding != b"gzip":
            raise WrongEncoding("Send the body as it is, or with gzip.")
        return _gunzip(body, cap_bytes)


@lru_cache(maxsize=10_000)
def _address(text: str) -> str:
    """An IP address as databases have it; what a proxy made of it otherwise is no address."""
    try:
        return str(ip_address(text.partition("%")[0]))
    except ValueError:
        return NOWHERE


def _gunzip(body: bytes, cap_bytes: int) -> bytes:
    unzip = zlib.decompressobj(wbits=31)
    unzipped = bytearray()
    try:
        while body and not unzip.eof:
            unzipped += unzip.decompress(body, _GUNZIP_BYTES)
            if len(unzipped) > cap_bytes:
                raise _too_large(cap_bytes)
            body = unzip.unconsumed_tail
    except zlib.error:
        raise Malformed("The body is no gzip, whatever its header says.") from None
    if not unzip.eof:
        raise Malformed("The gzip breaks off: send it again.")
    return bytes(unzipped)


def _too_large(cap_bytes: int) -> TooLarge:
    return TooLarge(
        "The body may have %(bytes)s bytes, unzipped too: send less.",
        values={"bytes": f"{cap_bytes:,}"},
    )
