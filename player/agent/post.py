"""The post: heartbeats out, wishes in, and the outbox drained, on a thread of its own.

A download that takes hours must not keep the server from hearing of this box.  Like the poll loop
it runs on the monotonic clock, and nothing but a call to stop ends it.
"""

import logging
import threading
from collections.abc import Callable
from typing import Protocol

from content_cache.backoff import retry_delay_s
from content_cache.errors import CacheError, StorageError
from player.agent.interface import HeartbeatAnswer, PlayersInterface
from player.clock import Clock
from player.errors import PlayerError

__all__ = ["Outgoing", "Post"]

log = logging.getLogger("agent.post")

#: So many wishes are granted at a time.
WISHES_LIMIT = 8

#: What the server may make of the interval between two heartbeats.
LONGEST_POLL_S = 3600.0


class Outgoing(Protocol):
    """What is sent.  Each may raise `FetchError`, `StorageError` or `PlayerError`."""

    def heartbeat(self, interface: PlayersInterface) -> HeartbeatAnswer:
        """Say how the box is."""

    def reports(self, interface: PlayersInterface) -> bool:
        """Send what waits in the outbox; does more wait still?"""

    def wanted(self, interface: PlayersInterface, what: str) -> None:
        """Send what staff ask for: "screenshot", "log"."""

    def after(self) -> None:
        """A round is over, however it went: write down how things are."""


class Post(threading.Thread):
    """Sends everything again and again.  `connect` gives None while the box is not paired."""

    def __init__(
        self,
        outgoing: Outgoing,
        connect: Callable[[], PlayersInterface | None],
        clock: Clock,
        *,
        poll_s: float,
        chance: Callable[[], float],
        paced: Callable[[float], None],
    ) -> None:
        """`paced` hears how often the server wants to be asked, in seconds."""
        super().__init__(name="post", daemon=True)
        self._outgoing, self._connect, self._clock = outgoing, connect, clock
        self._configured_s = self.poll_s = poll_s
        self._paced = paced
        self._chance = chance
        self._wake = threading.Event()
        self._ended = threading.Event()
        self._failures = 0
        self._stumbled = False
        self._wanted: set[str] = set()
        self.sent_s: float | None = None
        """when a heartbeat was last answered (monotonic)"""

    def want(self, what: str) -> None:
        """Send this, as if staff had asked for it: "screenshot"."""
        self._wanted.add(what)
        self._wake.set()

    def now(self) -> None:
        """There is something that cannot wait: send now."""
        self._wake.set()

    def end(self) -> None:
        """End after what is under way (whoever ends us also stops the network)."""
        self._ended.set()
        self._wake.set()

    def run(self) -> None:
        """Until `end`."""
        while not self._ended.is_set():
            self._wake.clear()
            wait_s = self.round()
            self._wait(wait_s)

    def round(self) -> float:
        """Send everything once; return the seconds until the next time.  Never raises."""
        try:
            return self._round()
        except Exception:
            level = logging.DEBUG if self._stumbled else logging.ERROR
            log.log(level, "the post stumbled; the screen goes on", exc_info=True)
            self._stumbled = True
            return LONGEST_POLL_S / 60
        finally:
            self._outgoing.after()

    def _round(self) -> float:
        interface = self._connect()
        if interface is None:
            return self.poll_s
        try:
            wait_s = self._send(interface)
        except (CacheError, PlayerError) as error:
            # The poll loop tells of the link; here it would be told twice.
            log.debug("nothing was sent: %s", error)
            self._failures += 1
            return max(self.poll_s, retry_delay_s(self._failures, self._chance()))
        self._failures, self._stumbled = 0, False
        return wait_s

    def _send(self, interface: PlayersInterface) -> float:
        answer = self._outgoing.heartbeat(interface)
        self.sent_s = self._clock.monotonic()
        self.poll_s = max(self._configured_s, min(answer.poll_s or 0.0, LONGEST_POLL_S))
        self._paced(self.poll_s)
        for what in {*answer.wanted[:WISHES_LIMIT], *self._wanted}:
            self._wanted.discard(what)
            self._fulfil(interface, what)
        more = self._outgoing.reports(interface)
        return 1.0 if more else self.poll_s * (0.9 + 0.2 * self._chance())

    def _fulfil(self, interface: PlayersInterface, what: str) -> None:
        """A wish that cannot be granted keeps no report from going."""
        try:
            self._outgoing.wanted(interface, what)
        except (StorageError, PlayerError) as error:
            log.warning("%s was asked for and cannot be had: %s", what, error)

    def _wait(self, seconds: float) -> None:
        until_s = self._clock.monotonic() + seconds
        while (left := until_s - self._clock.monotonic()) > 0:
            if self._wake.wait(min(left, 5.0)):
                return
