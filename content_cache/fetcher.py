"""The port through which the sync pass sees a server: small documents by name, blobs by digest.

Implemented by `http_fetcher` and by the simulators of the tests; called by `sync` alone.  A
fetcher moves bytes and judges nothing: what a document says is `manifest.trust`'s to accept, and
whether a blob is right its digest tells.  Whatever goes wrong on the way is one `FetchError`;
nothing else may leave a fetcher but what the caller's own code raises.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from content_cache.fetch_errors import FetchError
from manifest.envelope import DocumentType

__all__ = [
    "MANIFEST",
    "BlobStream",
    "Document",
    "DocumentName",
    "FetchError",
    "Fetcher",
    "freshness_document",
    "root_document",
]


@dataclass(frozen=True, slots=True)
class DocumentName:
    """Which document, and how many bytes of it are read at most (after any decoding)."""

    path: str
    cap_bytes: int


MANIFEST = DocumentName("manifest", DocumentType.MANIFEST.max_envelope_bytes)


def freshness_document(challenge: str | None = None) -> DocumentName:
    """The name of the freshness; with a `challenge` (URL-safe text), one that answers it."""
    query = f"?challenge={challenge}" if challenge else ""
    return DocumentName(f"freshness{query}", DocumentType.FRESHNESS.max_envelope_bytes)


def root_document(version: int) -> DocumentName:
    """The name of the root document with this version."""
    return DocumentName(f"root/{version}", DocumentType.ROOT.max_envelope_bytes)


@dataclass(frozen=True, slots=True)
class Document:
    """A document as the server has it now.

    `body` is None when it still is the one whose `etag` the caller gave.  `etag` is what to ask
    with the next time, None when the server named none.  `newest_root` is the number of its newest
    root, as it says without a signature; None where it does not say.
    """

    body: bytes | None
    etag: str | None
    newest_root: int | None = None


class BlobStream(Protocol):
    """The bytes of a blob from `start` on, as they arrive, in chunks of at most 64 KiB.

    `start` is what was asked for, or 0 when the server sends the whole blob again: then the
    caller throws away what it has.  `etag` is the strong validator to resume with, or None.
    """

    @property
    def start(self) -> int:
        """The byte at which the stream begins."""
        ...

    @property
    def etag(self) -> str | None:
        """What to resume with."""
        ...

    def __iter__(self) -> Iterator[bytes]: ...


class Fetcher(Protocol):
    """One server (or several that stand in for each other), as a sync pass needs it.

    Safe to call from several threads.  Every call ends within the deadlines that the fetcher was
    made with, and soon after it was told to stop; it raises `FetchError` and nothing else.
    """

    def document(self, name: DocumentName, etag: str | None = None) -> Document:
        """Fetch a small document whole; with `etag`, only if it is another one by now."""
        ...

    def blob(
        self, sha256: str, size: int, start: int = 0, etag: str | None = None
    ) -> AbstractContextManager[BlobStream]:
        """Open the blob of this digest and `size` (bytes) from byte `start` on.

        With `start` > 0 the server is asked to go on only if its copy still is that of `etag`.
        Fewer bytes than due raise `CutShort` at the end of the stream; more are passed on, and
        the caller stops reading.
        """
        ...
