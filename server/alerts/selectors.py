"""Reads of the outbox: the notices of a reader, what they chose, how webhooks fare."""

from datetime import datetime

from django.db.models import QuerySet
from msgspec import Struct

from server.accounts.models import Staff
from server.alerts.kinds import KINDS, Kind
from server.alerts.models import Choice, Delivery, Message
from server.sentences import Bilingual, Sentence, local

__all__ = ["Notice", "choices_of", "notices_of", "said_of", "unread_count"]

#: Notices that a list shows.
NOTICES_LISTED = 100


class Notice(Struct, frozen=True):
    """A message as its reader is told, in the language of the thread."""

    pk: int
    kind: str
    sentence: str
    link: str
    at: datetime
    is_new: bool


def said_of(message: Message) -> Sentence:
    """The sentence of a message, to be said in any language."""
    values = {
        name: Bilingual(zh=value["zh"], en=value["en"]) if isinstance(value, dict) else value
        for name, value in message.values.items()
    }
    return Sentence(message.template, values or None)


def notices_of(staff: Staff, limit: int = NOTICES_LISTED) -> list[Notice]:
    """Somebody's notices, the newest first."""
    rows = _notices(staff).select_related("message").order_by("-pk")[:limit]
    return [
        Notice(
            row.pk,
            row.message.kind,
            local(said_of(row.message)),
            row.message.link,
            row.message.told_at,
            row.read_at is None,
        )
        for row in rows
    ]


def unread_count(staff: Staff) -> int:
    """How many notices somebody has not seen; for the bell."""
    return _notices(staff).filter(read_at=None).count()


def _notices(staff: Staff) -> QuerySet[Delivery]:
    return Delivery.objects.filter(staff=staff, channel=Delivery.Channel.PAGE)


def choices_of(staff: Staff) -> dict[Kind, tuple[bool, bool]]:
    """What somebody hears of each kind: on pages, by mail."""
    rows = Choice.objects.filter(staff=staff)
    chosen = {row.kind: (row.on_page, row.by_mail) for row in rows}
    return {kind: chosen.get(kind.value, (True, facts.mails)) for kind, facts in KINDS.items()}
