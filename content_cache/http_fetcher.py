"""The `Fetcher` that speaks HTTP, for the sync pass.

What it asks for (docs/sync.md, "On the wire"): `GET {base}/player/v1/freshness`, `/manifest`,
`/root/{n}`, `/blobs/{sha256}`.  Addresses are made of the configured base and a name; none is ever
taken from an answer.  At most one chunk of a blob is held in memory.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from content_cache.fetch_errors import CaptivePortal, CutShort, FetchError, WrongContent
from content_cache.fetcher import BlobStream, Document, DocumentName
from content_cache.http_answer import BlobStart, any_etag, check_blob, check_document, whole_number
from content_cache.http_client import FRAMING_BYTES, PREFIX, HttpClient, decoded
from content_cache.http_wire import Exchange, Wire

__all__ = ["HttpFetcher"]

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


class HttpFetcher(HttpClient):
    """Fetches from the first of the base addresses that answers; see `fetcher.Fetcher`."""

    def document(self, name: DocumentName, etag: str | None = None) -> Document:
        """See `Fetcher.document`."""
        headers = {"Accept-Encoding": "gzip"} | ({"If-None-Match": etag} if etag else {})
        return self.bases.first_that_answers(
            lambda base: self._document(f"{base}/{PREFIX}/{name.path}", name.cap_bytes, headers)
        )

    @contextmanager
    def blob(
        self, sha256: str, size: int, start: int = 0, etag: str | None = None
    ) -> Iterator[BlobStream]:
        """See `Fetcher.blob`.  Without an `etag`, ours for a blob is assumed: its digest."""
        wanted = _Wanted(sha256, size, start, etag)
        with self.wire() as wire:
            base, exchange, begun = self.bases.first_that_answers(
                lambda base: (base, *self._open(wire, base, wanted))
            )
            try:
                yield _HttpBlob(exchange, begun, size - begun.start)
            except FetchError as error:
                self.bases.blame(base, error)
                raise
            finally:
                exchange.close()

    def _document(self, url: str, cap_bytes: int, headers: dict[str, str]) -> Document:
        asked = headers.get("If-None-Match")
        with self.wire() as wire:
            exchange = wire.get(url, self.headers | headers)
            try:
                if not check_document(exchange.answer, conditional=asked is not None):
                    exchange.finish()
                    return Document(None, asked)
                most = cap_bytes + FRAMING_BYTES
                exchange.leash.begin("reading", self.limits.document_s, most)
                body = decoded(exchange, cap_bytes)
            finally:
                exchange.close()
        _check_body(exchange.where, body)
        headers_heard = exchange.response.headers
        newest_root = whole_number(headers_heard.get("Yingbi-Root"))
        return Document(body, any_etag(headers_heard.get("ETag")), newest_root)

    def _open(self, wire: Wire, base: str, wanted: _Wanted) -> tuple[Exchange, BlobStart]:
        exchange = wire.get(
            f"{base}/{PREFIX}/blobs/{wanted.sha256}", self.headers | wanted.headers()
        )
        try:
            begun = check_blob(exchange.answer, wanted.size, wanted.start, wanted.etag)
        except FetchError:
            exchange.close()
            raise
        due = wanted.size - begun.start
        exchange.leash.begin("reading", None, 2 * due + FRAMING_BYTES)
        return exchange, begun


def _check_body(where: str, body: bytes) -> None:
    if not body:
        raise WrongContent(where, "it is empty")
    if body.lstrip()[:1] == b"<":  # no document of ours begins so, every web page does
        raise CaptivePortal(where)
