"""One round of the agent: a step of pairing where it is due, and a sync pass.

Called by the poll loop, one round at a time; each returns how long to wait for the next.  What the
documents say is `content_cache.sync`'s to judge; here is when it is asked, and what is told of it.
"""

import logging
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from content_cache.backoff import retry_delay_s
from content_cache.bandwidth import Bandwidth
from content_cache.download import PARALLEL
from content_cache.errors import StorageError
from content_cache.faults import Fault
from content_cache.fetch_errors import TokenRefused
from content_cache.http_fetcher import HttpFetcher
from content_cache.known import Known
from content_cache.leash import StopSignal
from content_cache.link_state import LinkState
from content_cache.outcome import Ending, SyncOutcome
from content_cache.sync import Cache, PassOptions, run_pass
from manifest.errors import ManifestError
from manifest.trust import Flag
from player.agent.clock_check import clock_faults
from player.agent.keyring import Credential
from player.agent.pairing import Pairing
from player.agent.pairing_steps import PairingSteps, Tell
from player.agent.pin import trust_of
from player.agent.situation import Board
from player.clock import FlooredClock
from scheduler.report import written

__all__ = ["RoundSettings", "Rounds"]

log = logging.getLogger("agent.sync")

#: A clock that is wrong is no reason for another challenge so soon after one was answered.
VOUCHED_S = 600.0

#: How often everything is looked at, even where the server says that nothing has changed.
THOROUGH_S = 3600.0

#: How often a release that waits for the download window is looked at again.
DEFERRED_S = 600.0

#: A box whose clock is dead learns a day with each contact (docs/trust.md, 4.3): so often it asks
#: again at once before it waits as after any other refusal.
CATCH_UP_CONTACTS = 120
CATCH_UP_S = 1.0

Connect = Callable[[str | None], HttpFetcher]


@dataclass(frozen=True)
class RoundSettings:
    """How rounds are made: the poll interval, and how gently things are fetched."""

    poll_s: float = 30.0
    parallel: int = PARALLEL
    bandwidth: Bandwidth = field(default_factory=lambda: Bandwidth(None))
    may_download: Callable[[datetime], bool] = lambda _now: True


class Rounds:
    """The rounds of one box.  One thread.

    `chance` gives numbers in [0, 1), `new_challenge` text that nobody can guess.
    """

    def __init__(
        self,
        cache: Cache,
        pairing: Pairing,
        connect: Connect,
        *,
        clock: FlooredClock,
        board: Board,
        tell: Tell,
        settings: RoundSettings,
        chance: Callable[[], float],
        new_challenge: Callable[[], str],
    ) -> None:
        self._cache, self._pairing, self._connect = cache, pairing, connect
        self._clock, self._board, self._tell = clock, board, tell
        self._settings, self._chance, self._new_challenge = settings, chance, new_challenge
        self._link = LinkState()
        self._line: tuple[Credential, HttpFetcher] | None = None
        self._known: Known | None = None
        self._went_by: Known | None = None
        self._failures = 0
        self._steps = PairingSteps(
            pairing, self._link, clock=clock, board=board, tell=tell, chance=chance
        )
        self._looked_s = self._answered_s = float("-inf")
        self._floor: datetime | None = None
        self._floor_rose_s: float | None = None
        self._anew, self._room_due = threading.Event(), threading.Event()
        self._jobs: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._poll_s = settings.poll_s

    def look_at_everything(self) -> None:
        """The next pass looks anew, and sends a challenge: the cache changed under us (a blob was
        set aside), or the clocks are to be compared.  Any thread.
        """
        self._anew.set()

    def pace(self, poll_s: float) -> None:
        """Poll every `poll_s` seconds from now on.  Any thread."""
        self._poll_s = poll_s

    def make_room(self) -> None:
        """Evict what the quota has no room for, when no pass runs.  Any thread."""
        self._room_due.set()

    def between(self, job: Callable[[], None]) -> None:
        """Have something done with the cache when no pass runs; it must not raise.  Any thread."""
        self._jobs.put(job)

    def close(self) -> None:
        """Let go of the connections."""
        if self._line is not None:
            self._line[1].close()
            self._line = None

    def run(self, stop: StopSignal) -> tuple[float, SyncOutcome | None]:
        """Make a round; return the seconds until the next, and how its pass ended, if it had one.

        Never raises for the network, the server or the disk.
        """
        waits = [self._steps.step()] if self._pairing.is_needed else []
        self._steps.note()
        credential, outcome = self._pairing.kept.credential, None
        if credential is not None and self._is_sound(credential):
            outcome = self._pass(credential, stop)
            waits.append(self._after(outcome))
        if self._room_due.is_set():
            self._room_due.clear()
            self._evict()
        while not self._jobs.empty():
            self._jobs.get()()
        self._steps.note()  # a token that was refused shows only now
        return min(waits, default=0.0), outcome

    def _evict(self) -> None:
        try:
            self._cache.make_room({})
        except StorageError as error:
            self._tell.faults("eviction", [Fault.of(error)], self._clock.now())
        else:
            self._tell.faults("eviction", [], self._clock.now())

    # --- a pass --------------------------------------------------------------------------------

    def _pass(self, credential: Credential, stop: StopSignal) -> SyncOutcome:
        if self._line is None or self._line[0] != credential:
            self.close()
            self._line, self._known = (credential, self._connect(credential.token)), None
        settings, self._went_by = self._settings, self._known_now()
        options = PassOptions(
            uptime=self._uptime(),
            challenge=self._new_challenge(),
            known=self._went_by,
            may_download=settings.may_download,
            parallel=settings.parallel,
            bandwidth=settings.bandwidth,
            stop=stop,
        )
        fetcher = self._line[1]
        return run_pass(self._cache, fetcher, trust_of(credential), self._clock.wall(), options)

    def _is_sound(self, credential: Credential) -> bool:
        """Does what was kept of the pairing still make sense?  If not, the box is paired anew."""
        try:
            trust_of(credential)
        except ManifestError as error:
            log.error("what was kept of the pairing is damaged (%s): pair this box again", error)
            self._keep(self._pairing.begin_anew)
            return False
        return True

    def _uptime(self) -> timedelta:
        """What has passed at the least since the time floor was raised (docs/trust.md, 5).

        The monotonic clock counts from the start of the machine.
        """
        now_s = self._clock.monotonic()
        return timedelta(seconds=now_s - (self._floor_rose_s or 0.0))

    def _known_now(self) -> Known | None:
        """What the next pass may go by: not for ever, and not without a look at the clock."""
        now_s, known = self._clock.monotonic(), self._known
        if self._anew.is_set():
            self._anew.clear()
            return None
        thorough_s = DEFERRED_S if known and known.is_deferred else THOROUGH_S
        if known is None or now_s - self._looked_s > thorough_s:
            return None
        return replace(known, vouched=now_s - self._answered_s < VOUCHED_S)

    def _after(self, outcome: SyncOutcome) -> float:
        """Draw the conclusions; return the seconds until the next round."""
        now, now_s = self._clock.now(), self._clock.monotonic()
        self._learn(outcome, now_s)
        self._tell_link(outcome, now)
        self._note(outcome, now)
        if outcome.ending is Ending.CANCELLED:
            return 0.0
        self._tell.faults("sync", list(outcome.faults), now)
        if outcome.ending is Ending.ACTIVATED:
            self._tell.activated(now)
        if outcome.is_good:
            self._failures = 0
            return self._poll_s * (0.9 + 0.2 * self._chance())
        self._failures += 1
        if _catches_up(outcome) and self._failures <= CATCH_UP_CONTACTS:
            return CATCH_UP_S
        return retry_delay_s(self._failures, self._chance(), outcome.retry_after_s)

    def _learn(self, outcome: SyncOutcome, now_s: float) -> None:
        if outcome.answered is not None:
            self._answered_s = now_s
        if outcome.known is not None:
            if outcome.known is not self._went_by:
                self._looked_s = now_s
            self._known = outcome.known
            floor = outcome.known.state.time_floor
            if floor != self._floor:
                self._floor, self._floor_rose_s = floor, now_s
                self._clock.learn(floor)
        elif outcome.ending is not Ending.UNREACHED:
            self._known = None

    def _tell_link(self, outcome: SyncOutcome, now: datetime) -> None:
        first = outcome.faults[0] if outcome.faults else None
        if first is not None and first.code == TokenRefused.code:
            self._link.worked(now)
            self._board.note(link="up", link_reason="")
            self._keep(self._pairing.token_refused)
        elif first is not None and outcome.ending is Ending.UNREACHED:
            self._link.failed(now, first.code, first.sentence)
            self._board.note(link="down", link_reason=first.sentence)
        elif outcome.ending is not Ending.CANCELLED:
            self._link.worked(now)
            self._board.note(link="up", link_reason="")
            self._keep(self._pairing.token_accepted)

    def _keep(self, change: Callable[[], None]) -> None:
        try:
            change()
        except StorageError as error:
            log.warning("the state of the pairing cannot be kept: %s", error)

    def _note(self, outcome: SyncOutcome, now: datetime) -> None:
        down = self._link.down_since
        self._board.note(
            last_pass=str(outcome),
            last_pass_at=written(now),
            link_since=written(down) if down else "",
            blobs_left=outcome.blobs_left,
            bytes_left=outcome.bytes_left,
        )
        if outcome.known is not None:
            self._board.note(
                version=outcome.version, trust_flags=tuple(sorted(map(str, outcome.flags)))
            )
        if outcome.answered is not None:
            offset = outcome.answered.offset / timedelta(milliseconds=1)
            self._board.note(offset_ms=round(offset))
        if outcome.known is not None:
            is_suspect = Flag.CLOCK_SUSPECT in outcome.flags
            offset_ms = self._board.now.offset_ms
            self._tell.faults("clock", clock_faults(offset_ms, is_suspect=is_suspect), now)


def _catches_up(outcome: SyncOutcome) -> bool:
    """Was it only that our time is too far behind, and is it nearer now?"""
    codes = [fault.code for fault in outcome.faults]
    return outcome.answered is not None and codes == ["FAST_FORWARD"]
