"""What the parts of the agent share: the cache's folder, clock, disk, and what is known so far."""

from dataclasses import dataclass
from pathlib import Path

from content_cache.disk import Disk
from content_cache.generations import Generations
from player.agent.keyring import Keyring
from player.agent.machine import Machine
from player.agent.reports import Reports
from player.agent.situation import Board
from player.clock import FlooredClock
from player.ledger import FaultLedger

__all__ = ["Parts"]


@dataclass(frozen=True)
class Parts:
    """Made once by `app`; each of them may be used from any thread but where it says otherwise."""

    root: Path
    clock: FlooredClock
    disk: Disk
    board: Board
    ledger: FaultLedger
    reports: Reports
    machine: Machine
    generations: Generations
    keyring: Keyring
