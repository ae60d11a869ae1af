"""What goes out of the box and onto its slate: heartbeats, reports, the bulletin, the status file.

The `Outgoing` of the post.  It holds no rule of its own: it puts together what the parts know.
"""

import logging

import msgspec

from content_cache.durable import write_durably
from content_cache.errors import StorageError
from player.agent.heartbeat import Current, heartbeat
from player.agent.interface import HeartbeatAnswer, PlayersInterface
from player.agent.parts import Parts
from player.agent.slate_card import pairing_card
from player.agent.uplink import Uplink, waiting_bytes
from player.bulletin import Bulletin, read_bulletin, write_bulletin
from scheduler.report import written

__all__ = ["STATUS", "Office"]

log = logging.getLogger("agent.office")

#: The situation as it was written down last, below the cache directory.
STATUS = "agent/status.json"


class Office:
    """See `Outgoing`; one thread, but for `tell_stage`, which is the poll's."""

    def __init__(self, parts: Parts, server: str) -> None:
        self._parts, self._server = parts, server
        self._root, self._disk = parts.root, parts.disk
        self._current = Current(parts.generations)
        self._uplink = Uplink(self._root, self._disk)
        self._sequence = 0
        self._bulletin: Bulletin | None = None

    def heartbeat(self, interface: PlayersInterface) -> HeartbeatAnswer:
        """See `Outgoing`."""
        parts = self._parts
        self._sequence += 1
        body = heartbeat(
            parts.board.now,
            self._current.generation(),
            parts.machine,
            parts.ledger.open,
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
        del interface
        log.info("the server asks for %s, which this version does not know", what[:40])

    def after(self) -> None:
        """See `Outgoing`."""
        parts = self._parts
        parts.board.note(
            at=written(parts.clock.now()),
            reports_waiting=waiting_bytes(self._root, self._disk),
        )
        try:
            content = msgspec.json.encode(parts.board.now)
            write_durably(self._disk, self._root / STATUS, content)
        except StorageError as error:
            log.debug("the status cannot be written: %s", error)

    def tell_stage(self) -> None:
        """Put onto the bulletin what the slate shows of the pairing."""
        before = self._bulletin or read_bulletin(self._root, self._disk)
        parts = self._parts
        card = pairing_card(
            parts.keyring.kept,
            self._server,
            f"{parts.machine.host()}  {'  '.join(parts.machine.addresses()[:2])}".strip(),
        )
        after = msgspec.structs.replace(before, pairing=card)
        if self._bulletin is not None and after == before:
            return
        try:
            write_bulletin(self._root, self._disk, after)
            self._bulletin = after
        except StorageError as error:
            log.warning("the slate cannot be told of the pairing: %s", error)

    def close(self) -> None:
        """Nothing to let go of."""
