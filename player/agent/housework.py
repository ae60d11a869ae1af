"""Which chores a box has: scrub, eviction, health, the panel, the clock, pictures, a fresh start.

Put together here, done by `chores`.  Each is a few lines that call the part that knows how.
"""

import logging
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass

from config.model import PlayerSettings
from content_cache.faults import Fault
from content_cache.health import look
from content_cache.scrub import Scrub
from player.agent.chores import Chore
from player.agent.heartbeat import Current
from player.agent.noticeboard import Noticeboard
from player.agent.panel import Panel
from player.agent.panel_power import PanelPower
from player.agent.parts import Parts

__all__ = ["Hands", "Housework"]

log = logging.getLogger("agent.housework")

SCRUB_EVERY_S = 3600.0
EVICT_EVERY_S = 24 * 3600.0
HEALTH_EVERY_S = 600.0
PANEL_EVERY_S = 30.0
CLOCK_EVERY_S = 6 * 3600.0


@dataclass(frozen=True)
class Hands:
    """What chores set in motion elsewhere: on the poll's thread, and on the post's.

    `damaged`: a blob was set aside; `evict`: make room when no pass runs; `ask_time`: compare the
    clocks with the next pass; `take_picture`: send a picture of the glass.
    """

    damaged: Callable[[], None]
    evict: Callable[[], None]
    ask_time: Callable[[], None]
    take_picture: Callable[[], None]


class Housework:
    """The chores of one box; `power` None: nobody may switch the panel."""

    def __init__(
        self,
        parts: Parts,
        scrub: Scrub,
        board: Noticeboard,
        power: PanelPower | None,
        hands: Hands,
    ) -> None:
        self._parts, self._scrub, self._noticeboard = parts, scrub, board
        self._panel = Panel(power) if power else None
        self._hands = hands
        self._current = Current(parts.generations)
        self._switching = threading.Lock()

    @property
    def has_panel(self) -> bool:
        """May anybody switch the panel?"""
        return self._panel is not None

    def chores(self, settings: PlayerSettings) -> list[Chore]:
        """All of them."""
        found = [
            Chore("scrub", self.scrub, every_s=SCRUB_EVERY_S, at_once=True),
            Chore("eviction", self._hands.evict, every_s=EVICT_EVERY_S),
            Chore("health", self.health, every_s=HEALTH_EVERY_S, at_once=True),
            Chore("clock", self._hands.ask_time, every_s=CLOCK_EVERY_S),
        ]
        if self._panel is not None:
            found.append(Chore("panel", self.panel, every_s=PANEL_EVERY_S, at_once=True))
        if minutes := settings.agent.screenshot_every_min:
            found.append(Chore("picture", self._hands.take_picture, every_s=minutes * 60.0))
        if settings.agent.restart_stage_at is not None:
            found.append(Chore("restart", self.restart, at=settings.agent.restart_stage_at))
        return found

    def scrub(self) -> None:
        """Read a slice of the blobs again."""
        parts = self._parts
        current = parts.generations.current()
        shown = current.manifest.files() if current else ()
        done = self._scrub.run(parts.clock.now(), shown)
        parts.ledger.tell("scrub", done.faults, parts.clock.now())
        if done.bad:
            log.warning("%d damaged blobs were set aside, to be fetched again", len(done.bad))
            self._hands.damaged()

    def health(self) -> None:
        """Look at the cache, and tell what is wrong with it."""
        parts = self._parts
        parts.ledger.tell("cache", look(parts.root, parts.disk).faults, parts.clock.now())

    def panel(self) -> None:
        """Switch the panel by the hours of the manifest, or as staff told."""
        if self._panel is not None:
            with self._switching:
                self._switch(self._panel)

    def panel_for(self, on: bool, seconds: float) -> tuple[str, str]:
        """Keep the panel so for a while; how it is now, and what is wrong with it ("": nothing).

        Any thread, and never without a panel.
        """
        assert self._panel is not None, "whoever asks knows whether it can be switched"
        with self._switching:
            self._panel.keep_for(on, self._parts.clock.monotonic() + seconds)
            faults = self._switch(self._panel)
        return self._parts.board.now.panel, "; ".join(fault.sentence for fault in faults)

    def _switch(self, panel: Panel) -> list[Fault]:
        parts, now = self._parts, self._parts.clock.now()
        generation, kept = self._current.generation(), panel.kept(parts.clock.monotonic())
        if kept is None and not panel.concerns_us(generation):
            return []
        is_suspect = "clock_suspect" in parts.board.now.trust_flags
        hours = panel.wanted(generation, now, is_suspect=is_suspect)
        wanted = hours if kept is None else kept
        state, faults = panel.keep(wanted)
        parts.board.note(panel=state)
        parts.ledger.tell("panel", faults, now)
        return faults

    def restart(self) -> None:
        """Ask the stage to end, so that systemd starts it afresh (docs/agent.md)."""
        log.info("the nightly restart of the stage")
        self._noticeboard.change(restart=secrets.token_hex(8))
