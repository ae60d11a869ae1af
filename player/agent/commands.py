"""Commands of staff: fetched when the server says that some wait, run once each, results told.

What was run is written down before it runs, and its result after: a command that comes again (the
result was lost on the way, the agent was killed) is never run twice.  What each kind does is
`deeds`'s; here is only that it is done once.  One thread: the post's.
"""

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from content_cache.disk import Disk
from content_cache.durable import read_whole, write_durably
from content_cache.errors import StorageError
from player.agent.errors import NoPicture
from player.agent.interface import Command, PlayersInterface
from player.errors import PlayerError

__all__ = ["BOOK", "KEPT", "Commands", "Deed", "Result"]

log = logging.getLogger("agent.commands")

#: What was run, below the cache directory.
BOOK = Path("agent") / "commands.json"

#: Commands that are remembered; the server forgets those that are open after ten minutes.
KEPT = 64

_BYTES_LIMIT = 64 << 10


class Result(Struct, frozen=True):
    """What became of a command: one sentence for whoever gave it."""

    state: Literal["done", "refused", "failed"]
    sentence: str = ""


class _Entry(Struct, frozen=True):
    """A command that was begun in the machine's boot `boot`; `result` None: no end is known."""

    id: int
    kind: str
    boot: str
    result: Result | None = None


#: Does it, for the line to the server; None: the result shows only after the box has started anew.
Deed = Callable[[Command, PlayersInterface], Result | None]


class Commands:
    """Runs what the server tells, once.  `boot` is another one each time the machine starts."""

    def __init__(self, root: Path, disk: Disk, boot: str, deeds: Mapping[str, Deed]) -> None:
        self._path, self._disk, self._boot, self._deeds = root / BOOK, disk, boot, deeds
        self._book = self._read()

    def run(self, interface: PlayersInterface) -> None:
        """Fetch what waits, do it, tell.  Raises `FetchError`: then it is told the next time."""
        for command in interface.commands():
            entry = self._book.get(command.id)
            result = self._first(command, interface) if entry is None else self._again(entry)
            if result is not None:
                interface.command_ended(command.id, result.state, result.sentence)

    def _first(self, command: Command, interface: PlayersInterface) -> Result | None:
        try:
            self._note(_Entry(command.id, command.kind, self._boot))
        except StorageError as error:
            return Result("failed", f"The disk of the box takes nothing: {error}")
        log.info("staff have this box do: %s", command.kind[:40])
        result = self._do(command, interface)
        if result is not None:
            self._end(_Entry(command.id, command.kind, self._boot, result))
        return result

    def _do(self, command: Command, interface: PlayersInterface) -> Result | None:
        deed = self._deeds.get(command.kind)
        if deed is None:
            return Result("refused", "This version of the box's software does not know it.")
        try:
            return deed(command, interface)
        except (NoPicture, StorageError, PlayerError) as error:
            return Result("failed", str(error)[:300])

    def _again(self, entry: _Entry) -> Result | None:
        """What is told of a command that was begun before."""
        if entry.result is not None:
            return entry.result
        if entry.kind == "restart-box":
            if entry.boot == self._boot:
                return None  # it is about to go down
            result = Result("done", "The box has started anew.")
        else:
            result = Result("failed", "The agent ended before it was done: give it again.")
        self._end(msgspec.structs.replace(entry, result=result))
        return result

    def _end(self, entry: _Entry) -> None:
        try:
            self._note(entry)
        except StorageError as error:
            log.warning("the result of a command cannot be kept: %s", error)

    def _note(self, entry: _Entry) -> None:
        book = {**self._book, entry.id: entry}
        self._book = dict(sorted(book.items())[-KEPT:])
        write_durably(self._disk, self._path, msgspec.json.encode(list(self._book.values())))

    def _read(self) -> dict[int, _Entry]:
        try:
            content = read_whole(self._disk, self._path, _BYTES_LIMIT)
            found = msgspec.json.decode(content, type=list[_Entry])
        except (OSError, msgspec.MsgspecError):
            return {}
        return {entry.id: entry for entry in found}
