"""What undoes each kind of act, from the facts that were kept; each returns the page to go to."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from django.http import HttpRequest
from django.urls import reverse

from server.accounts.models import Department, Staff
from server.accounts.policy import Act
from server.accounts.services import grant_add
from server.desk.ways import RowKind, rows_put_back
from server.emergency.takedowns import put_back
from server.errors import Conflict
from server.library import services as library
from server.library.models import Asset, AssetState
from server.library.tagging import tagged
from server.plans.models import FloorPlan
from server.plans.services import pin_set
from server.programme.taking_out import assets_put_in
from server.screens.bulk import grouping, tagging
from server.screens.models import Screen, ScreenGroup
from server.screens.retirement import screen_restore
from server.staff.requests import address_of, now, staff_of

__all__ = ["KINDS"]

Facts = dict[str, Any]

T = TypeVar("T")

#: Rows that are deleted and come back as they were, by the name of the kind.
ROWS = {
    "playlist": RowKind(Act.ARRANGE, "playlist.restore", "staff:playlist"),
    "layout": RowKind(Act.ARRANGE, "layout.restore", "staff:layout"),
    "group": RowKind(Act.MANAGE_SCREENS, "group.restore", "staff:group"),
    "plan": RowKind(Act.MANAGE_SCREENS, "plan.restore", "staff:plan"),
    "webhook": RowKind(Act.MANAGE_SCREENS, "webhook.restore", "staff:webhook"),
    "department": RowKind(Act.MANAGE_STAFF, "department.restore", "staff:department", "parent_id"),
    "review-rule": RowKind(Act.MANAGE_STAFF, "review-rule.restore", ""),
}


def _who(request: HttpRequest) -> dict[str, Any]:
    return {"actor": staff_of(request), "now": now(), "address": address_of(request)}


def _rows(kind: RowKind) -> Callable[[HttpRequest, Facts], str]:
    def undo(request: HttpRequest, facts: Facts) -> str:
        made = rows_put_back(facts=facts, kind=kind, **_who(request))
        return reverse(kind.page, args=[made.pk]) if kind.page else reverse("staff:review_rules")

    return undo


def _retired(request: HttpRequest, facts: Facts) -> str:
    screen = Screen.objects.get(pk=facts["screen"])
    screen_restore(
        screen=screen, retired_at=datetime.fromisoformat(facts["at"]), groups=facts["groups"],
        **_who(request),
    )  # fmt: skip
    return reverse("staff:screen", args=[screen.pk])


def _grouped(request: HttpRequest, facts: Facts) -> str:
    """Screens join a group again that they left, and leave it that had joined."""
    group = _still(ScreenGroup.objects.filter(pk=facts["group"]).first())
    for joins, pks in ((True, facts["left"]), (False, facts["joined"])):
        if screens := list(Screen.objects.filter(pk__in=pks, retired_at=None)):
            grouping(screens=screens, group=group, joins=joins, **_who(request))
    return reverse("staff:group", args=[group.pk])


def _untagged(request: HttpRequest, facts: Facts) -> str:
    for key, names in facts["tags"].items():
        if screens := list(Screen.objects.filter(pk=int(key), retired_at=None)):
            tagging(screens=screens, add=names, **_who(request))
    return reverse("staff:screens")


def _unpinned(request: HttpRequest, facts: Facts) -> str:
    plan = _still(FloorPlan.objects.filter(pk=facts["plan"]).first())
    screen = Screen.objects.get(pk=facts["screen"])
    pin_set(screen=screen, plan=plan, x=facts["x"], y=facts["y"], **_who(request))
    return reverse("staff:plan", args=[plan.pk])


def _removed(request: HttpRequest, facts: Facts) -> str:
    """Assets out of the bin, onto the walls if they came off them, and into their playlists."""
    who: dict[str, Any] = {"actor": staff_of(request), "now": now()}
    for asset in Asset.with_bin.filter(pk__in=facts["assets"]):
        back = library.asset_undelete(asset=asset, **who)
        if facts["taken_down"] and back.state == AssetState.WITHDRAWN:
            put_back(asset=back, **who)
    orders = {int(pk): order for pk, order in facts["orders"].items()}
    assets_put_in(items=facts["items"], orders=orders, **who)
    return reverse("staff:library")


def _tagged(request: HttpRequest, facts: Facts) -> str:
    for key, before in facts["tags"].items():
        for asset in Asset.objects.filter(pk=int(key)):
            gone = [each for each in tagged(asset) if each not in before]
            library.tags_change(
                assets=[asset], add=before, remove=gone, actor=staff_of(request), now=now()
            )
    return reverse("staff:tags")


def _granted(request: HttpRequest, facts: Facts) -> str:
    owner = facts["department"]
    grant_add(
        staff=Staff.objects.get(pk=facts["staff"]), role=facts["role"],
        department=None if owner is None else Department.objects.get(pk=owner),
        actor=staff_of(request), now=now(),
    )  # fmt: skip
    return reverse("staff:person", args=[facts["staff"]])


def _still(row: T | None) -> T:
    if row is None:
        raise Conflict("What it belonged to is gone meanwhile: this cannot be undone any more.")
    return row


KINDS: dict[str, Callable[[HttpRequest, Facts], str]] = {
    **{name: _rows(kind) for name, kind in ROWS.items()},
    "retire": _retired, "members": _grouped, "screen-tags": _untagged, "pin": _unpinned,
    "remove": _removed, "tags": _tagged, "grant": _granted,
}  # fmt: skip
