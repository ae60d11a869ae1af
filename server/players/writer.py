"""The one place from which the interface for players writes: in batches, from one thread.

Segments of reports wait for their commit (a box deletes what was acknowledged); those that come
together are committed together.  Heartbeats wait in memory, the newest of each screen, and are
written every `FLUSH_S`, each screen at most once in `KEEP_S`; one that is lost is replaced by the
next.  So SQLite has one writer for all screens, and a poll never writes.
"""

import asyncio
import contextlib
import logging
from collections.abc import Coroutine
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from server.clock import Clock
from server.errors import ApplicationError, Unavailable
from server.players.boots import Boots
from server.players.desk import Desk
from server.players.rush import Rush
from server.players.together import Limits, Together
from server.screens.tokens import token_use
from server.telemetry.services import faults_note, heartbeats_save, segments_take
from server.telemetry.values import Beat, FaultNote, Segment

__all__ = ["Writer"]

#: How often waiting heartbeats are written.
FLUSH_S = 2.0

#: A screen's row is written at most once in this time.
KEEP_S = 29.5

#: Reports that are committed together, those that may wait (a segment counts at least as one;
#: beyond that boxes come again later), and how long others are waited for, in seconds.
TOGETHER, WAITING, GATHER_S = 1_000, 20_000, 0.1
SEGMENTS = Limits(TOGETHER, WAITING, GATHER_S)

#: Heartbeats that are written in one transaction; the others wait for the next round.
BEATS_TOGETHER = 500

_log = logging.getLogger("server.players")


class Writer:
    """Writes for one process.  Start it in the event loop, and close it there."""

    def __init__(self, desk: Desk, clock: Clock, rush: Rush) -> None:
        self._desk, self._clock, self._rush = desk, clock, rush
        full = "Too many reports wait here: send them later."
        self._segments = Together(self._commit, SEGMENTS, full, lambda segment: segment.reports)
        self._beats: dict[int, Beat] = {}
        self._saved_at: dict[int, float] = {}
        self._sampled: dict[int, datetime] = {}
        self._boots = Boots()
        self._unused: set[int] = set()
        self._suspects: dict[int, FaultNote] = {}
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin."""
        self._segments.start()
        self._go(self._save_now_and_then())

    async def close(self) -> None:
        """Write what waits, as far as the database takes it, and end."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._segments.close()
        with contextlib.suppress(ApplicationError):
            await self._flush(every=True)

    # --- reports -------------------------------------------------------------------------------

    async def take(self, segment: Segment) -> None:
        """Return when a segment is in the database.  Raises `Unavailable`."""
        await self._segments.ask(segment)

    async def _commit(self, segments: list[Segment]) -> list[None]:
        await self._rush.over()
        await self._desk.ask(segments_take, segments=segments, now=self._clock.now())
        return [None] * len(segments)

    # --- heartbeats ----------------------------------------------------------------------------

    def beat(self, beat: Beat) -> None:
        """Keep a heartbeat for the next round; it replaces one that waits."""
        waiting = self._beats.get(beat.screen)
        if waiting is not None and beat.faults is None:
            beat = replace(beat, faults=waiting.faults)
        self._beats[beat.screen] = beat
        self._suspect(beat, self._boots.heard(beat.screen, beat.boot, beat.address))

    async def use(self, token: int) -> None:
        """A token was used for the first time: close its pairing, now if the database is up."""
        self._unused.add(token)
        with contextlib.suppress(Unavailable):
            await self._note_uses()

    async def _note_uses(self) -> None:
        for token in tuple(self._unused):
            await self._desk.ask(token_use, token=token, now=self._clock.now())
            self._unused.discard(token)

    async def _save_now_and_then(self) -> None:
        while True:
            await asyncio.sleep(FLUSH_S)
            await self._rush.over()
            try:
                await self._flush()
            except Unavailable:
                pass  # said by the desk; the next round tries again
            except Exception:  # noqa: BLE001  (whatever it is, heartbeats go on)
                _log.exception("what waits could not be written; the next round tries again")

    async def _flush(self, *, every: bool = False) -> None:
        now = self._clock.now()
        await self._note_uses()
        due = self._due(every=every)
        if due:
            await self._save(due, now)
        if self._suspects:
            suspects = list(self._suspects.items())
            await self._desk.ask(faults_note, notes=suspects, now=now)
            for screen, note in suspects:
                if self._suspects.get(screen) is note:
                    del self._suspects[screen]

    def _due(self, *, every: bool) -> list[Beat]:
        at = self._clock.monotonic()
        saved_at = self._saved_at
        due = [
            beat
            for beat in self._beats.values()
            if every or at - saved_at.get(beat.screen, float("-inf")) >= KEEP_S
        ]
        return due[:BEATS_TOGETHER]

    async def _save(self, due: list[Beat], now: datetime) -> None:
        hours = {beat.screen: _hour(beat.received_at) for beat in due}
        sampled = {each for each, hour in hours.items() if self._sampled.get(each) != hour}
        at = self._clock.monotonic()
        try:
            before = await self._desk.ask(heartbeats_save, beats=due, sampled=sampled, now=now)
        except Unavailable:
            raise
        except Exception:  # noqa: BLE001  (it is told below, with the screen)
            if len(due) > 1:  # one of them is refused: it must not keep the others back
                for beat in due:
                    await self._save([beat], now)
                return
            _log.exception("a heartbeat of screen %d cannot be kept", due[0].screen)
            before = {}
        self._sampled |= hours
        for beat in due:
            self._saved_at[beat.screen] = at
            if self._beats.get(beat.screen) is beat:
                del self._beats[beat.screen]
            found = before.get(beat.screen)
            self._suspect(beat, self._boots.wrote(beat.screen, beat.boot, found))

    def _suspect(self, beat: Beat, other: str | None) -> None:
        if other is None:
            return
        reason = (
            f"Two boxes ({beat.address}, {other}) say that they are this screen: revoke its token, "
            "and pair the right one again."
        )
        note = FaultNote("DUP_IDENTITY", "", reason, "E", beat.received_at, momentary=True)
        self._suspects.setdefault(beat.screen, note)

    def _go(self, work: Coroutine[Any, Any, None]) -> None:
        self._tasks.append(asyncio.create_task(work))


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)
