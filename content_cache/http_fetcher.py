"""The `Fetcher` that speaks HTTP, for the sync pass.

What it asks for (docs/sync.md, "On the wire"): `GET {base}/player/v1/freshness`, `/manifest`,
`/root/{n}`, `/blobs/{sha256}`.  Addresses are made of the configured base and a name; none is ever
taken from an answer.  At most one chunk of a blob is held in memory.
"""

import re
import threading
import time
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from content_cache.base_urls import BaseUrls, checked_base
from content_cache.dial import Resolve, Resolver, system_resolve
from content_cache.fetch_errors import CaptivePortal, CutShort, FetchError, TooLarge, WrongContent
from content_cache.fetcher import BlobStream, Document, DocumentName
from content_cache.http_answer import BlobStart, any_etag, check_blob, check_document
from content_cache.http_wire import Exchange, Wire, client_context
from content_cache.leash import NetworkLimits, StopSignal

__all__ = ["HttpFetcher"]

#: Connections kept open between exchanges; as many as there are parallel downloads, and one.
IDLE_LINES = 4

#: How long such a connection is good: routers on the way forget a silent one without a word.
IDLE_LIMIT_S = 30.0
#: What an answer may cost on the wire beyond its cap, or a blob beyond twice its size (chunk
#: headers, trailers).
FRAMING_BYTES = 1024 * 1024

_TOKEN = re.compile(r"[\x21-\x7e]+")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A blob, or what is missing of it."""

    sha256: str
    size: int
    start: int
    etag: str | None

    def __post_init__(self) -> None:
        assert _SHA256.fullmatch(self.sha256), "a digest from a decoded manifest"
        assert 0 <= self.start <= self.size, "no more than the blob was there to resume"

    def headers(self) -> dict[str, str]:
        """No coding on the way, so that a byte's place here is its place there (RFC 9110, 14)."""
        if self.start == 0:
            return {"Accept-Encoding": "identity"}
        return {
            "Accept-Encoding": "identity",
            "Range": f"bytes={self.start}-",
            "If-Range": self.etag or f'"{self.sha256}"',
        }


class _HttpBlob:
    """A blob as it arrives."""

    def __init__(self, exchange: Exchange, start: BlobStart, due: int) -> None:
        self._exchange, self._due = exchange, due
        self.start, self.etag = start.start, start.etag

    def __iter__(self) -> Iterator[bytes]:
        got = 0
        for chunk in self._exchange.chunks():
            got += len(chunk)
            yield chunk
        if got == 0 and self._due > 0:
            raise WrongContent(self._exchange.where, "it is empty")
        if got < self._due:
            raise CutShort(self._exchange.where, got, f"{self._due} were due")


class HttpFetcher:
    """Fetches from the first of `base_urls` that answers; see `content_cache.fetcher.Fetcher`.

    `token` is sent as a bearer token.  `ca_file` holds the only CAs that are trusted (PEM); without
    it those of the system are.  `proxy` is the URL of an HTTP proxy; the environment's are ignored.
    `stop` ends every call within a second.  Clear text (`http://`) is refused but for addresses of
    this very machine, unless `cleartext` is set: the token would be readable on the way.

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
    ) -> None:
        self._bases = BaseUrls([checked_base(url, cleartext=cleartext) for url in base_urls])
        self._headers = {"User-Agent": "yingbi", "Accept": "*/*"}
        if token is not None:
            if not _TOKEN.fullmatch(token):
                raise ValueError("the screen's token is damaged: pair the screen again")
            self._headers["Authorization"] = f"Bearer {token}"
        self._limits = limits or NetworkLimits()
        tls, resolver, stop = client_context(ca_file), Resolver(resolve), stop or threading.Event()
        self._new_wire = partial(Wire, resolver, tls, self._limits, stop, proxy=proxy)
        self._lock = threading.Lock()
        self._idle: list[tuple[Wire, float]] = []

    def document(self, name: DocumentName, etag: str | None = None) -> Document:
        """See `Fetcher.document`."""
        headers = {"Accept-Encoding": "gzip"} | ({"If-None-Match": etag} if etag else {})
        return self._bases.first_that_answers(
            lambda base: self._document(f"{base}/player/v1/{name.path}", name.cap_bytes, headers)
        )

    @contextmanager
    def blob(
        self, sha256: str, size: int, start: int = 0, etag: str | None = None
    ) -> Iterator[BlobStream]:
        """See `Fetcher.blob`.  Without an `etag`, ours for a blob is assumed: its digest."""
        wanted = _Wanted(sha256, size, start, etag)
        with self._wire() as wire:
            base, exchange, begun = self._bases.first_that_answers(
                lambda base: (base, *self._open(wire, base, wanted))
            )
            try:
                yield _HttpBlob(exchange, begun, size - begun.start)
            except FetchError as error:
                self._bases.blame(base, error)
                raise
            finally:
                exchange.close()

    def close(self) -> None:
        """Close the connections that are kept open.  Nothing may be under way."""
        with self._lock:
            idle, self._idle = self._idle, []
        for wire, _since in idle:
            wire.close()

    def _document(self, url: str, cap_bytes: int, headers: dict[str, str]) -> Document:
        asked = headers.get("If-None-Match")
        with self._wire() as wire:
            exchange = wire.get(url, self._headers | headers)
            try:
                if not check_document(exchange.answer, conditional=asked is not None):
                    exchange.finish()
                    return Document(None, asked)
                most = cap_bytes + FRAMING_BYTES
                exchange.leash.begin("reading", self._limits.document_s, most)
                body = _decoded(exchange, cap_bytes)
            finally:
                exchange.close()
        _check_body(exchange.where, body)
        return Document(body, any_etag(exchange.response.headers.get("ETag")))

    def _open(self, wire: Wire, base: str, wanted: _Wanted) -> tuple[Exchange, BlobStart]:
        exchange = wire.get(
            f"{base}/player/v1/blobs/{wanted.sha256}", self._headers | wanted.headers()
        )
        try:
            begun = check_blob(exchange.answer, wanted.size, wanted.start, wanted.etag)
        except FetchError:
            exchange.close()
            raise
        due = wanted.size - begun.start
        exchange.leash.begin("reading", None, 2 * due + FRAMING_BYTES)
        return exchange, begun

    @contextmanager
    def _wire(self) -> Iterator[Wire]:
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


def _decoded(exchange: Exchange, cap_bytes: int) -> bytes:
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


def _check_body(where: str, body: bytes) -> None:
    if not body:
        raise WrongContent(where, "it is empty")
    if body.lstrip()[:1] == b"<":  # no document of ours begins so, every web page does
        raise CaptivePortal(where)
