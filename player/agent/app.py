"""The agent put together: what each part is given, and how they start and end.

Only `__main__` and tests make an `Agent`.  Everything that the outside world decides (clock, disk,
network, chance) comes in through `Ports`.
"""

import logging
import random
import secrets
import threading
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
from content_cache.scrub import Scrub, boot_id
from content_cache.sync import Cache
from manifest.trusted_time import BUILT_AT
from player.agent.child import RunProgram, run_program
from player.agent.glass import Glass
from player.agent.interface import PlayersInterface
from player.agent.keyring import Keyring
from player.agent.log_tail import LogTail
from player.agent.machine import Machine, boot_identity, process_id
from player.agent.noticeboard import Noticeboard
from player.agent.office import Office
from player.agent.pairing import Pairing
from player.agent.pairing_steps import Tell
from player.agent.parts import Parts
from player.agent.push import push_limits
from player.agent.reports import Reports
from player.agent.rounds import Rounds, RoundSettings
from player.agent.secrecy import Secrets
from player.agent.situation import Board, Situation
from player.agent.window import daily_window
from player.clock import Clock, FlooredClock, SystemClock
from player.errors import PlayerError
from player.ledger import AGENT_FAULTS, FaultLedger
from scheduler.report import written

__all__ = ["Agent", "Ports", "tokens_path"]

log = logging.getLogger("agent")

_GIB = 1 << 30

#: Files that nobody but the agent may read.
PRIVATE_MODE = 0o600


@dataclass(frozen=True)
class Ports:
    """The outside world.  `stop` ends everything that waits for the network; `wait` waits, and is
    True when it was told to stop.
    """

    stop: StopSignal
    clock: Clock = field(default_factory=SystemClock)
    disk: Disk = field(default_factory=RealDisk)
    private_disk: Disk = field(default_factory=lambda: RealDisk(PRIVATE_MODE))
    resolve: Resolve = system_resolve
    limits: NetworkLimits = field(default_factory=NetworkLimits)
    run_program: RunProgram = run_program
    wait: Callable[[float], bool] = threading.Event().wait
    chance: Callable[[], float] = random.random
    new_challenge: Callable[[], str] = lambda: secrets.token_urlsafe(32)


def tokens_path(settings: PlayerSettings) -> Path:
    """Where the token is kept."""
    return settings.server.tokens_file or settings.cache.directory / "agent" / "tokens.json"


class Agent:
    """The parts of one agent, for the holder of the cache's lock.

    `hidden` are the secrets that no log may show, `tail` the log that staff may ask for.
    """

    def __init__(
        self,
        settings: PlayerSettings,
        ports: Ports,
        hidden: Secrets | None = None,
        tail: LogTail | None = None,
    ) -> None:
        self.settings, self.ports, self.hidden = settings, ports, hidden or Secrets()
        root, disk = settings.cache.directory, ports.disk
        store = BlobStore(root, disk)
        self.generations = Generations(root, disk, store)
        self.parts = _parts(settings, ports, self.generations)
        self.clock, self.board = self.parts.clock, self.parts.board
        self.noticeboard = Noticeboard(root, disk)
        self.pairing = Pairing(
            self.parts.keyring,
            self.connect,
            self.generations,
            self._device,
            enrolment_key=settings.server.enrolment_key,
            wanted_root=settings.trust.root_sha256,
        )
        room = Room(int(settings.cache.quota_gib * _GIB), int(settings.cache.min_free_gib * _GIB))
        eviction = Eviction(root, store, self.generations, disk, room)
        glass = Glass(root, disk, self._ask_for_picture, ports.wait)
        server = settings.server.urls[0]
        tail = tail or LogTail()
        self.office = Office(self.parts, server, self.noticeboard, glass, tail)
        self.rounds = self._rounds(Cache(store, self.generations, eviction.make_room))
        self.eviction, self.glass, self.tail = eviction, glass, tail
        self.scrub = Scrub(root, store, disk, boot_id(disk))
        self.on_news: Callable[[], None] = _nobody
        self._line: tuple[str, HttpFetcher] | None = None

    def _rounds(self, cache: Cache) -> Rounds:
        server = self.settings.server
        limit = server.bandwidth_limit_kib_s * 1024
        return Rounds(
            cache,
            self.pairing,
            self.connect,
            clock=self.clock,
            board=self.board,
            tell=Tell(self.parts.ledger.tell, self._activated, self.office.tell_stage),
            settings=RoundSettings(
                server.poll_interval_s,
                server.parallel_downloads,
                Bandwidth(limit or None),
                daily_window(server.download_window, self.settings.stage.timezone),
            ),
            chance=self.ports.chance,
            new_challenge=self.ports.new_challenge,
        )

    # --- lines to the server -------------------------------------------------------------------

    def connect(self, token: str | None, limits: NetworkLimits | None = None) -> HttpFetcher:
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
            limits=limits or ports.limits,
            stop=ports.stop,
            resolve=ports.resolve,
            proved_past=self.clock.proved_past,
        )

    def interface(self) -> PlayersInterface | None:
        """The interface for players with our token; None while the box is not paired.

        For one thread: the post's.
        """
        credential = self.parts.keyring.kept.credential
        if credential is None:
            return None
        if self._line is None or self._line[0] != credential.token:
            self._hang_up()
            self._line = (credential.token, self.connect(credential.token))
        return PlayersInterface(self._line[1])

    def push_interface(self) -> PlayersInterface | None:
        """The same, for the one connection on which the server pushes; None without a token that
        works.
        """
        kept = self.parts.keyring.kept
        if kept.credential is None or kept.refused:
            return None
        return PlayersInterface(self.connect(kept.credential.token, push_limits(self.ports.limits)))

    def _hang_up(self) -> None:
        if self._line is not None:
            self._line[1].close()
            self._line = None

    # --- what threads and commands call --------------------------------------------------------

    def round(self, stop: StopSignal) -> tuple[float, SyncOutcome | None]:
        """One round of pairing and syncing."""
        claim = self.parts.keyring.kept.claim
        if claim is not None:
            self.hidden.learn(claim.secret)
        return self.rounds.run(stop)

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
        self.parts.reports.close()

    def _device(self) -> dict[str, Any]:
        """What a person is told of the box that wants to be paired."""
        machine = self.parts.machine
        return {
            "name": self.settings.screen.name,
            "hostname": machine.host(),
            "addresses": machine.addresses(),
            "versions": machine.versions(),
            "outputs": machine.outputs(),
            "boot": self.board.now.boot,
        }

    def _ask_for_picture(self, request: str) -> None:
        self.noticeboard.change(snapshot=request)

    def _activated(self, now: datetime) -> None:
        current = self.generations.current()
        if current is None:
            return
        at = written(now)
        self.board.note(activated_at=at)
        self.parts.reports.append(
            "receipt",
            {"version": current.manifest.version, "sha256": current.sha256, "activated_at": at},
        )
        self.on_news()


def _parts(settings: PlayerSettings, ports: Ports, generations: Generations) -> Parts:
    root, disk = settings.cache.directory, ports.disk
    reports = Reports(Outbox(root, disk, "agent"))
    return Parts(
        root=root,
        clock=FlooredClock(ports.clock, BUILT_AT),
        disk=disk,
        board=Board(Situation(boot=boot_identity(), process=process_id())),
        ledger=FaultLedger(root / AGENT_FAULTS, disk, reports.append),
        reports=reports,
        machine=Machine(disk, root),
        generations=generations,
        keyring=Keyring(tokens_path(settings), ports.private_disk),
    )


def _nobody() -> None:
    """Nobody waits for news."""
