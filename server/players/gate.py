"""Who may come in, and how often: tokens, and limits against boxes that ask without end.

A limit is a bucket: so many requests at once, then so many a second.  Honest boxes never meet one
(docs/player-interface.md has the figures); a box that does is told when to come again.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from server.clock import Clock
from server.errors import TooManyRequests
from server.players.board import Board
from server.players.entry import Entry
from server.players.exchange import Exchange

__all__ = ["LIMITS", "Gate", "Limit"]


class Limit(NamedTuple):
    """`burst` requests at once, and `each_s` seconds for each one more."""

    burst: int
    each_s: float


#: What a screen (or, before it is one, an address) may ask for.
LIMITS = {
    "challenges": Limit(100, 1.0),
    "heartbeats": Limit(600, 1.0),
    "reports": Limit(300, 0.5),
    "screenshots": Limit(20, 10.0),
    "logs": Limit(50, 10.0),
    "commands": Limit(100, 1.0),
    "push": Limit(20, 2.0),
    "pairings": Limit(20, 15.0),
    "secrets": Limit(100, 0.1),
    "refusals": Limit(200, 0.2),
}

#: Buckets that are remembered; a full one is like one that is not there.
_BUCKETS = 50_000


class Gate:
    """Lets requests in.  `first_use` is told the id of a token that was never used before."""

    def __init__(
        self, board: Board, clock: Clock, first_use: Callable[[int], Awaitable[None]]
    ) -> None:
        self._board, self._clock, self._first_use = board, clock, first_use
        self._buckets: OrderedDict[tuple[str, object], tuple[float, float]] = OrderedDict()

    async def screen(self, exchange: Exchange) -> Entry:
        """The screen whose token this is.  Raises `TokenRefused` or `Unavailable`.

        An address that tries many tokens is slowed down before the database is asked.
        """
        token = exchange.bearer()
        entry = self._board.known(token)
        if entry is not None:
            return entry
        self.spend("refusals", exchange.address)
        admitted = await self._board.admit(token)
        self._refund("refusals", exchange.address)
        if admitted.first_use is not None:
            await self._first_use(admitted.first_use)
        return admitted.entry

    def spend(self, kind: str, who: object) -> None:
        """Count one request of `who`.  Raises `TooManyRequests`."""
        limit, now = LIMITS[kind], self._clock.monotonic()
        left, at = self._buckets.pop((kind, who), (float(limit.burst), now))
        left = min(float(limit.burst), left + (now - at) / limit.each_s)
        if left < 1.0:
            self._buckets[kind, who] = left, now
            wait_s = int((1.0 - left) * limit.each_s) + 1
            raise TooManyRequests(
                "Too many %(kind)s: try again in %(seconds)d s.",
                values={"kind": kind, "seconds": wait_s},
                retry_after_s=wait_s,
            )
        self._buckets[kind, who] = left - 1.0, now
        if len(self._buckets) > _BUCKETS:
            self._buckets.popitem(last=False)

    def _refund(self, kind: str, who: object) -> None:
        found = self._buckets.get((kind, who))
        if found is not None:
            self._buckets[kind, who] = found[0] + 1.0, found[1]
