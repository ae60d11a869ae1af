"""The courier: spreads messages and delivers them, until each has arrived or is given up.

One thread of the worker, some seconds between two rounds.  Several processes may do it at once: a
delivery is held before it is sent.  What fails is tried again, ever more seldom, up to a bound;
while the database or the mail server is away that is said once.
"""

import logging
import smtplib
import threading
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import DatabaseError, close_old_connections, connection
from django.db.models import Q, QuerySet

from server.accounts.models import Staff
from server.alerts.addresses import Resolve, system_resolve
from server.alerts.endpoints import endpoint_failed, endpoint_worked
from server.alerts.errors import DeliveryFailed
from server.alerts.mail import letter
from server.alerts.models import Delivery, Receiver
from server.alerts.spreading import spread
from server.alerts.webhooks import body_of, post
from server.clock import Clock

__all__ = ["ATTEMPTS", "MAILS_AN_HOUR", "Courier", "deliver", "retry_after"]

log = logging.getLogger("server.alerts")

#: Between two rounds, in seconds.
LOOK_S = 5.0

#: A delivery is tried so often before it is given up: after three days, so that a mail server that
#: is away over a weekend loses nothing.
ATTEMPTS = 40

#: Letters to one person within an hour; what else comes waits, and goes in the next one.
MAILS_AN_HOUR = 12

#: A process that holds a delivery and dies has held it for so long.
HELD = timedelta(minutes=5)

#: Deliveries of one round.
AT_A_TIME = 100

_FIRST, _LONGEST = timedelta(seconds=30), timedelta(hours=2)


def retry_after(attempts: int) -> timedelta:
    """How long to wait after so many tries that failed (1 and up)."""
    return min(_FIRST * float(3 ** min(attempts - 1, 10)), _LONGEST)


def deliver(now: datetime, resolve: Resolve = system_resolve) -> int:
    """One round: spread what is new, send what is due; returns how many letters and posts went."""
    spread(now)
    return _mails(now) + _posts(now, resolve)


def _due(channel: str, now: datetime) -> QuerySet[Delivery]:
    free = Q(held_until=None) | Q(held_until__lt=now)
    open_ = Delivery.objects.filter(free, channel=channel, done_at=None, failed_at=None)
    return open_.filter(due_at__lte=now).select_related("message__department").order_by("pk")


def _held(rows: Iterable[Delivery], now: datetime) -> list[Delivery]:
    """Those that nobody else holds, held by us."""
    free = Q(held_until=None) | Q(held_until__lt=now)
    return [
        row
        for row in rows
        if Delivery.objects.filter(free, pk=row.pk, done_at=None).update(held_until=now + HELD)
    ]


# --- mail --------------------------------------------------------------------------------------


def _mails(now: datetime) -> int:
    by_reader: defaultdict[Staff, list[Delivery]] = defaultdict(list)
    for row in _due(Delivery.Channel.MAIL, now).select_related("message__department", "staff"):
        assert row.staff is not None, "mail has a reader"
        by_reader[row.staff].append(row)
    return sum(_mail(reader, rows, now) for reader, rows in list(by_reader.items())[:AT_A_TIME])


def _mail(reader: Staff, rows: list[Delivery], now: datetime) -> int:
    receiver = Receiver.objects.filter(staff=reader).first()
    if receiver is None or not receiver.address or not reader.is_active:
        _give_up(rows, "there is no address any more", now)
        return 0
    if _letters_lately(reader, now) >= MAILS_AN_HOUR:
        return 0
    mine = _held(rows, now)
    if not mine:
        return 0
    try:
        _send(letter(reader, receiver.address, [row.message for row in mine]))
    except (OSError, smtplib.SMTPException) as error:
        for row in mine:
            _put_off(row, f"the mail server: {error}"[:300], None, now)
        return 0
    Delivery.objects.filter(pk__in=[row.pk for row in mine]).update(
        done_at=now, held_until=None, why=""
    )
    return 1


def _send(mail: EmailMultiAlternatives) -> None:
    mail.send()


def _letters_lately(reader: Staff, now: datetime) -> int:
    lately = Delivery.objects.filter(
        staff=reader, channel=Delivery.Channel.MAIL, done_at__gt=now - timedelta(hours=1)
    )
    return lately.values("done_at").distinct().count()


# --- webhooks ----------------------------------------------------------------------------------


def _posts(now: datetime, resolve: Resolve) -> int:
    rows = _due(Delivery.Channel.WEBHOOK, now).filter(endpoint__disabled_at=None)
    return sum(
        _post(row, now, resolve)
        for row in rows.select_related("message__department", "endpoint__department")[:AT_A_TIME]
        if _held([row], now)
    )


def _post(row: Delivery, now: datetime, resolve: Resolve) -> int:
    endpoint = row.endpoint
    assert endpoint is not None, "a webhook has an endpoint"
    base = settings.PUBLIC_URLS[0].rstrip("/") if settings.PUBLIC_URLS else ""
    networks = settings.CONFIGURATION.alerts.webhook_networks
    body = body_of(row.message, base)
    try:
        status = post(
            endpoint.url, endpoint.secret, body, now=now, networks=networks, resolve=resolve
        )
    except DeliveryFailed as error:
        _put_off(row, str(error), error.status, now)
        endpoint_failed(endpoint=endpoint, why=str(error), now=now)
        return 0
    row.done_at, row.held_until, row.status, row.why = now, None, status, ""
    row.attempts += 1
    row.save(update_fields=["done_at", "held_until", "status", "why", "attempts"])
    endpoint_worked(endpoint=endpoint)
    return 1


def _put_off(row: Delivery, why: str, status: int | None, now: datetime) -> None:
    """Try it again later; after the last try give it up."""
    row.attempts += 1
    row.why, row.status, row.held_until = why[:300], status, None
    if row.attempts >= ATTEMPTS:
        row.failed_at = now
        log.error("a message was not delivered by %s and is given up: %s", row.channel, why)
    else:
        row.due_at = now + retry_after(row.attempts)
    row.save(update_fields=["attempts", "why", "status", "held_until", "failed_at", "due_at"])


def _give_up(rows: Iterable[Delivery], why: str, now: datetime) -> None:
    Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(failed_at=now, why=why)


class Courier:
    """The thread, from `start` to `stop`."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._stop = threading.Event()
        self._is_failing = False
        self._thread = threading.Thread(target=self._go_on, name="courier", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self, patience_s: float) -> bool:
        """End after the delivery at hand, or after `patience_s`; returns whether it is done."""
        self._stop.set()
        self._thread.join(patience_s)
        return not self._thread.is_alive()

    def _go_on(self) -> None:
        while not self._stop.wait(LOOK_S):
            self._round()

    def _round(self) -> None:
        try:
            close_old_connections()
            deliver(self._clock.now())
            self._is_failing = False
        except DatabaseError as error:
            if not self._is_failing:
                log.error("messages wait for the database: %s", error)
            self._is_failing = True
        except Exception:
            if not self._is_failing:
                log.exception("messages could not be delivered; they are tried again")
            self._is_failing = True
        finally:
            connection.close()
