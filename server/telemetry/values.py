"""What screens report, checked and as values: between the interface for players and the services.

Instants are aware UTC; texts are cut to what their columns hold.  Pure.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from msgspec import Struct

__all__ = ["Beat", "FaultNote", "Play", "ReceiptNote", "Segment"]

Severity = Literal["I", "W", "E", "C"]


class FaultNote(Struct, frozen=True):
    """A fault that a box speaks of.  `at`: when it opened (or was over, if `closed`).

    `momentary`: it was an event, which nobody will close.
    """

    code: str
    subject: str
    reason: str
    severity: Severity
    at: datetime
    closed: bool = False
    momentary: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """What makes it the same fault as another of this screen."""
        return self.code, self.subject


class Play(Struct, frozen=True):
    """An item stood in a zone, `[start, end)`."""

    zone: str
    item: str
    asset: str
    sha256: str
    start: datetime
    end: datetime
    manifest_version: int | None = None


class ReceiptNote(Struct, frozen=True):
    """A manifest was activated."""

    version: int
    activated_at: datetime


class Segment(Struct, frozen=True):
    """A segment of a screen's outbox, as far as it could be used."""

    screen: int
    name: str
    plays: tuple[Play, ...] = ()
    receipts: tuple[ReceiptNote, ...] = ()
    faults: tuple[FaultNote, ...] = ()

    @property
    def reports(self) -> int:
        """How many reports it brings."""
        return len(self.plays) + len(self.receipts) + len(self.faults)


class Beat(Struct, frozen=True):
    """A heartbeat.  `faults` None: the same ones as with the heartbeat before."""

    screen: int
    received_at: datetime
    boot: str
    address: str
    generation_version: int | None
    body: Mapping[str, Any]
    faults: tuple[FaultNote, ...] | None = None
