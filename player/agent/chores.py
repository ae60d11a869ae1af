"""The chores of a box on APScheduler: things to be done now and then, none of them urgent.

Chores run on threads of their own.  One that raises is logged once and done again the next time;
one that hangs is reported, and keeps neither the others nor the poll loop from going on.
APScheduler counts on the wall clock, so when that steps, all times are reckoned anew; nothing that
matters to the picture or the link is a chore.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, time, timedelta
from zoneinfo import ZoneInfo

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from content_cache.faults import Fault
from player.clock import Clock, SystemClock

__all__ = ["HANGS_S", "Chore", "Chores"]

log = logging.getLogger("agent.chores")

#: A chore that takes longer than this hangs: a week's scrub of a large, slow card takes less.
HANGS_S = 3600.0

#: The wall clock was set if it and the monotonic clock disagree by more than this.
STEP = timedelta(seconds=5)


@dataclass(frozen=True)
class Chore:
    """Something to do every `every_s` seconds (`at_once`: the first time at the start), or each day
    `at` that time in the box's zone.
    """

    name: str
    do: Callable[[], None]
    every_s: float | None = None
    at: time | None = None
    at_once: bool = False


class _Guard:
    """One chore, watched."""

    def __init__(self, chore: Chore, clock: Clock) -> None:
        self.chore, self._clock = chore, clock
        self._failing = False
        self.began_s: float | None = None

    def __call__(self) -> None:
        self.began_s = self._clock.monotonic()
        try:
            self.chore.do()
            self._failing = False
        except Exception as error:
            level = logging.DEBUG if self._failing else logging.ERROR
            log.log(level, "the chore %s failed: %s", self.chore.name, error, exc_info=True)
            self._failing = True
        finally:
            self.began_s = None

    def fault(self) -> Fault | None:
        """The fault of a chore that hangs."""
        began_s = self.began_s
        if began_s is None or self._clock.monotonic() - began_s < HANGS_S:
            return None
        sentence = f"the chore {self.chore.name} hangs: look at the disk, and at what it waits for"
        return Fault("CHORE_HANGS", "W", sentence)


class Chores:
    """A part of the service (`start`, `end`, `join`, `is_alive`).  `zone` is the box's."""

    name = "chores"

    def __init__(self, chores: Sequence[Chore], clock: Clock, zone: ZoneInfo) -> None:
        self._clock, self._zone = clock, zone
        self._guards = [_Guard(chore, clock) for chore in chores]
        # A chore that still runs is skipped, and said so with every turn: the guard says it once.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        self._pool = ThreadPoolExecutor(max(len(chores), 1))
        self._scheduler = BackgroundScheduler(
            executors={"default": self._pool},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
            timezone=UTC,
        )
        self._face = (clock.now(), clock.monotonic())

    def start(self) -> None:
        """Begin."""
        for guard in self._guards:
            # APScheduler's own clock is the machine's, so what is due now is due by that.
            first = {"next_run_time": SystemClock().now()} if guard.chore.at_once else {}
            self._scheduler.add_job(
                guard,
                self._trigger(guard.chore),
                id=guard.chore.name,
                name=guard.chore.name,
                **first,
            )
        self._scheduler.start()

    def look(self) -> list[Fault]:
        """Reckon anew if the wall clock was set; return a fault for what hangs.  Every beat."""
        now, now_s = self._clock.now(), self._clock.monotonic()
        step = now - self._face[0] - timedelta(seconds=now_s - self._face[1])
        self._face = (now, now_s)
        if abs(step) > STEP:
            log.info(
                "the wall clock stepped by %+.0f s: chores are reckoned anew", step.total_seconds()
            )
            self._reckon()
        return [fault for fault in (guard.fault() for guard in self._guards) if fault]

    def end(self) -> None:
        """Begin nothing new."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def join(self, timeout: float | None = None) -> None:
        """Wait for what runs."""
        waited = threading.Event()
        for _tick in range(round((timeout or 0.0) / 0.02)):
            if not self.is_alive():
                return
            waited.wait(0.02)

    def is_alive(self) -> bool:
        """Does a chore run still?"""
        return any(guard.began_s is not None for guard in self._guards)

    def _reckon(self) -> None:
        for guard in self._guards:
            self._scheduler.reschedule_job(guard.chore.name, trigger=self._trigger(guard.chore))

    def _trigger(self, chore: Chore) -> IntervalTrigger | CronTrigger:
        if chore.at is not None:
            return CronTrigger(hour=chore.at.hour, minute=chore.at.minute, timezone=self._zone)
        assert chore.every_s is not None, f"{chore.name}: every so often, or at a time"
        return IntervalTrigger(seconds=max(round(chore.every_s), 1), timezone=UTC)
