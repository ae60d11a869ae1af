"""What one sync pass hands to the next, so that a poll without news costs one small request.

Made by `sync` at the end of a pass; the agent keeps it in memory and passes it on, or drops it when
the cache changed under it (a blob was set aside), so that the next pass looks at everything.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from content_cache.register import Mark
from manifest.trust import Flag, Trust
from manifest.trust_state import TrustState

__all__ = ["Answered", "Known", "needs_challenge"]


@dataclass(frozen=True, slots=True)
class Known:
    """How things stood: `etag` of the freshness that was heard without a challenge, None if none.

    `mark` is that of the generations, `state` the trust as it was remembered; `is_deferred` says
    that a release waits for the download window.  With `vouched`, a challenge was answered a short
    time ago: a clock that is wrong, or a freshness that looks expired by it, is no reason to ask
    for another.
    """

    etag: str | None
    mark: Mark
    state: TrustState
    version: int | None
    is_deferred: bool = False
    vouched: bool = False


@dataclass(frozen=True, slots=True)
class Answered:
    """A challenge was answered: the server signed `server_time` when our clock said `clock`."""

    server_time: datetime
    clock: datetime

    @property
    def offset(self) -> timedelta:
        """How far our clock is ahead of the server's (negative: behind), give or take the way."""
        return self.clock - self.server_time


def needs_challenge(trust: Trust) -> bool:
    """Must the server's next word be signed for us alone, so that it cannot be a recording?

    On first contact; where the clock is proved wrong; where what was heard last has expired.
    """
    told = {Flag.CLOCK_SUSPECT, Flag.FRESHNESS_EXPIRED}
    return trust.state.freshness is None or bool(told & trust.flags)
