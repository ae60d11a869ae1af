"""Where an emergency can go: groups with how many of their screens are heard of, and what runs."""

from collections.abc import Collection
from datetime import datetime

from django.http import HttpRequest
from msgspec import Struct

from server.accounts.models import Staff
from server.accounts.policy import Act, may
from server.emergency.services import running, screens_of
from server.programme.drafts import Where
from server.programme.models import Takeover
from server.screens.models import Screen, ScreenGroup
from server.screens.states import ScreenState, state_of
from server.staff.requests import staff_of
from server.staff.rows import visible
from server.telemetry.models import Heartbeat

__all__ = ["Place", "Running", "groups_for", "mine", "running_for", "whole"]


class Place(Struct, frozen=True):
    """A group (`pk` 0: all screens): how many screens, how many are heard of at this moment."""

    pk: int
    name: str
    screens: int
    online: int


class Running(Struct, frozen=True):
    """A takeover that runs, on how many screens, and whether the reader may end it."""

    takeover: Takeover
    screens: int
    can_end: bool = False


def mine(request: HttpRequest) -> list[Screen]:
    """The screens that somebody may take over."""
    return list(visible(request, Screen, Act.TAKE_OVER).filter(retired_at=None).order_by("name"))


def groups_for(request: HttpRequest, now: datetime) -> list[Place]:
    """The groups that somebody may take over, those with screens in them."""
    heard = _heard(now)
    found = []
    for group in visible(request, ScreenGroup, Act.TAKE_OVER).prefetch_related("screens"):
        members = {each.pk for each in group.screens.all() if each.retired_at is None}
        if members:
            found.append(Place(group.pk, group.name, len(members), len(members & heard)))
    return found


def whole(screens: Collection[Screen], now: datetime) -> Place:
    """All of them as one place."""
    pks = {each.pk for each in screens}
    return Place(0, "", len(pks), len(pks & _heard(now)))


def _heard(now: datetime) -> set[int]:
    rows = Heartbeat.objects.values_list("screen_id", "received_at")
    return {pk for pk, at in rows if state_of(at, now) is ScreenState.ONLINE}


def running_for(request: HttpRequest, now: datetime) -> list[Running]:
    """What runs on screens that somebody may see."""
    seen = set(visible(request, Takeover).values_list("pk", flat=True))
    return [_running(each, staff_of(request)) for each in running(now) if each.pk in seen]


def _running(takeover: Takeover, reader: Staff) -> Running:
    where = Where(
        screens=takeover.screens.values_list("pk", flat=True),
        groups=takeover.groups.values_list("pk", flat=True),
    )
    can_end = may(reader, Act.TAKE_OVER, takeover.department_id)
    return Running(takeover, len(screens_of(where)), can_end)
