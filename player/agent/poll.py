"""The poll loop: rounds, one after the other, on the monotonic clock.

Nothing but a call to stop ends it: a round that raises is our bug, is logged once, and the loop
goes on.  A push that says "look now" ends the wait, and a download that is under way: the next pass
goes on where it stopped, with the newest release.
"""

import logging
import threading
from collections.abc import Callable

from content_cache.leash import StopSignal
from content_cache.outcome import SyncOutcome
from player.clock import Clock

__all__ = ["Poll"]

log = logging.getLogger("agent.poll")

#: After a bug of ours, wait so long: a loop that spins helps nobody.
STUMBLE_S = 60.0

Run = Callable[[StopSignal], tuple[float, SyncOutcome | None]]


class _Interruption:
    """Set when the agent ends, or when there is news; it notes that it was asked."""

    def __init__(self, poll: "Poll") -> None:
        self._poll = poll

    def is_set(self) -> bool:
        """See `StopSignal`; asked several times a second by whatever takes long."""
        return self._poll.is_interrupted()


class Poll(threading.Thread):
    """Runs `run` again and again.  `pulse_s` is when it last gave a sign of life (monotonic)."""

    def __init__(self, run: Run, clock: Clock) -> None:
        super().__init__(name="poll", daemon=True)
        self._run_round, self._clock = run, clock
        self._wake = threading.Event()
        self._ended = threading.Event()
        self._stumbled = False
        self.pulse_s = clock.monotonic()

    def look(self) -> None:
        """There is news: make a round now."""
        self._wake.set()

    def end(self) -> None:
        """Stop what is under way, and end."""
        self._ended.set()
        self._wake.set()

    def is_interrupted(self) -> bool:
        """Is there a reason to break off what is under way?"""
        self.pulse_s = self._clock.monotonic()
        return self._wake.is_set()

    def run(self) -> None:
        """Until `end`."""
        while not self._ended.is_set():
            self._wake.clear()
            if self._ended.is_set():  # told between the two lines above
                return
            wait_s = self._round()
            self._sleep(wait_s)

    def _round(self) -> float:
        try:
            wait_s, _outcome = self._run_round(_Interruption(self))
        except Exception:
            log.log(
                logging.DEBUG if self._stumbled else logging.ERROR,
                "a round stumbled; what is on the screen goes on",
                exc_info=True,
            )
            self._stumbled = True
            return STUMBLE_S
        self._stumbled = False
        return wait_s

    def _sleep(self, seconds: float) -> None:
        """Wait on the monotonic clock, which no step of the wall clock moves."""
        until_s = self._clock.monotonic() + seconds
        while (left := until_s - self._clock.monotonic()) > 0:
            self.pulse_s = self._clock.monotonic()
            if self._wake.wait(min(left, 5.0)):
                return
