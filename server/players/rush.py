"""Whether boxes are fetching what was published: what can wait, waits until they have it.

A thread that writes to the database takes turns with the event loop for the interpreter, event by
event: while thousands of boxes fetch, each of them would come late.
"""

import asyncio

from server.clock import Clock

__all__ = ["Rush"]

#: When nobody has fetched anything for so long, the rush is over; it is waited for so long at the
#: most.  Both in seconds.
PAUSE_S, PATIENCE_S = 0.1, 3.0

#: How often that is looked at meanwhile, in seconds.
LOOK_S = 0.05


class Rush:
    """Noted by who hands out manifests, waited for by who writes.  One event loop only."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = float("-inf")

    def note(self) -> None:
        """A box has fetched a manifest."""
        self._last = self._clock.monotonic()

    def is_on(self) -> bool:
        """Did somebody fetch a moment ago?"""
        return self._clock.monotonic() - self._last < PAUSE_S

    async def over(self) -> None:
        """Return when it is over, or has lasted for too long to be waited for."""
        for _look in range(round(PATIENCE_S / LOOK_S)):
            if not self.is_on():
                return
            await asyncio.sleep(LOOK_S)
