"""Screens, for scripts: listed with how they are, made, changed, paired, locked out, retired."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from msgspec import UNSET, Meta, Struct, UnsetType

from server.accounts.models import Department
from server.accounts.policy import Act, require
from server.api.interface import BYTES, Call, Operation
from server.api.layouts import LAYOUTS, Side, Slug
from server.api.reading import (
    Key,
    Keys,
    Name,
    Version,
    department,
    found,
    found_all,
    visible,
)
from server.api.resource import Resource, sent
from server.errors import NotFound
from server.library.blobs import store
from server.programme.models import Layout
from server.programme.services import screen_fallback
from server.screens import services
from server.screens.models import Screen, ScreenGroup, Site
from server.screens.pairing import pairing_claim
from server.screens.tokens import tokens_revoke
from server.telemetry.models import LogTail, Screenshot, Wanted
from server.telemetry.services import wanted_ask

__all__ = ["OPERATIONS"]


#: Rules of review differ by it.
Level = Literal["ordinary", "prominent"]


class NewScreen(Struct, forbid_unknown_fields=True):
    """A screen to be made; `slug` never changes.  `panel_on`: windows as in the manifest."""

    slug: Slug
    name: Name
    site: Key
    department: Key | None = None
    groups: Keys = []
    place: Annotated[str, Meta(max_length=200)] = ""
    level: Level = "ordinary"
    canvas_width: Side = 1920
    canvas_height: Side = 1080
    timezone: Annotated[str, Meta(min_length=1, max_length=64)] = "Asia/Shanghai"
    default_layout: Key | None = None
    panel_on: list[dict[str, Any]] | None = None


class ScreenChange(Struct, forbid_unknown_fields=True):
    """What will be another.  `version` is the one that was read."""

    version: Version
    name: Name | UnsetType = UNSET
    department: Key | UnsetType = UNSET
    groups: Keys | UnsetType = UNSET
    place: Annotated[str, Meta(max_length=200)] | UnsetType = UNSET
    level: Level | UnsetType = UNSET
    canvas_width: Side | UnsetType = UNSET
    canvas_height: Side | UnsetType = UNSET
    timezone: Annotated[str, Meta(min_length=1, max_length=64)] | UnsetType = UNSET
    default_layout: Key | UnsetType | None = UNSET
    panel_on: list[dict[str, Any]] | UnsetType | None = UNSET


class Fallback(Struct, forbid_unknown_fields=True):
    """What a screen shows when no entry is due (None: the slate)."""

    version: Version
    layout: Key | None


class Claim(Struct, forbid_unknown_fields=True):
    """The six digits that the box shows."""

    code: Annotated[str, Meta(pattern="^[0-9]{6}$")]


class Ask(Struct, forbid_unknown_fields=True):
    """What a box is asked for."""

    kind: Literal["screenshot", "log"]


class ScreenValue(Struct):
    """A screen."""

    id: int
    slug: str
    name: str
    site: int
    department: int
    groups: list[int]
    place: str
    level: str
    canvas_width: int
    canvas_height: int
    timezone: str
    default_layout: int | None
    panel_on: Any
    retired_at: datetime | None
    version: int


class ScreenList(Struct):
    """Some screens; `next` is the `before` of the next page, or None."""

    screens: list[ScreenValue]
    next: int | None


class LogValue(Struct):
    """The end of a box's log, as it came: hostile until shown otherwise."""

    received_at: datetime
    text: str


#: Fields that are sent as they are.
_PLAIN = ("name", "place", "level", "canvas_width", "canvas_height", "timezone", "panel_on")


def _value(screen: Screen) -> ScreenValue:
    return ScreenValue(
        id=screen.pk,
        slug=screen.slug,
        site=screen.site_id,
        department=screen.department_id,
        groups=sorted(screen.groups.values_list("pk", flat=True)),
        default_layout=screen.default_layout_id,
        retired_at=screen.retired_at,
        version=screen.version,
        **{name: getattr(screen, name) for name in _PLAIN},
    )


def _layout(call: Call, pk: int | None) -> Layout | None:
    return None if pk is None else LAYOUTS.row(call, pk)


def _groups(call: Call, pks: list[int]) -> list[ScreenGroup]:
    return found_all(visible(call, ScreenGroup), pks, "group")


def _create(call: Call) -> Screen:
    body = call.body
    owner = department(call, body.department, Act.MANAGE_SCREENS)
    return services.screen_create(
        slug=body.slug,
        site=found(Site.objects.all(), body.site, "site"),
        department=owner,
        groups=_groups(call, body.groups),
        default_layout=_layout(call, body.default_layout),
        actor=call.actor,
        now=call.now,
        address=call.address,
        **sent(body, *_PLAIN),
    )


def _change(call: Call, screen: Screen) -> Screen:
    require(call.actor, Act.MANAGE_SCREENS, screen.department_id)
    changes = sent(call.body, *_PLAIN, "department", "default_layout", "groups")
    if "department" in changes:
        owners = Department.objects.all()
        changes["department"] = found(owners, changes["department"], "department")
    if "default_layout" in changes:
        changes["default_layout"] = _layout(call, changes["default_layout"])
    if "groups" in changes:
        changes["groups"] = _groups(call, changes["groups"])
    return services.screen_change(
        screen=screen,
        version=call.body.version,
        actor=call.actor,
        now=call.now,
        address=call.address,
        **changes,
    )


SCREENS = Resource(
    Screen, "screen", Act.MANAGE_SCREENS, value=_value, answer=ScreenValue, listing=ScreenList
)


def fallback_set(call: Call, screen: int) -> ScreenValue:
    """Say what a screen shows when no entry is due."""
    row = SCREENS.row(call, screen)
    require(call.actor, Act.ARRANGE, row.department_id)
    changed = screen_fallback(
        screen=row,
        version=call.body.version,
        layout=_layout(call, call.body.layout),
        actor=call.actor,
        now=call.now,
    )
    return _value(changed)


def screen_retire(call: Call, screen: int) -> None:
    """Take a screen out of use for good."""
    services.screen_retire(
        screen=SCREENS.row(call, screen), actor=call.actor, now=call.now, address=call.address
    )


def screen_claim(call: Call, screen: int) -> ScreenValue:
    """Make the box that shows the code this screen."""
    row = SCREENS.row(call, screen)
    pairing_claim(
        code=call.body.code, screen=row, actor=call.actor, now=call.now, address=call.address
    )
    return _value(row)


def screen_lock_out(call: Call, screen: int) -> None:
    """Lock out whatever box is this screen; it keeps showing what it has."""
    row = SCREENS.row(call, screen)
    tokens_revoke(screen=row, actor=call.actor, now=call.now, address=call.address)


def screen_ask(call: Call, screen: int) -> None:
    """Ask the box for a picture of the glass, or for the end of its log."""
    wanted_ask(
        screen=SCREENS.row(call, screen),
        kind=Wanted.Kind(call.body.kind),
        actor=call.actor,
        now=call.now,
        address=call.address,
    )


def screen_picture(call: Call, screen: int) -> HttpResponse:
    """The newest picture of the glass, made anew by the server."""
    row = SCREENS.row(call, screen)
    newest = Screenshot.objects.filter(screen=row).select_related("blob").first()
    if newest is None:
        raise NotFound("No picture of this screen has come yet: ask for one.")
    answer = HttpResponse(
        b"".join(store().chunks(newest.blob.sha256)), content_type=newest.blob.mime
    )
    answer["Last-Modified"] = newest.taken_at.strftime("%a, %d %b %Y %H:%M:%S GMT")
    return answer


def screen_log(call: Call, screen: int) -> LogValue:
    """The end of the log that came last."""
    tail = LogTail.objects.filter(screen=SCREENS.row(call, screen)).first()
    if tail is None:
        raise NotFound("No log of this screen has come yet: ask for it.")
    return LogValue(tail.received_at, tail.text)


_ONE = "screens/<int:screen>/"
_MANAGE = Act.MANAGE_SCREENS

OPERATIONS = (
    SCREENS.list("List screens"),
    SCREENS.create(_create, NewScreen, "Make a screen"),
    SCREENS.look("Look at a screen"),
    SCREENS.change(_change, ScreenChange, "Change a screen"),
    Operation("PUT", f"{_ONE}fallback/", "screen_fallback", fallback_set,
              "What it shows when no entry is due", Fallback, ScreenValue, act=Act.ARRANGE),
    Operation("POST", f"{_ONE}retire/", "screen_retire", screen_retire,
              "Take a screen out of use for good", act=_MANAGE),
    Operation("POST", f"{_ONE}claim/", "screen_claim", screen_claim,
              "Make the box that shows these six digits this screen", Claim, ScreenValue,
              act=_MANAGE),
    Operation("POST", f"{_ONE}lock-out/", "screen_lock_out", screen_lock_out,
              "Revoke the tokens of the box", act=_MANAGE),
    Operation("POST", f"{_ONE}ask/", "screen_ask", screen_ask,
              "Ask the box for a picture or its log", Ask),
    Operation("GET", f"{_ONE}picture/", "screen_picture", screen_picture,
              "The newest picture of the glass", answer=BYTES, media="image/webp"),
    Operation("GET", f"{_ONE}log/", "screen_log", screen_log, "The end of its log",
              answer=LogValue),
)  # fmt: skip
