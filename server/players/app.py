"""Puts the interface for players together: the composition root of this package.

`application` is what `server.asgi` calls, after Django's set-up, for `/player/…` and for the
lifespan.  One `Players` for each process and event loop.
"""

import asyncio
import os
from datetime import datetime
from importlib import import_module
from pathlib import Path

from django.conf import settings

from server.clock import Clock, SystemClock
from server.players.blob_answers import BlobAnswers
from server.players.board import Board
from server.players.desk import Desk
from server.players.documents import Documents, Signed
from server.players.exchange import Receive, Scope, Send
from server.players.gate import Gate
from server.players.interface import Interface, Operation
from server.players.pairing import Pairing
from server.players.records import Records
from server.screens.tokens import token_use

__all__ = ["Players", "application"]

#: Threads that read for polls; more of them would only wait for each other.
READERS = 2


class Players:
    """The interface, and what works beside it from the start of the process to its end."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._uses: set[asyncio.Task[None]] = set()
        self._reading = Desk("players-read", READERS)
        records = Records()
        self.board = Board(records, self._reading, clock)
        self._writing = Desk("players-write")
        gate = Gate(self.board, clock, self._first_use)
        documents = Documents(self.board, gate, _sign, self._reading, clock)
        accel = settings.CONFIGURATION.web.x_accel_path
        blobs = BlobAnswers(self.board, gate, _Files(settings.DATA / "blobs"), accel)
        pairing = Pairing(gate, self._writing, clock, settings.ORGANISATION, records.newest_root)
        self.interface = Interface(
            [
                Operation("POST", "/pairing", pairing.begin),
                Operation("GET", "/pairing/{id}", pairing.ask),
                Operation("GET", "/root/{n}", documents.root),
                Operation("GET", "/freshness", documents.freshness),
                Operation("GET", "/manifest", documents.manifest),
                Operation("GET", "/blobs/{sha256}", blobs),
            ]
        )

    async def close(self) -> None:
        """End what was begun."""
        await self._reading.close()
        await self._writing.close()

    def _first_use(self, token: int) -> None:
        """Close the pairing of a token, beside what goes on."""
        use = self._writing.ask(token_use, token=token, now=self._clock.now())
        self._uses.add(task := asyncio.create_task(use))
        task.add_done_callback(self._uses.discard)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        await self.interface(scope, receive, send)


class _Files:
    """Blobs on this machine's disk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def open(self, sha256: str) -> int:
        """See `BlobSource`."""
        return os.open(self._folder / sha256[:2] / sha256, os.O_RDONLY | os.O_CLOEXEC)


def _sign(screen: int, challenge: str | None, now: datetime) -> Signed | None:
    signed = import_module("server.publishing.freshness").signed_freshness(screen, challenge, now)
    return None if signed is None else Signed(*signed)


_players: Players | None = None


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """What `server.asgi` calls."""
    global _players  # noqa: PLW0603  (one for each process)
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
        return
    if _players is None:
        _players = Players(SystemClock())
    await _players(scope, receive, send)


async def _lifespan(receive: Receive, send: Send) -> None:
    global _players
    while (await receive())["type"] != "lifespan.shutdown":
        await send({"type": "lifespan.startup.complete"})
    players, _players = _players, None
    if players is not None:
        await players.close()
    await send({"type": "lifespan.shutdown.complete"})
