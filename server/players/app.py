"""Puts the interface for players together: the composition root of this package.

`application` is what `server.asgi` calls, after Django's set-up, for `/player/…` and for the
lifespan.  One `Players` for each process and event loop.
"""

import asyncio
import logging
import sys

from django.conf import settings

from server.clock import Clock, SystemClock
from server.errors import Unavailable
from server.library.blobs import store
from server.lifetime import when_stopping
from server.players.blob_answers import BlobAnswers
from server.players.board import Board
from server.players.commanding import Commanding
from server.players.desk import Desk
from server.players.documents import Answers, Documents
from server.players.exchange import Receive, Scope, Send
from server.players.gate import Gate
from server.players.interface import Interface
from server.players.newsroom import Newsroom
from server.players.operations import Endpoints, operations
from server.players.pairing import Pairing
from server.players.push import Hub
from server.players.records import Records
from server.players.reporting import Reporting
from server.players.rush import Rush
from server.players.tidying import tidy
from server.players.together import Limits, Together
from server.players.writer import Writer
from server.publishing.freshness import answers, plain_words

__all__ = ["Players", "application"]

#: Threads that read for polls; more of them would only wait for each other.
READERS = 2

#: Challenges that are answered in one transaction, and that may wait.
CHALLENGES = Limits(100, 10_000)

#: A thread that works lets the event loop have its turn after so long, in seconds.
SWITCH_S = 0.0001

#: Between two looks at what changed, in seconds.
BREATH_S = 0.1

_log = logging.getLogger("server.players")


class Players:
    """The interface, and what works beside it from the start of the process to its end."""

    def __init__(self, clock: Clock) -> None:
        self._reading = Desk("players-read", READERS)
        records = Records()
        self.board = Board(records, plain_words, self._reading, clock)
        self._writing = Desk("players-write")
        self._rush = Rush(clock)
        self.writer = Writer(self._writing, clock, self._rush)
        gate = Gate(self.board, clock, self.writer.use)
        self.hub = Hub(self.board, gate)
        self._heard = asyncio.Event()
        self._newsroom = Newsroom(self._heard.set)
        self._tasks: list[asyncio.Task[None]] = []
        self._challenges: Answers = Together(
            lambda asks: self._writing.ask(answers, asks, clock.now()),
            CHALLENGES,
            "Too many boxes ask at this moment: ask later.",
        )
        documents = Documents(self.board, gate, self._challenges, clock, self._rush)
        accel = settings.CONFIGURATION.web.x_accel_path
        blobs = BlobAnswers(self.board, gate, store(), accel)
        pairing = Pairing(gate, self._writing, clock, records.newest_root)
        self._studio = Desk("players-studio")
        reporting = Reporting(
            self.board, gate, self.writer, desk=self._writing, studio=self._studio, clock=clock
        )
        commanding = Commanding(gate, self._writing, clock)
        endpoints = Endpoints(
            pairing_begin=pairing.begin,
            pairing_ask=pairing.ask,
            root=documents.root,
            freshness=documents.freshness,
            manifest=documents.manifest,
            blob=blobs,
            push=self.hub,
            heartbeat=reporting.heartbeat,
            reports=reporting.reports,
            screenshot=reporting.screenshot,
            log=reporting.log,
            commands=commanding.fetch,
            command_end=commanding.end,
        )
        self.interface = Interface(operations(endpoints))

    async def start(self) -> None:
        """Begin what goes on beside the requests."""
        sys.setswitchinterval(SWITCH_S)
        self._wish = when_stopping(self.hub.close)
        self.writer.start()
        self._challenges.start()
        self._newsroom.start()
        beside = (self.hub.ping(), self._follow(), tidy(self._rush.is_on))
        self._tasks = [asyncio.create_task(each) for each in beside]

    async def close(self) -> None:
        """End what was begun."""
        self._wish()
        self.hub.close()
        await self._newsroom.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.writer.close()
        await self._challenges.close()
        await self._reading.close()
        await self._writing.close()
        await self._studio.close()

    async def _follow(self) -> None:
        """Have the board read what changed, and tell whoever listens; for ever."""
        while True:
            await self._heard.wait()
            self._heard.clear()
            try:
                self.hub.tell(await self.board.refresh())
            except Unavailable:
                _log.debug("the database is down: news are looked for again")
            except Exception as error:  # noqa: BLE001  (polls go on; the next word tries again)
                _log.exception("what changed could not be read", exc_info=error)
            await asyncio.sleep(BREATH_S)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        await self.interface(scope, receive, send)


class _Application:
    """The ASGI application: makes `Players` with the first request, or when the lifespan starts."""

    def __init__(self) -> None:
        self._players: Players | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        players = self._players or await self._made()
        await players(scope, receive, send)

    async def _made(self) -> Players:
        self._players = Players(SystemClock())
        await self._players.start()
        return self._players

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        await self._made()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        if self._players is not None:
            await self._players.close()
        await send({"type": "lifespan.shutdown.complete"})


application = _Application()
