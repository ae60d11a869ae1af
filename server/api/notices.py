"""Notices that other systems hand in: cards of the template `notice`, in the library.

Handing in puts nothing on a wall: an editor adds the card to a playlist, and the usual review
follows.
"""

from datetime import date as day
from datetime import datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from msgspec import Meta, Struct

from cards.notice import MAX_BODY, MAX_ISSUER, MAX_TITLE
from server.accounts.policy import Act
from server.api.interface import Call, Operation
from server.api.once import PARAMETER
from server.api.reading import Instant, Key, department
from server.library import services
from server.library.details import asset_change

__all__ = ["OPERATIONS"]

#: Tags of one notice.
TAGS_LIMIT = 10


class NewNotice(Struct, forbid_unknown_fields=True):
    """Who says what, since when (`date` None: today), shown until `valid_until` at most.

    `body` is plain text with paragraphs, `- ` and `1. ` (docs/cards.md).  `tags` let editors find
    it; `department` None is that of the account.
    """

    title: Annotated[str, Meta(min_length=1, max_length=MAX_TITLE)]
    body: Annotated[str, Meta(min_length=1, max_length=MAX_BODY)]
    issuer: Annotated[str, Meta(min_length=1, max_length=MAX_ISSUER)]
    date: day | None = None
    level: Literal["notice", "announcement", "urgent"] = "notice"
    family: Literal["service", "party"] = "service"
    language: Literal["zh", "en"] = "zh"
    valid_until: Instant | None = None
    tags: Annotated[list[Annotated[str, Meta(min_length=1, max_length=40)]],
                    Meta(max_length=TAGS_LIMIT)] = []  # fmt: skip
    department: Key | None = None


class NoticeValue(Struct):
    """The card: its `asset`, where editors find it, and until when it may be shown."""

    asset: int
    title: str
    state: str
    page: str
    valid_until: datetime | None


@transaction.atomic
def notice_create(call: Call) -> NoticeValue:
    """Make the card of a notice."""
    body = call.body
    made = services.card_create(
        title=body.title,
        template="notice",
        data=_data(body, call.now),
        department=department(call, body.department, Act.UPLOAD),
        actor=call.actor,
        now=call.now,
    )
    if body.tags or body.valid_until:
        made = asset_change(
            asset=made, version=made.version, tags=body.tags, valid_until=body.valid_until,
            actor=call.actor, now=call.now,
        )  # fmt: skip
    return NoticeValue(
        made.pk, made.title, made.state, reverse("staff:asset", args=[made.pk]), body.valid_until
    )


def _data(body: NewNotice, now: datetime) -> dict[str, Any]:
    today = now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    return {
        "title": body.title,
        "body": body.body,
        "issuer": body.issuer,
        "date": str(body.date or today),
        "level": body.level,
        "family": body.family,
        "language": body.language,
    }


OPERATIONS = (
    Operation("POST", "notices/", "notice_create", notice_create,
              "Hand a notice in: a card that waits in the library", NewNotice, NoticeValue, 201,
              act=Act.UPLOAD, parameters=(PARAMETER,), is_once=True),
)  # fmt: skip
