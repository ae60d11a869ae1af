"""Blobs by their digest, whole or in part, for screens whose manifest names them.

The bytes go from the page cache into the socket in pieces of `PIECE_BYTES`, read without waiting
where they are in memory (RWF_NOWAIT) and in a thread where the disk must be waited for: memory
stays flat, the event loop never waits for a disk, and a slow reader holds one piece.  Not by
`mmap`: a bad sector would end the whole server with SIGBUS.

With `x_accel_path` nginx sends the file: it is told where (docs/player-interface.md has the
location that it needs, so that our entity tags hold for its ranges too).
"""

import asyncio
import errno
import os
import re
from typing import Protocol

from server.errors import Unavailable
from server.players.board import Board
from server.players.errors import NoSuchBlob, NoSuchRange
from server.players.exchange import Answer, Exchange
from server.players.gate import Gate
from server.players.ranges import Part, part_of, same_tag
from server.players.records import BlobFacts

__all__ = ["PIECE_BYTES", "BlobAnswers", "BlobSource"]

#: Read and handed to the socket at a time, in bytes.
PIECE_BYTES = 256 * 1024

_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)

#: The digest says which bytes these are, for ever; the token says who may have them.
_FOR_EVER = (b"cache-control", b"private, max-age=31536000, immutable")

Headers = tuple[tuple[bytes, bytes], ...]


class BlobSource(Protocol):
    """Where blobs are kept."""

    def open(self, sha256: str) -> int:
        """A descriptor to read a blob from.  Raises `OSError`."""


class BlobAnswers:
    """The endpoint of blobs."""

    def __init__(self, board: Board, gate: Gate, source: BlobSource, x_accel_path: str) -> None:
        self._board, self._gate, self._source = board, gate, source
        self._x_accel_path = x_accel_path.rstrip("/")

    async def __call__(self, exchange: Exchange) -> Answer | None:
        """The blob, a part of it, or that it has not changed."""
        sha256 = exchange.argument
        facts = await self._allowed(exchange, sha256)
        etag = f'"{sha256}"'
        headers: Headers = ((b"etag", etag.encode()), _FOR_EVER, (b"accept-ranges", b"bytes"))
        if same_tag(exchange.text(b"if-none-match"), etag):
            return Answer(304, b"", headers)
        if self._x_accel_path:
            return self._by_nginx(sha256, facts, headers)
        ranges = exchange.text(b"range") if exchange.method == "GET" else None
        part = part_of(facts.bytes, etag, ranges, exchange.text(b"if-range"))
        if part.start < 0:
            raise NoSuchRange(
                f"This blob has {facts.bytes} bytes: there is nothing there.",
                details={"bytes": facts.bytes},
            )
        await self._send(exchange, sha256, facts, part, headers)
        return None

    async def _allowed(self, exchange: Exchange, sha256: str) -> BlobFacts:
        entry = await self._gate.screen(exchange)
        facts = None
        if _SHA256.fullmatch(sha256) and await self._board.names(entry, sha256):
            facts = await self._board.blob(sha256)
        if facts is None:
            raise NoSuchBlob("No manifest of this screen names this blob: fetch the manifest anew.")
        return facts

    def _by_nginx(self, sha256: str, facts: BlobFacts, headers: Headers) -> Answer:
        path = f"{self._x_accel_path}/{sha256[:2]}/{sha256}".encode()
        kind = (b"content-type", facts.mime.encode())
        return Answer(200, b"", (*headers, kind, (b"x-accel-redirect", path)))

    async def _send(
        self, exchange: Exchange, sha256: str, facts: BlobFacts, part: Part, headers: Headers
    ) -> None:
        descriptor = await self._opened(sha256, facts)
        gone = asyncio.create_task(exchange.until_gone())
        try:
            exchange.started = True
            await exchange.send(_start(facts, part, headers))
            more = exchange.method != "HEAD" and part.start < part.end
            if not more:
                await exchange.send({"type": "http.response.body"})
            start = part.start
            while more and not gone.done():
                piece = await _piece(descriptor, start, min(PIECE_BYTES, part.end - start))
                start += len(piece)
                more = start < part.end
                body = {"type": "http.response.body", "body": piece, "more_body": more}
                await exchange.send(body)
        finally:
            gone.cancel()
            os.close(descriptor)

    async def _opened(self, sha256: str, facts: BlobFacts) -> int:
        """A descriptor of a blob that is there, and as long as it should be."""
        try:
            descriptor = await asyncio.to_thread(self._source.open, sha256)
        except FileNotFoundError:
            raise NoSuchBlob("This blob is missing on the server; its log says so.") from None
        except OSError as error:
            raise Unavailable(
                f"This blob cannot be read ({error.strerror}): try again later.", retry_after_s=60
            ) from error
        if os.fstat(descriptor).st_size != facts.bytes:
            os.close(descriptor)
            raise NoSuchBlob("This blob is damaged on the server: it is not sent.")
        return descriptor


def _start(facts: BlobFacts, part: Part, headers: Headers) -> dict[str, object]:
    length = (b"content-length", b"%d" % (part.end - part.start))
    sent = [*headers, length, (b"content-type", facts.mime.encode())]
    if not part.whole:
        span = b"bytes %d-%d/%d" % (part.start, part.end - 1, facts.bytes)
        sent.append((b"content-range", span))
    return {"type": "http.response.start", "status": 200 if part.whole else 206, "headers": sent}


async def _piece(descriptor: int, start: int, length: int) -> memoryview:
    """Some bytes from `start` on, `length` at the most.  Raises `OSError`, also at the end."""
    await asyncio.sleep(0)  # a reader that is faster than we are must not keep others waiting
    piece = memoryview(bytearray(length))
    read = _in_memory(descriptor, piece, start)
    if read is None:
        read = await asyncio.to_thread(os.preadv, descriptor, [piece], start)
    if read == 0:
        raise OSError(errno.EIO, "the file ends before its blob does")
    return piece[:read]


def _in_memory(descriptor: int, piece: memoryview, start: int) -> int | None:
    """How many bytes the kernel had in memory; None if the disk must be waited for."""
    try:
        return os.preadv(descriptor, [piece], start, os.RWF_NOWAIT)
    except OSError as error:
        if error.errno in (errno.EAGAIN, errno.EOPNOTSUPP):
            return None
        raise
