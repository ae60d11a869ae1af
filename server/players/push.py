"""The push channel: server-sent events that say "look now", and nothing else.

A box that hears nothing still polls: a push only makes it faster.  What waits for a box is a flag
for each kind of event, never a queue, so that one that does not read costs what an idle one costs.
`id` is the version of the newest manifest: whoever comes back with `Last-Event-ID`, to this process
or another, is told at once if there is a newer one.
"""

import asyncio
import contextlib
import itertools
from collections.abc import Iterable

import msgspec

from server.players.board import Board
from server.players.entry import Changes, Entry
from server.players.errors import NothingPublished
from server.players.exchange import NO_STORE, Exchange
from server.players.gate import Gate
from server.players.records import Wishes

__all__ = ["PING_S", "Hub"]

#: A box hears something at least this often, in seconds.
PING_S = 20

#: A connection lasts so long, and some of it more, so that they do not all end at once; a dead
#: one is noticed by the kernel before, since pings are not acknowledged.
AGE_S, AGE_SPREAD_S = 3600, 600

#: Connections of one screen; the oldest goes when there are more (a box whose power was cut comes
#: back while its old connection still looks alive).
STREAMS_OF_SCREEN = 4

_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    NO_STORE,
    (b"x-accel-buffering", b"no"),  # nginx: pass each event on as it comes
]

_START = {"type": "http.response.start", "status": 200, "headers": _HEADERS}
_END = {"type": "http.response.body", "body": b"", "more_body": False}


class _Stream:
    """One connection: what it is to be told, and a signal that there is something."""

    __slots__ = ("digest", "ended", "entry", "lasts", "look", "number", "ping", "wake", "wanted")

    def __init__(self, entry: Entry, digest: bytes, number: int) -> None:
        self.entry, self.digest, self.number = entry, digest, number
        self.wake = asyncio.Event()
        self.look = self.ping = self.ended = False
        self.wanted: frozenset[str] = frozenset()
        self.lasts = (AGE_S + number * 37 % AGE_SPREAD_S) // PING_S

    def end(self, *_unused: object) -> None:
        self.ended = True
        self.wake.set()

    async def next(self) -> bytes:
        """What is to be sent next; b"" at the end."""
        while True:
            await self.wake.wait()
            self.wake.clear()
            if self.ended:
                return b""
            if said := self._said():
                return said

    def _said(self) -> bytes:
        said = b""
        if self.look:
            version = version_of(self.entry)
            said += b"event: look\nid: %d\ndata: %d\n\n" % (version, version)
        if self.wanted:
            said += b"event: wanted\ndata: %b\n\n" % msgspec.json.encode(sorted(self.wanted))
        if self.ping and not said:
            said = b": ping\n\n"
        self.look, self.ping, self.wanted = False, False, frozenset()
        return said


class Hub:
    """All push connections of this process."""

    def __init__(self, board: Board, gate: Gate) -> None:
        self._board, self._gate = board, gate
        self._streams: dict[int, list[_Stream]] = {}
        self._turns: list[set[_Stream]] = [set() for _second in range(PING_S)]
        self._wanted: Wishes = {}
        self._numbers = itertools.count()
        self._closed = False

    def __len__(self) -> int:
        return sum(map(len, self._turns))

    async def __call__(self, exchange: Exchange) -> None:
        """The endpoint: lasts as long as the connection."""
        entry = await self._gate.screen(exchange)
        self._gate.spend("push", entry.screen_id)
        with contextlib.suppress(NothingPublished):  # it will be told of the first one
            await self._board.newest(entry)
        stream = self._opened(entry, exchange)
        gone = asyncio.create_task(exchange.until_gone())
        gone.add_done_callback(stream.end)
        try:
            exchange.started = True
            await exchange.send(_START)
            said = b"retry: 5000\nid: %d\n: welcome\n\n" % version_of(entry)
            while said:
                await exchange.send({"type": "http.response.body", "body": said, "more_body": True})
                said = await stream.next()
            await exchange.send(_END)
        finally:
            gone.cancel()
            self._let_go(stream)

    async def ping(self) -> None:
        """Give each connection its ping when it is its turn; for ever."""
        for turn in itertools.cycle(self._turns):
            await asyncio.sleep(1.0)
            for stream in tuple(turn):
                stream.ping = True
                stream.lasts -= 1
                stream.wake.set()
                if stream.lasts <= 0:
                    stream.end()

    def tell(self, changes: Changes) -> None:
        """Pass news on; connections whose token does not count any more end."""
        for entry in changes.published:
            for stream in self._streams.get(entry.screen_id, ()):
                stream.look = True
                stream.wake.set()
        for screen, kinds in changes.wanted.items():
            told = self._wanted.get(screen, {})
            if new := frozenset(kind for kind, key in kinds.items() if told.get(kind) != key):
                self._want(screen, new)
        self._wanted = changes.wanted
        if changes.tokens:
            for stream in self._all():
                if not self._board.counts(stream.digest):
                    stream.end()

    def close(self) -> None:
        """End all connections: the process ends.  Called in the event loop."""
        self._closed = True
        for stream in self._all():
            stream.end()

    def _want(self, screen: int, kinds: frozenset[str]) -> None:
        for stream in self._streams.get(screen, ()):
            stream.wanted |= kinds
            stream.wake.set()

    def _all(self) -> Iterable[_Stream]:
        return tuple(itertools.chain.from_iterable(self._turns))

    def _opened(self, entry: Entry, exchange: Exchange) -> _Stream:
        number = next(self._numbers)
        stream = _Stream(entry, self._board.digest(exchange.bearer()), number)
        mine = self._streams.setdefault(entry.screen_id, [])
        mine.append(stream)
        for old in mine[:-STREAMS_OF_SCREEN]:
            old.end()
        self._turns[number % PING_S].add(stream)
        stream.look = _is_older(exchange.text(b"last-event-id"), version_of(entry))
        stream.wanted = frozenset(self._board.wanted.get(entry.screen_id, ()))
        if stream.look or stream.wanted:
            stream.wake.set()
        if self._closed:
            stream.end()
        return stream

    def _let_go(self, stream: _Stream) -> None:
        self._turns[stream.number % PING_S].discard(stream)
        mine = self._streams.get(stream.entry.screen_id, [])
        if stream in mine:
            mine.remove(stream)
        if not mine:
            self._streams.pop(stream.entry.screen_id, None)


def version_of(entry: Entry) -> int:
    """The id of what a box is told: the version of its newest manifest, 0 before the first."""
    return entry.newest.version if entry.newest else 0


def _is_older(last_id: str | None, version: int) -> bool:
    """Has something been published since this id?  One that is not ours counts as old."""
    if last_id is None:
        return False
    known = last_id.isascii() and last_id.isdigit() and len(last_id) < 20
    return not known or int(last_id) < version
