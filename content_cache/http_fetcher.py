"""The `Fetcher` that speaks HTTP: the network's one door, and the only importer of requests.

What it asks for (docs/sync.md, "On the wire"): `GET {base}/player/v1/freshness`, `/manifest`,
`/root/{n}`, `/blobs/{sha256}`.  Addresses are made of the configured base and a name; none is ever
taken from an answer.  It follows no redirect, reads no environment variable, keeps no cookie,
checks every certificate, and holds at most one chunk of a blob in memory.

`requests` is used through its adapter, not through `Session`: a session reads the whole body of a
redirect, however long it is, before it says that it does not follow it.
"""

import re
import ssl
import threading
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
import requests.adapters
import urllib3
import urllib3.connection

from content_cache.base_urls import BaseUrls, checked_base
from content_cache.dial import Resolve, Resolver, system_resolve
from content_cache.fetch_errors import (
    CaptivePortal,
    CutShort,
    FetchError,
    ProxyRefused,
    ServerUnreachable,
    TlsFailed,
    TooLarge,
    WrongContent,
)
from content_cache.fetcher import BlobStream, Document, DocumentName
from content_cache.http_answer import Answer, BlobStart, check_blob, check_document
from content_cache.leash import Leash, NetworkLimits, StopSignal
from content_cache.leashed_socket import LeashedContext, Line

__all__ = ["CHUNK_BYTES", "HttpFetcher"]

#: The most that is read, and held, at a time.
CHUNK_BYTES = 64 * 1024
#: Connections kept open between exchanges; as many as there are parallel downloads, and one.
IDLE_LINES = 4

_SHA256 = re.compile(r"[0-9a-f]{64}")


class _Wire(requests.adapters.HTTPAdapter):
    """One line of requests: connections on a leash under the HTTP library's machinery."""

    def __init__(self, line: Line, tls: ssl.SSLContext) -> None:
        self.line, self._tls = line, tls
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, *arguments: Any, **named: Any) -> None:
        """Make the pools of connections that go straight to a server."""
        super().init_poolmanager(*arguments, **named)
        self.poolmanager.pool_classes_by_scheme = _pool_classes(self.line)

    def proxy_manager_for(self, proxy: str, **named: Any) -> Any:
        """Make the pools of connections that go through `proxy`."""
        manager = super().proxy_manager_for(proxy, **named)
        manager.pool_classes_by_scheme = _pool_classes(self.line)
        return manager

    def cert_verify(self, *_: Any) -> None:
        """Leave the context as it is: it verifies always, against the CAs that it was given."""

    def build_connection_pool_key_attributes(
        self, request: requests.PreparedRequest, *_verify_and_cert: Any, **_named: Any
    ) -> tuple[Any, Any]:
        """The key of the pool: the host, and our own TLS context in place of any other."""
        host, _pool = super().build_connection_pool_key_attributes(request, verify=True)
        return host, {"ssl_context": self._tls} if host["scheme"] == "https" else {}


def _pool_classes(line: Line) -> dict[str, Any]:
    """Connection pools whose connections dial, wait and shake hands as `line` says."""

    class Connection(urllib3.connection.HTTPConnection):
        def _new_conn(self) -> Any:
            return line.dial(self._dns_host, self.port)

        def getresponse(self) -> Any:
            line.leash.begin("waiting for the answer", line.leash.limits.headers_s)
            return super().getresponse()

    class TlsConnection(Connection, urllib3.connection.HTTPSConnection):
        pass

    class Pool(urllib3.HTTPConnectionPool):
        ConnectionCls = Connection

    class TlsPool(urllib3.HTTPSConnectionPool):
        ConnectionCls = TlsConnection

    return {"http": Pool, "https": TlsPool}


@dataclass(frozen=True)
class _Exchange:
    """An answer whose head was read and whose body was not."""

    where: str
    response: requests.Response
    leash: Leash

    @property
    def answer(self) -> Answer:
        """What is known before the body is."""
        return Answer(self.where, self.response.status_code, self.response.headers)

    def finish(self) -> None:
        """Take note that no body follows, so that the connection serves the next exchange."""
        for _chunk in self.chunks():
            break

    def close(self) -> None:
        """Give the connection back if the body was read to its end, else close it."""
        self.response.close()

    def chunks(self) -> Iterator[bytes]:
        """The body as it was sent, undecoded.  Raises `FetchError`."""
        got = 0
        while True:
            try:
                chunk = self.response.raw.read1(CHUNK_BYTES, decode_content=False)
            except (urllib3.exceptions.HTTPError, OSError) as error:
                raise CutShort(self.where, got, _reason(error)) from error
            if not chunk:
                return
            got += len(chunk)
            yield chunk


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

    def __init__(self, exchange: _Exchange, start: BlobStart, due: int) -> None:
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

    Raises `ValueError` for an address that is none, `TlsFailed` for a CA file that holds none.
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
            self._headers["Authorization"] = f"Bearer {token}"
        self._proxies = {"http": proxy, "https": proxy} if proxy else {}
        self._limits = limits or NetworkLimits()
        self._stop = stop or threading.Event()
        self._resolver = Resolver(resolve)
        self._tls = _client_context(ca_file)
        self._lock = threading.Lock()
        self._idle: list[_Wire] = []

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
        for wire in idle:
            wire.close()

    def _document(self, url: str, cap_bytes: int, headers: Mapping[str, str]) -> Document:
        asked = headers.get("If-None-Match")
        with self._wire() as wire:
            exchange = self._send(wire, url, headers)
            try:
                if not check_document(exchange.answer, conditional=asked is not None):
                    exchange.finish()
                    return Document(None, asked)
                exchange.leash.begin("reading", self._limits.document_s)
                body = _decoded(exchange, cap_bytes)
            finally:
                exchange.close()
        _check_body(exchange.where, body)
        return Document(body, exchange.response.headers.get("ETag"))

    def _open(self, wire: _Wire, base: str, wanted: _Wanted) -> tuple[_Exchange, BlobStart]:
        exchange = self._send(wire, f"{base}/player/v1/blobs/{wanted.sha256}", wanted.headers())
        try:
            begun = check_blob(exchange.answer, wanted.size, wanted.start, wanted.etag)
        except FetchError:
            exchange.close()
            raise
        exchange.leash.begin("reading", None)
        return exchange, begun

    def _send(self, wire: _Wire, url: str, headers: Mapping[str, str]) -> _Exchange:
        """Ask, and read the head of the answer.

        A connection kept open may have been closed by the server at the moment we use it: then
        the same is asked once more over a new one.
        """
        request = requests.Request("GET", url, headers={**self._headers, **headers}).prepare()
        try:
            return self._send_once(wire, request)
        except ServerUnreachable:
            if wire.line.dialled:
                raise
        return self._send_once(wire, request)

    def _send_once(self, wire: _Wire, request: requests.PreparedRequest) -> _Exchange:
        where = str(request.url)
        leash = Leash(where, self._limits, self._stop)
        wire.line.begin(leash)
        try:
            response = wire.send(request, stream=True, timeout=None, proxies=self._proxies)
        except requests.RequestException as error:
            raise _named(error, where) from error
        return _Exchange(where, response, leash)

    @contextmanager
    def _wire(self) -> Iterator[_Wire]:
        with self._lock:
            wire = self._idle.pop() if self._idle else None
        wire = wire or _Wire(Line(self._resolver), self._tls)
        try:
            yield wire
        finally:
            with self._lock:
                keep = len(self._idle) < IDLE_LINES
                if keep:
                    self._idle.append(wire)
            if not keep:
                wire.close()


def _decoded(exchange: _Exchange, cap_bytes: int) -> bytes:
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


def _unzipped(exchange: _Exchange, cap_bytes: int) -> Iterator[bytes]:
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


def _named(error: requests.RequestException, where: str) -> FetchError:
    """The `FetchError` for what requests raised before there was an answer."""
    if isinstance(error, requests.exceptions.ProxyError):
        return ProxyRefused(where, _reason(error))
    if isinstance(error, requests.exceptions.SSLError):
        return TlsFailed(where, _reason(error))
    return ServerUnreachable(where, _reason(error))


def _reason(error: BaseException) -> str:
    """The innermost cause, in its own words: the layers above only repeat it."""
    found: BaseException = error
    while True:
        inner = getattr(found, "reason", None) or next(
            (item for item in reversed(found.args) if isinstance(item, BaseException)), None
        )
        if not isinstance(inner, BaseException):
            break
        found = inner
    if isinstance(found, ssl.SSLCertVerificationError):
        return found.verify_message
    return (getattr(found, "strerror", None) or str(found) or type(found).__name__)[:200]


def _client_context(ca_file: Path | None) -> ssl.SSLContext:
    context = LeashedContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        if ca_file is None:
            context.load_default_certs()
        else:
            context.load_verify_locations(ca_file)
    except OSError as error:  # ssl.SSLError is one
        raise TlsFailed(str(ca_file), f"the CA file cannot be used: {_reason(error)}") from error
    return context
