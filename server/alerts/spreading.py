"""From a message to its deliveries: who hears of it, by which way, and from when on.

For the courier.  Mail waits a little, so that what comes together goes in one mail.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from server.accounts.models import Staff
from server.accounts.policy import holders
from server.alerts.kinds import KINDS, Kind, KindFacts
from server.alerts.models import Choice, Delivery, Endpoint, Message, Receiver
from server.alerts.quiet import after_quiet

__all__ = ["GATHER", "spread"]

#: Mail waits for so long for what else happens.
GATHER = timedelta(seconds=30)

#: Messages that are spread in one round.
AT_A_TIME = 200


def spread(now: datetime) -> int:
    """Make the deliveries of all messages whose time has come; returns how many messages."""
    due = Message.objects.filter(spread_at=None, not_before__lte=now).order_by("pk")
    found = list(due.select_related("department")[:AT_A_TIME])
    for message in found:
        with transaction.atomic():
            if Message.objects.filter(pk=message.pk, spread_at=None).update(spread_at=now):
                Delivery.objects.bulk_create(_deliveries(message, now), batch_size=100)
    return len(found)


def _deliveries(message: Message, now: datetime) -> Iterator[Delivery]:
    if message.kind in KINDS and message.settled_at is None:
        kind = Kind(message.kind)
        readers = list(_readers(message, KINDS[kind]))
        yield from _to_people(message, kind, readers, now)
    yield from _to_endpoints(message, now)


def _readers(message: Message, facts: KindFacts) -> Iterable[Staff]:
    if message.people:
        return Staff.objects.filter(pk__in=message.people, is_active=True)
    return holders(facts.act, message.department)


def _to_people(
    message: Message, kind: Kind, readers: list[Staff], now: datetime
) -> Iterator[Delivery]:
    pks = [each.pk for each in readers]
    rows = Choice.objects.filter(staff__in=pks, kind=kind.value)
    chosen = {row.staff_id: (row.on_page, row.by_mail) for row in rows}
    receivers = Receiver.objects.in_bulk(pks)
    for reader in readers:
        on_page, by_mail = chosen.get(reader.pk, (True, KINDS[kind].mails))
        receiver = receivers.get(reader.pk)
        if on_page:
            yield Delivery(
                message=message,
                channel=Delivery.Channel.PAGE,
                staff=reader,
                due_at=now,
                done_at=now,
            )
        if by_mail and receiver is not None and receiver.address and _has_mail():
            yield Delivery(
                message=message,
                channel=Delivery.Channel.MAIL,
                staff=reader,
                due_at=_due(receiver, kind, now),
            )


def _has_mail() -> bool:
    return bool(settings.CONFIGURATION.mail.host)


def _due(receiver: Receiver, kind: Kind, now: datetime) -> datetime:
    due = now + GATHER
    if KINDS[kind].wakes:
        return due
    zone = ZoneInfo(settings.TIME_ZONE)
    return after_quiet(due, receiver.quiet_from, receiver.quiet_until, zone)


def _to_endpoints(message: Message, now: datetime) -> Iterator[Delivery]:
    above: set[int | None] = {None}
    at = message.department
    while at is not None and at.pk not in above:
        above.add(at.pk)
        at = at.parent
    for endpoint in Endpoint.objects.filter(disabled_at=None):
        if message.kind in endpoint.kinds and endpoint.department_id in above:
            yield Delivery(
                message=message,
                channel=Delivery.Channel.WEBHOOK,
                endpoint=endpoint,
                due_at=now,
            )
