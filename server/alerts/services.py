"""Tells: a message is written in the transaction of its cause, and delivered later.

`tell` is the one door.  Whoever reads it, in which language and by which way is settled when it is
spread (`spreading`); nothing here sends anything, so a cause never waits for a mail server.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from server.accounts.models import Department, Staff
from server.alerts.kinds import KINDS, Kind
from server.alerts.models import Choice, Delivery, Message, Receiver
from server.errors import Invalid
from server.sentences import Bilingual, Sentence

__all__ = [
    "KEPT",
    "choices_set",
    "messages_forget",
    "messages_settle",
    "notices_read",
    "receiver_set",
    "tell",
]

#: How long a message, and the notices of it, can be looked at.
KEPT = timedelta(days=90)


def tell(
    *,
    kind: Kind,
    said: Sentence,
    department: Department | None,
    link: str = "",
    key: str = "",
    people: Iterable[Staff] | None = None,
    not_before: datetime | None = None,
    now: datetime,
) -> Message | None:
    """Tell that something happened, in the transaction of what did; None: it was told before.

    `said` is a template of the catalogue with its values.  `department` owns what it is about
    (None: it belongs to all).  `people` are those it is for; None: whoever has the right of its
    kind (`kinds.KINDS`) in the department.  With a `key` it is told once.  `link` is the path of a
    page of ours.  Call it before `audit.record`, which holds the end of the chain.
    """
    row = Message(
        kind=kind.value,
        template=said.template,
        values=_plain(said.values),
        department=department,
        link=link,
        key=key,
        people=sorted(each.pk for each in people) if people is not None else [],
        told_at=now,
        not_before=not_before or now,
    )
    if people is not None and not row.people:
        return None
    if key and Message.objects.filter(key=key).exists():
        return None
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:  # another process told it at this moment
        return None
    return row


def _plain(values: Mapping[str, object]) -> dict[str, Any]:
    """Values as JSON can hold them; numbers stay numbers, for `%(n)d`, both languages stay both."""
    return {name: _plain_one(value) for name, value in values.items()}


def _plain_one(value: object) -> Any:
    if isinstance(value, Bilingual):
        return {"zh": value.zh, "en": str(value)}
    return value if isinstance(value, int | float) else str(value)


@transaction.atomic
def receiver_set(
    *, staff: Staff, address: str, quiet_from: time | None, quiet_until: time | None
) -> Receiver:
    """Say where somebody's mail goes, and when none is wanted.  Raises `Invalid`."""
    if address:
        try:
            validate_email(address)
        except ValidationError:
            raise Invalid(
                "This is no mail address: write it like name@example.com.",
                details={"address": Sentence("This is no mail address.")},
            ) from None
    if (quiet_from is None) != (quiet_until is None):
        raise Invalid(
            "Quiet hours need a beginning and an end.",
            details={"quiet_until": Sentence("Say both hours, or neither.")},
        )
    found, _new = Receiver.objects.update_or_create(
        staff=staff,
        defaults={"address": address, "quiet_from": quiet_from, "quiet_until": quiet_until},
    )
    return found


@transaction.atomic
def choices_set(*, staff: Staff, chosen: Mapping[Kind, tuple[bool, bool]]) -> None:
    """Keep what somebody wants of each kind: on pages, by mail.  What is usual is not kept."""
    for kind, (on_page, by_mail) in chosen.items():
        mine = Choice.objects.filter(staff=staff, kind=kind.value)
        if (on_page, by_mail) == (True, KINDS[kind].mails):
            mine.delete()
        else:
            Choice.objects.update_or_create(
                staff=staff,
                kind=kind.value,
                defaults={"on_page": on_page, "by_mail": by_mail},
            )


def notices_read(*, staff: Staff, until: int | None, now: datetime) -> int:
    """Take somebody's notices (up to this key; None: all) for read; returns how many were new."""
    mine = Delivery.objects.filter(staff=staff, channel=Delivery.Channel.PAGE, read_at=None)
    if until is not None:
        mine = mine.filter(pk__lte=until)
    return mine.update(read_at=now)


@transaction.atomic
def messages_settle(*, kinds: Iterable[Kind], link: str, since: datetime, now: datetime) -> int:
    """What these messages asked for is done: nobody has to hear of it any more; returns how many.

    Those of these kinds that lead to `link` and were told from `since` on.  Notices of everybody
    count as read, letters that wait are not sent; webhooks are told all the same.
    """
    asked = Message.objects.filter(kind__in=[each.value for each in kinds], link=link)
    found = asked.filter(told_at__gte=since, settled_at=None)
    pks = list(found.values_list("pk", flat=True))
    Message.objects.filter(pk__in=pks).update(settled_at=now)
    theirs = Delivery.objects.filter(message__in=pks)
    theirs.filter(channel=Delivery.Channel.PAGE, read_at=None).update(read_at=now)
    letters = theirs.filter(channel=Delivery.Channel.MAIL, done_at=None, failed_at=None)
    letters.filter(held_until=None).update(failed_at=now, why="what it asked for is done")
    return len(pks)


def messages_forget(*, now: datetime) -> int:
    """Forget what is older than `KEPT`; returns how many rows went."""
    return Message.objects.filter(told_at__lt=now - KEPT).delete()[0]
