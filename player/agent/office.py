"""What goes out of the box and onto its slate: heartbeats, reports, the bulletin, the status file.

The `Outgoing` of the post.  It holds no rule of its own: it puts together what the parts know.
"""

import logging
import threading
from collections.abc import Callable

import msgspec

from content_cache.durable import write_durably
from content_cache.errors import StorageError
from player.agent.glass import Glass
from player.agent.heartbeat import Current, heartbeat
from player.agent.interface import HeartbeatAnswer, PlayersInterface
from player.agent.log_tail import LogTail
from player.agent.noticeboard import Noticeboard
from player.agent.parts import Parts
from player.agent.situation import Situation
from player.agent.slate_card import pairing_card
from player.agent.uplink import Uplink, waiting_bytes
from player.ledger import STAGE_FAULTS, read_open_faults
from scheduler.report import written

__all__ = ["STATUS", "Office"]

log = logging.getLogger("agent.office")

#: The situation as it was written down last, below the cache directory.
STATUS = "agent/status.json"

#: How old it may be at the most while an agent runs.
STATUS_EVERY_S = 60.0


class Office:
    """See `Outgoing`; one thread, but for `tell_stage`, which is the poll's."""

    def __init__(
        self, parts: Parts, server: str, noticeboard: Noticeboard, glass: Glass, tail: LogTail
    ) -> None:
        self._parts, self._server, self._noticeboard = parts, server, noticeboard
        self._glass, self._tail = glass, tail
        self._root, self._disk = parts.root, parts.disk
        self._current = Current(parts.generations)
        self._uplink = Uplink(self._root, self._disk)
        self.run_commands: Callable[[PlayersInterface], None] | None = None
        """runs what staff have this box do; None while nothing can be run"""
        self._sequence = 0
        self._lock = threading.Lock()
        self._steady: Situation | None = None
        self._written_s = float("-inf")

    def heartbeat(self, interface: PlayersInterface) -> HeartbeatAnswer:
        """See `Outgoing`."""
        parts = self._parts
        self._sequence += 1
        body = heartbeat(
            parts.board.now,
            self._current.generation(),
            parts.machine,
            [*parts.ledger.open, *read_open_faults(self._root / STAGE_FAULTS, self._disk)],
            sequence=self._sequence,
            now=parts.clock.now(),
        )
        return interface.heartbeat(body)

    def reports(self, interface: PlayersInterface) -> bool:
        """See `Outgoing`."""
        self._parts.reports.close_segment()
        return self._uplink.drain(interface) > 0

    def wanted(self, interface: PlayersInterface, what: str) -> None:
        """See `Outgoing`."""
        if what == "screenshot":
            picture, at = self._glass.picture()
            interface.screenshot(picture, at)
        elif what == "log":
            interface.log_tail(self._tail.text())
        elif what == "commands" and self.run_commands is not None:
            self.run_commands(interface)
        else:
            log.info("the server asks for %r, which this version does not know", what[:40])

    def after(self) -> None:
        """See `Outgoing`."""
        self._parts.board.note(reports_waiting=waiting_bytes(self._root, self._disk))
        self.write_status()

    def write_status(self) -> None:
        """Write down how things are, for `yingbi-agent status`: when something has changed, and
        now and then besides, so that a status that is old is seen to be old.  Any thread.
        """
        parts = self._parts
        now_s = parts.clock.monotonic()
        with self._lock:
            situation = parts.board.now
            steady = msgspec.structs.replace(situation, at="", push_age_s=None)
            if steady == self._steady and now_s - self._written_s < STATUS_EVERY_S:
                return
            self._steady, self._written_s = steady, now_s
            written_now = msgspec.structs.replace(situation, at=written(parts.clock.now()))
            try:
                content = msgspec.json.encode(written_now)
                write_durably(self._disk, self._root / STATUS, content)
            except StorageError as error:
                log.debug("the status cannot be written: %s", error)

    def tell_stage(self) -> None:
        """Put onto the bulletin what the slate shows of the pairing."""
        parts = self._parts
        card = pairing_card(
            parts.keyring.kept,
            self._server,
            "   ".join([parts.machine.host(), *parts.machine.addresses()[:2]]),
        )
        try:
            self._noticeboard.change(pairing=card)
        except StorageError as error:
            log.warning("the slate cannot be told of the pairing: %s", error)
