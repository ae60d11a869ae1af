"""Bounded memories of the board: envelopes by bytes, blobs' rows by number.  For `board` alone.

What was not asked for the longest goes first; nothing here ever asks a database.
"""

from collections import OrderedDict
from typing import NamedTuple

from server.players.records import BlobFacts

__all__ = ["BLOBS_LIMIT", "BLOB_FACTS_S", "ENVELOPES_BYTES", "BlobRows", "Envelopes"]

#: What a blob's row says is believed for so long: the scrub may find it damaged.
BLOB_FACTS_S = 30.0

#: Envelopes kept in memory, in bytes.
ENVELOPES_BYTES = 96 << 20

#: Blobs whose rows are remembered.
BLOBS_LIMIT = 20_000


class KnownBlob(NamedTuple):
    """What was read of a blob (None: there is no such blob), and until when it is believed.

    `until` is in seconds of the monotonic clock.
    """

    facts: BlobFacts | None
    until: float


class BlobRows:
    """What the database said of the blobs that were asked for last."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._kept: OrderedDict[str, KnownBlob] = OrderedDict()

    def get(self, sha256: str) -> KnownBlob | None:
        """What is remembered of a blob, however old."""
        return self._kept.get(sha256)

    def put(self, sha256: str, facts: BlobFacts | None, until: float) -> None:
        """Remember a blob; the one that was read the longest ago is forgotten."""
        self._kept[sha256] = KnownBlob(facts, until)
        self._kept.move_to_end(sha256)
        if len(self._kept) > self._limit:
            self._kept.popitem(last=False)


class Envelopes:
    """The envelopes that were asked for last, up to so many bytes."""

    def __init__(self, limit_bytes: int) -> None:
        self._limit_bytes, self._bytes = limit_bytes, 0
        self._kept: OrderedDict[int, bytes] = OrderedDict()

    def get(self, publication_id: int) -> bytes | None:
        """An envelope, if it is kept."""
        found = self._kept.get(publication_id)
        if found is not None:
            self._kept.move_to_end(publication_id)
        return found

    def put(self, publication_id: int, envelope: bytes) -> None:
        """Keep an envelope, and let go of those that were not asked for the longest."""
        if publication_id in self._kept:
            return
        self._kept[publication_id] = envelope
        self._bytes += len(envelope)
        while self._bytes > self._limit_bytes:
            _pk, gone = self._kept.popitem(last=False)
            self._bytes -= len(gone)
