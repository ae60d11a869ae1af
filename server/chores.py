"""The nightly work: old logins, sessions and reports go, a backup comes, the audit's end is told.

Some chores come every few minutes instead.  One thread; it looks once a minute what is due and does
one chore after the other.  Chores may run
in several processes at once without harm; those that would cost twice take a lock of their own.  A
chore that fails says so and comes again the next night, the others go on.
"""

import logging
import threading
from collections.abc import Callable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import connection
from msgspec import Struct

from server.clock import Clock
from server.configuration import Configuration

__all__ = ["Chore", "Chores", "last_due"]

log = logging.getLogger("server.chores")

#: How often we look whether something is due, in seconds.
LOOK_S = 60.0

#: When chores are done whose time nobody may choose, on the organisation's clock.
NIGHT = time(4, 0)


#: As often as anything is done.
MINUTE = timedelta(minutes=1)


class Chore(Struct, frozen=True):
    """Something to do every night at a time of the organisation's clock, or `every` so often."""

    name: str
    at: time
    do: Callable[[Configuration, datetime], None]
    every: timedelta | None = None

    def is_due(self, done: datetime, zone: ZoneInfo, now: datetime) -> bool:
        """Has its time come since it was last done?"""
        if self.every is not None:
            return done <= now - self.every
        return done < last_due(self.at, zone, now)


class Chores:
    """The thread that does the nightly work, from `start` to `stop`."""

    def __init__(self, configuration: Configuration, clock: Clock) -> None:
        self._configuration = configuration
        self._clock = clock
        self._zone = ZoneInfo(configuration.organisation.timezone or "UTC")
        self._stop = threading.Event()
        self._done: dict[str, datetime] = {}
        self._chores = _chores(configuration)
        self._thread = threading.Thread(target=self._go_on, name="chores", daemon=True)

    def start(self) -> None:
        """Begin; what was due before counts as done."""
        now = self._clock.now()
        self._done = {chore.name: now for chore in self._chores}
        self._thread.start()

    def stop(self, patience_s: float) -> bool:
        """End after the chore at hand, or after `patience_s`; returns whether it is done."""
        self._stop.set()
        self._thread.join(patience_s)
        return not self._thread.is_alive()

    def _go_on(self) -> None:
        while not self._stop.wait(LOOK_S):
            self.do_what_is_due(self._clock.now())

    def do_what_is_due(self, now: datetime) -> list[str]:
        """Do every chore whose time has come since it was last done; returns their names."""
        due = [one for one in self._chores if one.is_due(self._done[one.name], self._zone, now)]
        for chore in due:
            if not self._stop.is_set():
                self._done[chore.name] = now
                self._do(chore, now)
        return [chore.name for chore in due]

    def _do(self, chore: Chore, now: datetime) -> None:
        try:
            chore.do(self._configuration, now)
        except Exception:
            log.exception("the chore %s failed; it comes again", chore.name)
        finally:
            connection.close()


def last_due(at: time, zone: ZoneInfo, now: datetime) -> datetime:
    """Return the latest instant up to `now` at which the clock of `zone` showed `at`."""
    local = now.astimezone(zone)
    today = datetime.combine(local.date(), at, zone)
    return today if today <= local else datetime.combine(local.date() - timedelta(1), at, zone)


def _chores(configuration: Configuration) -> list[Chore]:
    from server.alerts import chores as alerts
    from server.api.once import answers_forget
    from server.cap import chores as cap
    from server.datasets import chores as datasets
    from server.desk.services import forget as desk_forget
    from server.emergency import chores as emergency
    from server.library import chores as library
    from server.publishing import chores as publishing
    from server.remote import chores as remote
    from server.reports import chores as reports
    from server.screens import chores as screens
    from server.telemetry import chores as telemetry
    from server.watch import chores as watch
    from server.webpages import chores as webpages

    own = [Chore("logins", NIGHT, _logins), Chore("audit", NIGHT, _audit)]
    if configuration.backup.at is not None:
        own.append(Chore("backup", configuration.backup.at, _backup))
    return [
        *own,
        Chore("alerts", NIGHT, alerts.nightly),
        Chore("watch", NIGHT, watch.minutely, MINUTE),
        Chore("watched days", NIGHT, watch.nightly),
        Chore("late commands", NIGHT, remote.minutely, MINUTE),
        Chore("commands", NIGHT, remote.nightly),
        Chore("screens", NIGHT, screens.nightly),
        Chore("answers to scripts", NIGHT, answers_forget),
        Chore("library", NIGHT, library.nightly),
        Chore("telemetry", NIGHT, telemetry.nightly),
        Chore("data sets", NIGHT, datasets.minutely, MINUTE),
        Chore("pictures of data", NIGHT, datasets.hourly, 60 * MINUTE),
        Chore("web pages", NIGHT, webpages.minutely, MINUTE),
        Chore("data on the walls", NIGHT, _data_on_walls, MINUTE),
        Chore("publishing", NIGHT, publishing.nightly),
        Chore("what is on air", NIGHT, publishing.minutely, MINUTE),
        Chore("pictures", NIGHT, publishing.pictures, 5 * MINUTE),
        Chore("desk", NIGHT, lambda _configuration, now: desk_forget(now)),
        Chore("alerts of authorities", NIGHT, cap.minutely, MINUTE),
        Chore("emergency", NIGHT, emergency.keep_what_screens_say, MINUTE),
        Chore("reviews", NIGHT, _reviews, 5 * MINUTE),
        Chore("reports", NIGHT, reports.nightly),
        Chore("counting", NIGHT, reports.often, reports.EVERY),
    ]


def _data_on_walls(_configuration: Configuration, now: datetime) -> None:
    from server.publishing.fed_release import publish_owed

    publish_owed(now)


def _reviews(configuration: Configuration, now: datetime) -> None:
    from server.review.chores import escalate

    escalate(configuration, now)


def _logins(_configuration: Configuration, now: datetime) -> None:
    from server.accounts.limits import forget_old_failures
    from server.accounts.models import LoginSession

    forget_old_failures(now)
    LoginSession.objects.filter(expire_date__lt=now).delete()


def _backup(configuration: Configuration, now: datetime) -> None:
    from server.backups.nightly import nightly_backup

    nightly_backup(configuration, now)


def _audit(_configuration: Configuration, _now: datetime) -> None:
    """Tell the end of the chain, so that a row cut off there shows too."""
    from server.audit.selectors import verify_chain

    chain = verify_chain()
    log.info("the audit has %d rows and ends with %s", chain.rows, chain.head_sha256)
    for fault in chain.breaks:
        log.critical("AUDIT_BROKEN %s", fault)
