"""Takeovers, for scripts: an urgent layout above everything else, started and ended at once."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from server.accounts.policy import Act
from server.api.entries import Priority
from server.api.interface import Call, Operation
from server.api.layouts import LAYOUTS
from server.api.reading import Instant, Key, Keys, Name, Reason, department
from server.api.resource import Resource
from server.programme.drafts import Where
from server.programme.models import Takeover
from server.publishing.services import end_takeover, start_takeover

__all__ = ["OPERATIONS"]


class NewTakeover(Struct, forbid_unknown_fields=True):
    """What takes over where, until when (`starts_at` None: now), and why."""

    name: Name
    layout: Key
    ends_at: Instant
    reason: Annotated[str, Meta(max_length=500)]
    department: Key | None = None
    starts_at: Instant | None = None
    screens: Keys = []
    groups: Keys = []
    priority: Priority = 0


class TakeoverValue(Struct):
    """A takeover; `release` is what its start or end published (None: no screen was told)."""

    id: int
    name: str
    department: int
    layout: int | None
    asset: int | None
    is_drill: bool
    starts_at: datetime
    ends_at: datetime
    priority: int
    screens: list[int]
    groups: list[int]
    release: int | None = None


class TakeoverList(Struct):
    """Some takeovers; `next` is the `before` of the next page, or None."""

    takeovers: list[TakeoverValue]
    next: int | None


def _value(takeover: Takeover, release: int | None = None) -> TakeoverValue:
    return TakeoverValue(
        id=takeover.pk,
        name=takeover.name,
        department=takeover.department_id,
        layout=takeover.layout_id,
        asset=takeover.asset_id,
        is_drill=takeover.is_drill,
        starts_at=takeover.starts_at,
        ends_at=takeover.ends_at,
        priority=takeover.priority,
        screens=sorted(takeover.screens.values_list("pk", flat=True)),
        groups=sorted(takeover.groups.values_list("pk", flat=True)),
        release=release,
    )


TAKEOVERS = Resource(
    Takeover, "takeover", Act.TAKE_OVER, value=_value, answer=TakeoverValue, listing=TakeoverList
)


def takeover_start(call: Call) -> TakeoverValue:
    """Make a takeover and publish it at once."""
    body = call.body
    owner = department(call, body.department, Act.TAKE_OVER)
    takeover, release = start_takeover(
        name=body.name,
        department=owner,
        shows=LAYOUTS.row(call, body.layout),
        where=Where(screens=body.screens, groups=body.groups),
        starts_at=body.starts_at or call.now,
        ends_at=body.ends_at,
        priority=body.priority,
        actor=call.actor,
        reason=body.reason,
        now=call.now,
    )
    return _value(takeover, release.pk if release else None)


def takeover_end(call: Call, takeover: int) -> TakeoverValue:
    """End a takeover before its time, on all its screens at once."""
    row = TAKEOVERS.row(call, takeover)
    release = end_takeover(takeover=row, actor=call.actor, reason=call.body.reason, now=call.now)
    row.refresh_from_db()
    return _value(row, release.pk if release else None)


OPERATIONS = (
    TAKEOVERS.list("List takeovers"),
    Operation("POST", "takeovers/", "takeover_start", takeover_start,
              "Start a takeover: published at once", NewTakeover, TakeoverValue, 201,
              act=Act.TAKE_OVER),
    Operation("POST", "takeovers/<int:takeover>/end/", "takeover_end", takeover_end,
              "End a takeover before its time", Reason, TakeoverValue, act=Act.TAKE_OVER),
)  # fmt: skip
