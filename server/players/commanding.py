"""The endpoints by which a box fetches its commands and tells what became of each."""

import re

from server.clock import Clock
from server.players import wire
from server.players.clean import line
from server.players.desk import Desk
from server.players.errors import Malformed
from server.players.exchange import Answer, Exchange, json_answer
from server.players.gate import Gate
from server.remote.models import Command
from server.remote.services import command_end, commands_fetch

__all__ = ["Commanding"]

#: The most bytes of a result.
RESULT_BYTES = 4 * 1024

_SENTENCE = 300

#: What a command may be called: from 1 to 999,999,999,999, as the document of the interface says.
_NUMBER = re.compile(r"[1-9]\d{0,11}", re.ASCII)


class Commanding:
    """The endpoints; they write through the desk that writes."""

    def __init__(self, gate: Gate, desk: Desk, clock: Clock) -> None:
        self._gate, self._desk, self._clock = gate, desk, clock

    async def fetch(self, exchange: Exchange) -> Answer:
        """What this box is to do."""
        entry = await self._gate.screen(exchange)
        self._gate.spend("commands", entry.screen_id)
        now = self._clock.now()
        found = await self._desk.ask(commands_fetch, screen=entry.screen_id, now=now)
        told = tuple(_told(each, int((each.expires_at - now).total_seconds())) for each in found)
        return json_answer(wire.Commands(told))

    async def end(self, exchange: Exchange) -> Answer:
        """What became of a command; told twice, it counts once."""
        entry = await self._gate.screen(exchange)
        self._gate.spend("commands", entry.screen_id)
        if not _NUMBER.fullmatch(exchange.argument):
            raise Malformed("A command has the number that it came with.")
        sent = await exchange.json(wire.CommandResult, RESULT_BYTES)
        await self._desk.ask(
            command_end,
            screen=entry.screen_id,
            command=int(exchange.argument),
            state=sent.state,
            sentence=line(sent.sentence, _SENTENCE),
            now=self._clock.now(),
        )
        return Answer(204)


def _told(command: Command, expires_in_s: int) -> wire.Command:
    return wire.Command(command.pk, command.kind, max(expires_in_s, 0), command.minutes)
