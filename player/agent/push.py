"""The push channel: a connection on which the server says "look now", and nothing else.

What it says is never believed, only looked into: a push makes a round happen sooner.  The polls go
on as if there were no channel, so one that is dead but looks alive costs a poll interval at most.
Signs of life are watched: a channel without a single byte for `SILENT_S` is given up and opened
anew; one that stays silent from its first moment (a proxy that holds everything back) is tried
ever more seldom.  One thread.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from content_cache.backoff import Backoff, retry_delay_s
from content_cache.errors import CacheError
from content_cache.fetch_errors import ServerRefused
from content_cache.leash import NetworkLimits
from player.agent.interface import PlayersInterface
from player.clock import Clock
from player.errors import PlayerError

__all__ = ["SILENT_S", "Push", "PushTells", "push_limits"]

log = logging.getLogger("agent.push")

#: The server pings every 20 s: two that are missing, and some patience.
SILENT_S = 50.0

#: While the box is not paired there is nobody to listen to.
UNPAIRED_S = 5.0

#: When to connect again: soon, for a channel that worked; polls bring the news meanwhile.
RECONNECT = Backoff(first_s=1.0, cap_s=300.0)

State = Literal["off", "connecting", "open", "silent"]


def push_limits(limits: NetworkLimits) -> NetworkLimits:
    """Patience for a channel on which little comes, but never nothing."""
    return replace(limits, silence_s=SILENT_S, least_rate_bytes_s=0.0)


@dataclass(frozen=True)
class PushTells:
    """Whom the channel tells: `look` (there is news), `wanted` (staff ask), `state` (how it is)."""

    look: Callable[[], None]
    wanted: Callable[[], None]
    state: Callable[[State], None]


class Push(threading.Thread):
    """Listens until `end` (whoever ends it also stops the network).

    `connect` gives None while the box is not paired.  `heard_s` is when a byte last came
    (monotonic), None before the first.
    """

    def __init__(
        self,
        connect: Callable[[], PlayersInterface | None],
        clock: Clock,
        tells: PushTells,
        chance: Callable[[], float],
    ) -> None:
        super().__init__(name="push", daemon=True)
        self._connect, self._clock, self._tells, self._chance = connect, clock, tells, chance
        self._ended = threading.Event()
        self._last_id: str | None = None
        self._failures = 0
        self._told = False
        self.heard_s: float | None = None

    def end(self) -> None:
        """End soon."""
        self._ended.set()

    def run(self) -> None:
        """Until `end`."""
        while not self._ended.is_set():
            wait_s = self._listen()
            self._ended.wait(wait_s)

    def _listen(self) -> float:
        """Listen as long as there is something to hear; return the seconds until the next try."""
        interface = self._connect()
        if interface is None:
            self._tells.state("off")
            return UNPAIRED_S
        self._tells.state("connecting")
        heard_before, retry_after_s = self.heard_s, None
        try:
            self._hear(interface)
        except (CacheError, PlayerError) as error:
            self._say(error)
            retry_after_s = error.retry_after_s if isinstance(error, ServerRefused) else None
        except Exception:
            log.exception("the push channel stumbled; polls go on")
        if self.heard_s != heard_before:
            self._failures = 0
        self._failures += 1
        self._tells.state("silent" if self._failures > 1 else "connecting")
        return retry_delay_s(self._failures, self._chance(), retry_after_s, RECONNECT)

    def _hear(self, interface: PlayersInterface) -> None:
        with interface.pushes(self._last_id) as events:
            for event in events:
                self.heard_s = self._clock.monotonic()
                self._last_id = event.last_id or self._last_id
                self._opened()
                if event.name == "look":
                    self._tells.look()
                elif event.name == "wanted":
                    self._tells.wanted()
                if self._ended.is_set():
                    return

    def _opened(self) -> None:
        """The first sign of life of a channel: what came while nobody listened is looked for."""
        if self._failures or not self._told:
            log.info("the server can push")
            self._tells.look()
        self._failures, self._told = 0, True
        self._tells.state("open")

    def _say(self, error: CacheError | PlayerError) -> None:
        """Once for each time that the channel goes; the poll tells of the link itself."""
        level = logging.INFO if self._failures == 0 and self._told else logging.DEBUG
        log.log(level, "the push channel is gone: %s; polls go on", error)
