"""The agent put together: what each part is given, and how they start and end.

Only `__main__` and tests make an `Agent`.  Everything that the outside world decides (clock, disk,
network, chance) comes in through `Ports`.
"""

import logging
import random
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from config.model import PlayerSettings
from content_cache.bandwidth import Bandwidth
from content_cache.blobs import BlobStore
from content_cache.dial import Resolve, system_resolve
from content_cache.disk import Disk, RealDisk
from content_cache.errors import CacheError
from content_cache.eviction import Eviction, Room
from content_cache.generations import Generations
from content_cache.http_fetcher import HttpFetcher
from content_cache.leash import NetworkLimits, StopSignal
from content_cache.outbox import Outbox
from content_cache.outcome import SyncOutcome
from content_cache.sync import Cache
from player.agent.interface import PlayersInterface
from player.agent.keyring import Keyring
from player.agent.ledger import FaultLedger
from player.agent.machine import Machine, boot_identity, process_id
from player.agent.office import Office
from player.agent.pairing import Pairing
from player.agent.parts import Parts
from player.agent.reports import Reports
from player.agent.rounds import Rounds, RoundSettings, Tell
from player.agent.secrecy import Secrets
from player.agent.situation import Board, Situation
from player.agent.window import daily_window
from player.clock import Clock, SystemClock
from player.errors import PlayerError
from scheduler.report import written

__all__ = ["Agent", "Ports", "tokens_path"]

log = logging.getLogger("agent")

_GIB = 1 << 30

#: Files that nobody but the agent may read.
PRIVATE_MODE = 0o600


@dataclass(frozen=True)
class Ports:
    """The outside world.  `stop` ends everything that waits for the network."""

    stop: StopSignal
    clock: Clock = field(default_factory=SystemClock)
    disk: Disk = field(default_factory=RealDisk)
    private_disk: Disk = field(default_factory=lambda: RealDisk(PRIVATE_MODE))
    resolve: Resolve = system_resolve
    limits: NetworkLimits = field(default_factory=NetworkLimits)
    chance: Callable[[], float] = random.random
    new_challenge: Callable[[], str] = lambda: secrets.token_urlsafe(32)


def tokens_path(settings: PlayerSettings) -> Path:
    """Where the token is kept."""
    return settings.server.tokens_file or settings.cache.directory / "agent" / "tokens.json"


class Agent:
    """The parts of one agent, for the holder of the cache's lock."""

    def __init__(self, settings: PlayerSettings, ports: Ports, hidden: Secrets) -> None:
        self.settings, self.ports, self.hidden = settings, ports, hidden
        root, disk = settings.cache.directory, ports.disk
        self.board = Board(Situation(boot=boot_identity(), process=process_id()))
        self.reports = Reports(Outbox(root, disk, "agent"))
        self.ledger = FaultLedger(root / "agent" / "faults.json", disk, self.reports.append)
        store = BlobStore(root, disk)
        self.generations = Generations(root, disk, store)
        self.machine = Machine(disk, root)
        self.keyring = Keyring(tokens_path(settings), ports.private_disk)
        self.parts = Parts(
            root,
            ports.clock,
            disk,
            self.board,
            self.ledger,
            self.reports,
            self.machine,
            self.generations,
            self.keyring,
        )
        room = Room(int(settings.cache.quota_gib * _GIB), int(settings.cache.min_free_gib * _GIB))
        self.eviction = Eviction(root, store, self.generations, disk, room)
        self.cache = Cache(store, self.generations, self.eviction.make_room)
        self.pairing = Pairing(
            self.keyring,
            self.connect,
            self.generations,
            self.device,
            enrolment_key=settings.server.enrolment_key,
            wanted_root=settings.trust.root_sha256,
        )
        self.rounds = self._rounds()
        self.office = Office(self.parts, settings.server.urls[0])
        self._line: tuple[str, HttpFetcher] | None = None
        self.on_news: Callable[[], None] = _nobody

    def _rounds(self) -> Rounds:
        server = self.settings.server
        limit = server.bandwidth_limit_kib_s * 1024
        return Rounds(
            self.cache,
            self.pairing,
            self.connect,
            clock=self.ports.clock,
            board=self.board,
            tell=Tell(self.ledger.tell, self._activated),
            settings=RoundSettings(
                server.poll_interval_s,
                server.parallel_downloads,
                Bandwidth(limit or None),
                daily_window(server.download_window, self.settings.stage.timezone),
            ),
            chance=self.ports.chance,
            new_challenge=self.ports.new_challenge,
        )

    def connect(self, token: str | None) -> HttpFetcher:
        """A line to the server that sends this token (None: none).

        Raises `ValueError` for an address that is none, `TlsFailed` for a CA file without a CA.
        """
        if token:
            self.hidden.learn(token)
        server, ports = self.settings.server, self.ports
        return HttpFetcher(
            server.urls,
            token=token,
            ca_file=server.ca_file,
            proxy=server.proxy or None,
            cleartext=server.cleartext,
            limits=ports.limits,
            stop=ports.stop,
            resolve=ports.resolve,
        )

    def interface(self) -> PlayersInterface | None:
        """The interface for players with our token; None while the box is not paired.

        For one thread: the post's.
        """
        credential = self.keyring.kept.credential
        if credential is None:
            return None
        if self._line is None or self._line[0] != credential.token:
            self._hang_up()
            self._line = (credential.token, self.connect(credential.token))
        return PlayersInterface(self._line[1])

    def _hang_up(self) -> None:
        if self._line is not None:
            self._line[1].close()
            self._line = None

    def device(self) -> dict[str, Any]:
        """What a person is told of the box that wants to be paired."""
        return {
            "name": self.settings.screen.name,
            "hostname": self.machine.host(),
            "addresses": self.machine.addresses(),
            "versions": self.machine.versions(),
            "outputs": self.machine.outputs(),
            "boot": self.board.now.boot,
        }

    def round(self, stop: StopSignal) -> tuple[float, SyncOutcome | None]:
        """One round of pairing and syncing, and what the slate is to show of it."""
        claim = self.keyring.kept.claim
        if claim is not None:
            self.hidden.learn(claim.secret)
        ended = self.rounds.run(stop)
        self.office.tell_stage()
        return ended

    def tell_once(self) -> None:
        """Send a heartbeat and what waits, once; what cannot be sent waits for the next time."""
        interface = self.interface()
        try:
            if interface is not None:
                self.office.heartbeat(interface)
                self.office.reports(interface)
        except (CacheError, PlayerError) as error:
            log.info("nothing was reported: %s", error)
        self.office.after()

    def close(self) -> None:
        """Let go of everything."""
        self.rounds.close()
        self._hang_up()
        self.reports.close()
        self.office.close()

    def _activated(self, now: datetime) -> None:
        current = self.generations.current()
        if current is None:
            return
        record = {
            "version": current.manifest.version,
            "sha256": current.sha256,
            "activated_at": written(now),
        }
        self.board.note(activated_at=record["activated_at"])
        self.reports.append("receipt", record)
        self.on_news()


def _nobody() -> None:
    """Nobody waits for news."""
