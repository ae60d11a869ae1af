"""What every conversation over HTTP shares: addresses, connections kept open, the token, limits.

`http_fetcher` fetches with it for the sync pass; the agent sends reports and listens with it.
Addresses are made of a configured base and a path; none is ever taken from an answer.
"""

import re
import threading
import time
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from content_cache.base_urls import BaseUrls, checked_base
from content_cache.dial import Resolve, Resolver, system_resolve
from content_cache.fetch_errors import CaptivePortal, FetchError, TooLarge, WrongContent
from content_cache.http_answer import check_reply, check_stream
from content_cache.http_wire import Exchange, Wire
from content_cache.leash import NetworkLimits, StopSignal
from content_cache.server_sent import ServerEvent, server_events
from content_cache.tls import ProvedPast, Tls, trust_the_clock

__all__ = ["PREFIX", "HttpClient", "Reply", "decoded"]

#: Where the interface for players stands below the base address.
PREFIX = "player/v1"

#: Connections kept open between exchanges; as many as there are parallel downloads, and one.
IDLE_LINES = 4

#: How long such a connection is good: routers on the way forget a silent one without a word.
IDLE_LIMIT_S = 30.0
#: What an answer may cost on the wire beyond its cap, or a blob beyond twice its size (chunk
#: headers, trailers).
FRAMING_BYTES = 1024 * 1024

#: An answer to something that was sent says little.
REPLY_BYTES_LIMIT = 256 * 1024

_TOKEN = re.compile(r"[\x21-\x7e]+")


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to something that was sent: its status (2xx), and its body, b"" for none."""

    status: int
    body: bytes


class HttpClient:
    """Speaks to the first of `base_urls` that answers.  Safe to use from several threads.

    `token` is sent as a bearer token.  `ca_file` holds the only CAs that are trusted (PEM); without
    it those of the system are.  `proxy` is the URL of an HTTP proxy; the environment's are ignored.
    `stop` ends every call within a second.  Clear text (`http://`) is refused but for addresses of
    this very machine, unless `cleartext` is set: the token would be readable on the way.
    `proved_past` says how late it is at the least while this machine's clock is wrong (`tls`).

    Raises `ValueError` for an address or a token that is none, `TlsFailed` for a CA file without
    a CA.
    """

    def __init__(
        self,
        base_urls: Sequence[str],
        *,
        token: str | None = None,
        ca_file: Path | None = None,
        proxy: str | None = None,
        cleartext: bool = False,
        limits: NetworkLimits | None = None,
        stop: StopSignal | None = None,
        resolve: Resolve = system_resolve,
        proved_past: ProvedPast = trust_the_clock,
    ) -> None:
        self.bases = BaseUrls([checked_base(url, cleartext=cleartext) for url in base_urls])
        self.limits = limits or NetworkLimits()
        self.headers = {"User-Agent": "yingbi", "Accept": "*/*"} | _authorization(token)
        tls, resolver = Tls(ca_file, proved_past), Resolver(resolve)
        stop = stop or threading.Event()
        self._new_wire = partial(Wire, resolver, tls, self.limits, stop, proxy=proxy)
        self._lock = threading.Lock()
        self._idle: list[tuple[Wire, float]] = []

    def send(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        secret: str | None = None,
    ) -> Reply:
        """Send `body` to `path`, and read the whole of a small answer.  Raises `FetchError`.

        It may arrive twice (a connection that had gone stale): the receiver must bear that.
        `secret` goes in the place of the token.
        """
        ours = self.headers | dict(headers or {}) | _authorization(secret)
        ours["Accept-Encoding"] = "gzip"
        return self.bases.first_that_answers(
            lambda base: self._exchanged(method, f"{base}/{PREFIX}/{path}", ours, body)
        )

    @contextmanager
    def events(self, path: str, last_id: str | None = None) -> Iterator[Iterator[ServerEvent]]:
        """Listen to the event stream at `path`, for as long as bytes come.  Raises `FetchError`.

        Comments are given as events without a name: the stream's sign of life.
        """
        headers = self.headers | {"Accept": "text/event-stream", "Cache-Control": "no-store"}
        if last_id is not None:
            headers["Last-Event-ID"] = last_id
        with self.wire() as wire:
            exchange = self.bases.first_that_answers(
                lambda base: self._listening(wire, f"{base}/{PREFIX}/{path}", headers)
            )
            exchange.leash.begin("listening", None)
            try:
                yield server_events(exchange.chunks(), exchange.where)
            finally:
                exchange.close()

    def close(self) -> None:
        """Close the connections that are kept open.  Nothing may be under way."""
        with self._lock:
            idle, self._idle = self._idle, []
        for wire, _since in idle:
            wire.close()

    @contextmanager
    def wire(self) -> Iterator[Wire]:
        """A wire for one exchange, its connection still open if that is of use."""
        with self._lock:
            wire, since = self._idle.pop() if self._idle else (self._new_wire(), 0.0)
        if time.monotonic() - since > IDLE_LIMIT_S:
            wire.close()  # only its connection
        try:
            yield wire
        finally:
            with self._lock:
                keep = len(self._idle) < IDLE_LINES
                if keep:
                    self._idle.append((wire, time.monotonic()))
            if not keep:
                wire.close()

    def _exchanged(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None
    ) -> Reply:
        with self.wire() as wire:
            exchange = wire.send(method, url, headers, body)
            try:
                check_reply(exchange.answer)
                most = REPLY_BYTES_LIMIT + FRAMING_BYTES
                exchange.leash.begin("reading", self.limits.document_s, most)
                answered = decoded(exchange, REPLY_BYTES_LIMIT)
            finally:
                exchange.close()
        if answered.lstrip()[:1] == b"<":  # no answer of ours begins so, every web page does
            raise CaptivePortal(exchange.where)
        return Reply(exchange.answer.status, answered)

    def _listening(self, wire: Wire, url: str, headers: Mapping[str, str]) -> Exchange:
        exchange = wire.send("GET", url, headers)
        try:
            check_stream(exchange.answer)
        except FetchError:
            exchange.close()
            raise
        return exchange


def _authorization(token: str | None) -> dict[str, str]:
    if token is None:
        return {}
    if not _TOKEN.fullmatch(token):
        raise ValueError("the screen's token is damaged: pair the screen again")
    return {"Authorization": f"Bearer {token}"}


def decoded(exchange: Exchange, cap_bytes: int) -> bytes:
    """The body, unzipped if it is zipped; never more than `cap_bytes` of it exist in memory."""
    if exchange.response.headers.get("Content-Encoding", "").strip().lower() != "gzip":
        return _joined(exchange.chunks(), exchange.where, cap_bytes)
    return _joined(_unzipped(exchange, cap_bytes), exchange.where, cap_bytes)


def _joined(chunks: Iterator[bytes], where: str, cap_bytes: int) -> bytes:
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > cap_bytes:
            raise TooLarge(where, cap_bytes)
    return bytes(body)


def _unzipped(exchange: Exchange, cap_bytes: int) -> Iterator[bytes]:
    unzip = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        for chunk in exchange.chunks():
            yield unzip.decompress(chunk, cap_bytes + 1)
    except zlib.error as error:
        raise WrongContent(exchange.where, f"it is not the gzip that it says ({error})") from error
    if not unzip.eof:
        raise WrongContent(exchange.where, "its gzip breaks off")
