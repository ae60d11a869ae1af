"""Blobs by their digest, whole or in part, for screens whose manifest names them.

The bytes go from the page cache into the socket in pieces of `PIECE_BYTES`, read without waiting
where they are in memory (RWF_NOWAIT) and in a thread where the disk must be waited for: memory
stays flat, the event loop never waits for a disk, and a slow reader holds one piece.  Not by
`mmap`: a bad sector would end the whole server with SIGBUS.

With `x_accel_path` nginx sends the blob, from the disk or from the store elsewhere: it is told
where (packaging/nginx has the location that it needs, so that our tags hold for its ranges too).
"""

import asyncio
import contextlib
import errno
import os
from collections.abc import Iterator
from typing import Protocol

from server.errors import Unavailable
from server.library.blobs import Blobs, is_digest
from server.players.board import Board
from server.players.errors import NoSuchBlob, NoSuchRange
from server.players.exchange import Answer, Exchange
from server.players.gate import Gate
from server.players.records import BlobFacts
from server.ranges import Part, part_of, same_tag

__all__ = ["PIECE_BYTES", "BlobAnswers"]

#: Read and handed to the socket at a time, in bytes.
PIECE_BYTES = 256 * 1024

#: The digest says which bytes these are, for ever; the token says who may have them.
_FOR_EVER = (b"cache-control", b"private, max-age=31536000, immutable")

Headers = tuple[tuple[bytes, bytes], ...]


class BlobAnswers:
    """The endpoint of blobs."""

    def __init__(self, board: Board, gate: Gate, store: Blobs, x_accel_path: str) -> None:
        self._board, self._gate, self._store = board, gate, store
        self._x_accel_path = x_accel_path.rstrip("/")

    async def __call__(self, exchange: Exchange) -> Answer | None:
        """The blob, a part of it, or that it has not changed."""
        sha256 = exchange.argument
        facts = await self._allowed(exchange, sha256)
        etag = f'"{sha256}"'
        headers: Headers = ((b"etag", etag.encode()), _FOR_EVER, (b"accept-ranges", b"bytes"))
        if same_tag(exchange.text(b"if-none-match"), etag):
            return Answer(304, b"", headers)
        if self._x_accel_path and self._store.local_path(sha256) is not None:
            path = f"{sha256[:2]}/{sha256}"  # nginx knows ranges itself
            return self._by_nginx(path, facts, headers)
        ranges = exchange.text(b"range") if exchange.method == "GET" else None
        part = part_of(facts.bytes, etag, ranges, exchange.text(b"if-range"))
        if part.start < 0:
            raise NoSuchRange(
                "This blob has %(bytes)d bytes: there is nothing there.",
                values={"bytes": facts.bytes},
                details={"bytes": facts.bytes},
            )
        if self._x_accel_path:
            path = await asyncio.to_thread(self._in_store, exchange.method, sha256, part)
            return self._by_nginx(path, facts, headers)
        await self._send(exchange, sha256, facts, part, headers)
        return None

    async def _allowed(self, exchange: Exchange, sha256: str) -> BlobFacts:
        entry = await self._gate.screen(exchange)
        facts = None
        if is_digest(sha256) and await self._board.names(entry, sha256):
            facts = await self._board.blob(sha256)
        if facts is None:
            raise NoSuchBlob("No manifest of this screen names this blob: fetch the manifest anew.")
        return facts

    def _by_nginx(self, path: str, facts: BlobFacts, headers: Headers) -> Answer:
        target = f"{self._x_accel_path}/{path}".encode()
        kind = (b"content-type", facts.mime.encode())
        return Answer(200, b"", (*headers, kind, (b"x-accel-redirect", target)))

    def _in_store(self, method: str, sha256: str, part: Part) -> str:
        """What nginx is to ask the store for: which part, and the signed request.

        The rules for ranges stay here: the store's entity tags are not ours.
        """
        signed = self._store.signed_path(sha256, "HEAD" if method == "HEAD" else "GET")
        span = "all" if part.whole else f"{part.start}-{part.end - 1}"
        return f"{span}{signed}"

    async def _send(
        self, exchange: Exchange, sha256: str, facts: BlobFacts, part: Part, headers: Headers
    ) -> None:
        source = await asyncio.to_thread(_opened, self._store, sha256, facts, part)
        gone = asyncio.create_task(exchange.until_gone())
        try:
            exchange.started = True
            await exchange.send(_start(facts, part, headers))
            left = part.end - part.start if exchange.method != "HEAD" else 0
            if not left:
                await exchange.send({"type": "http.response.body"})
            while left and not gone.done():
                piece = await source.next(left)
                left -= len(piece)
                body = {"type": "http.response.body", "body": piece, "more_body": left > 0}
                await exchange.send(body)
        finally:
            gone.cancel()
            source.close()


def _start(facts: BlobFacts, part: Part, headers: Headers) -> dict[str, object]:
    length = (b"content-length", b"%d" % (part.end - part.start))
    sent = [*headers, length, (b"content-type", facts.mime.encode())]
    if not part.whole:
        span = b"bytes %d-%d/%d" % (part.start, part.end - 1, facts.bytes)
        sent.append((b"content-range", span))
    return {"type": "http.response.start", "status": 200 if part.whole else 206, "headers": sent}


class _Source(Protocol):
    """The bytes of a blob, from where they were asked for."""

    async def next(self, left: int) -> memoryview:
        """The next piece, at most `left` bytes.  Raises `OSError`, also at an early end."""

    def close(self) -> None:
        """Let go of it."""


def _opened(store: Blobs, sha256: str, facts: BlobFacts, part: Part) -> _Source:
    """In a thread: the blob, if it is there and as long as it should be."""
    path = store.local_path(sha256)
    try:
        if path is None:
            return _Remote(store.chunks(sha256, part.start, part.end - part.start))
        source = _File(os.open(path, os.O_RDONLY | os.O_CLOEXEC), part.start)
    except FileNotFoundError:
        raise NoSuchBlob("This blob is missing on the server; its log says so.") from None
    except OSError as error:
        raise Unavailable(
            "This blob cannot be read (%(why)s): try again later.",
            values={"why": error.strerror},
            retry_after_s=60,
        ) from error
    if source.size() != facts.bytes:
        source.close()
        raise NoSuchBlob("This blob is damaged on the server: it is not sent.")
    return source


class _File:
    """A blob on this machine's disk."""

    def __init__(self, descriptor: int, start: int) -> None:
        self._descriptor, self._at = descriptor, start

    def size(self) -> int:
        """How long the file is, in bytes."""
        return os.fstat(self._descriptor).st_size

    async def next(self, left: int) -> memoryview:
        """See `_Source`."""
        await asyncio.sleep(0)  # a reader that is faster than we are must not keep others waiting
        piece = memoryview(bytearray(min(PIECE_BYTES, left)))
        read = _in_memory(self._descriptor, piece, self._at)
        if read is None:
            read = await asyncio.to_thread(os.preadv, self._descriptor, [piece], self._at)
        if read == 0:
            raise OSError(errno.EIO, "the file ends before its blob does")
        self._at += read
        return piece[:read]

    def close(self) -> None:
        """See `_Source`."""
        os.close(self._descriptor)


def _in_memory(descriptor: int, piece: memoryview, start: int) -> int | None:
    """How many bytes the kernel had in memory; None if the disk must be waited for."""
    try:
        return os.preadv(descriptor, [piece], start, os.RWF_NOWAIT)
    except OSError as error:
        if error.errno in (errno.EAGAIN, errno.EOPNOTSUPP):
            return None
        raise


class _Remote:
    """A blob in a store elsewhere, streamed through: players follow no redirect."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        """In a thread: asks for the first piece.  Raises `FileNotFoundError`."""
        self._chunks, self._first = chunks, next(chunks, b"")

    async def next(self, left: int) -> memoryview:
        """See `_Source`."""
        piece, self._first = self._first, b""
        piece = piece or await asyncio.to_thread(next, self._chunks, b"")
        if not 0 < len(piece) <= left:
            raise OSError(errno.EIO, "the store sent another blob than it has")
        return memoryview(piece)

    def close(self) -> None:
        """See `_Source`."""
        close = getattr(self._chunks, "close", None)  # a generator holds its connection
        if close is not None:
            with contextlib.suppress(ValueError):  # it runs in its thread still, and ends there
                close()
