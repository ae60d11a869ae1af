"""The endpoints by which boxes report: heartbeats, segments of reports, pictures, logs."""

from datetime import datetime

from manifest.times import write
from server.clock import Clock
from server.errors import Invalid, Unavailable
from server.players import wire
from server.players.board import Board
from server.players.clean import text
from server.players.desk import Desk
from server.players.errors import WrongMediaType
from server.players.exchange import Answer, Exchange, json_answer
from server.players.gate import Gate
from server.players.reading import beat_of, instant, listed_of, segment_of
from server.players.writer import Writer
from server.programme.instants import whole_ms
from server.telemetry.screenshots import SCREENSHOT_BYTES, screenshot_keep
from server.telemetry.services import log_keep
from server.telemetry.values import FaultNote

__all__ = ["POLL_S", "Reporting"]

#: How often a box is to ask for news, in seconds.
POLL_S = 30

#: The most bytes of each body.
HEARTBEAT_BYTES, REPORTS_BYTES, LOG_BYTES = 64 * 1024, 1024 * 1024, 256 * 1024


#: Pictures that are in memory at a time, to be looked at one after the other.
PICTURES_WAITING = 32


class Reporting:
    """The endpoints; what they take goes through the writer."""

    def __init__(
        self,
        board: Board,
        gate: Gate,
        writer: Writer,
        *,
        desk: Desk,
        studio: Desk,
        clock: Clock,
    ) -> None:
        """`studio` is a desk for what takes seconds: nobody else may have to wait there."""
        self._board, self._gate, self._writer = board, gate, writer
        self._desk, self._studio, self._clock = desk, studio, clock
        self._waiting = 0
        self._listed: dict[int, frozenset[tuple[str, str]]] = {}

    async def heartbeat(self, exchange: Exchange) -> Answer:
        """How the box is; answered with what is wanted of it."""
        entry = await self._gate.screen(exchange)
        self._gate.spend("heartbeats", entry.screen_id)
        sent = await exchange.json(wire.Heartbeat, HEARTBEAT_BYTES)
        now = self._clock.now()
        faults = self._changed(entry.screen_id, listed_of(sent, now))
        self._writer.beat(beat_of(entry.screen_id, sent, exchange.address, now, faults))
        wanted = tuple(sorted(self._board.wanted.get(entry.screen_id, ())))
        return json_answer(wire.HeartbeatAnswer(write(whole_ms(now)), wanted, POLL_S))

    def _changed(self, screen: int, faults: tuple[FaultNote, ...]) -> tuple[FaultNote, ...] | None:
        """The faults, if they are others than those of the heartbeat before."""
        keys = frozenset(fault.key for fault in faults)
        if self._listed.get(screen) == keys:
            return None
        self._listed[screen] = keys
        return faults

    async def reports(self, exchange: Exchange) -> Answer:
        """A segment of the outbox; answered when it is in the database."""
        entry = await self._gate.screen(exchange)
        self._gate.spend("reports", entry.screen_id)
        sent = await exchange.json(wire.Reports, REPORTS_BYTES)
        segment, refused = segment_of(entry.screen_id, sent, self._clock.now())
        await self._writer.take(segment)
        return json_answer(wire.ReportsAnswer(segment.reports, refused))

    async def screenshot(self, exchange: Exchange) -> Answer:
        """A picture of what stands on the glass."""
        entry = await self._gate.screen(exchange)
        self._gate.spend("screenshots", entry.screen_id)
        if exchange.media_type() != "image/webp":
            raise WrongMediaType("A screenshot is image/webp.")
        taken_at = self._taken_at(exchange.query("at"))
        if self._waiting >= PICTURES_WAITING:
            raise Unavailable("Too many pictures wait here: send it later.", retry_after_s=60)
        self._waiting += 1
        try:
            picture = await exchange.body(SCREENSHOT_BYTES)
            await self._studio.ask(
                screenshot_keep,
                screen=entry.screen_id,
                picture=picture,
                taken_at=taken_at,
                now=self._clock.now(),
            )
        finally:
            self._waiting -= 1
        return Answer(204)

    def _taken_at(self, at: str | None) -> datetime:
        now = self._clock.now()
        if at is None:
            return now
        try:
            return min(instant(at), now)
        except ValueError:
            raise Invalid("`at` is an instant such as 2026-11-22T03:00:00Z.") from None

    async def log(self, exchange: Exchange) -> Answer:
        """The end of the box's log."""
        entry = await self._gate.screen(exchange)
        self._gate.spend("logs", entry.screen_id)
        if exchange.media_type() != "text/plain":
            raise WrongMediaType("A log is text/plain.")
        body = await exchange.body(LOG_BYTES)
        kept = text(body.decode("utf-8", "replace"), LOG_BYTES)
        await self._desk.ask(log_keep, screen=entry.screen_id, text=kept, now=self._clock.now())
        return Answer(204)
