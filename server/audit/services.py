"""Writes the audit: one row an act, in the act's own transaction, sealed to the row before.

`record` is the only door.  Rows follow each other one by one: whoever writes one holds the end of
the chain until its transaction is over (SQLite: the one write lock; PostgreSQL: an advisory lock),
so call it last in a service.  Nothing here ever changes or deletes a row.
"""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from django.db import connection, models

from server.audit.chain import GENESIS, Act, sealed
from server.audit.models import AuditRow

__all__ = ["Actor", "record"]

log = logging.getLogger("server.audit")

#: The key of PostgreSQL's advisory lock on the end of the chain ("yingbi" in hexadecimal).
CHAIN_LOCK = 0x79696E676269


class Actor(Protocol):
    """Who may stand in the audit: a member of staff."""

    username: str
    full_name: str


def record(
    *,
    actor: Actor | None,
    action: str,
    subject: models.Model | None = None,
    detail: Mapping[str, Any] | None = None,
    now: datetime,
    address: str = "",
) -> AuditRow:
    """Write who did what to what; `actor` None is the server itself.  In a transaction only.

    `action` is dotted, such as "asset.withdraw"; `detail` holds what JSON can hold, and no secret.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an audit row is written in the transaction of its act, or not at all")
    _hold_the_end_of_the_chain()
    last = AuditRow.objects.order_by("-number").values("number", "sha256").first()
    act = Act(
        number=last["number"] + 1 if last else 1,
        at=now,
        actor=_cut("actor", actor.username if actor else "yingbi-server"),
        actor_name=_cut("actor_name", actor.full_name if actor else ""),
        address=_cut("address", address),
        action=_cut("action", action),
        subject_kind=_cut("subject_kind", subject._meta.label_lower if subject else ""),
        subject_id=_cut("subject_id", str(subject.pk) if subject else ""),
        subject_name=_cut("subject_name", str(subject) if subject else ""),
        detail=detail or {},
    )
    row = AuditRow(**sealed(act, last["sha256"] if last else GENESIS))
    row.save(force_insert=True)
    return row


def _hold_the_end_of_the_chain() -> None:
    if connection.vendor != "postgresql":
        return  # SQLite: the transaction began IMMEDIATE, so this is the one writer
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])


def _cut(field: str, text: str) -> str:
    """Return the text as long as its column is, without what PostgreSQL cannot keep."""
    longest: int | None = getattr(AuditRow._meta.get_field(field), "max_length", None)
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")[:longest]
