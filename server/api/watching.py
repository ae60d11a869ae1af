"""The watch, for scripts: operating hours, how long boxes were heard, what was told to whom."""

from datetime import date, datetime
from typing import Annotated, Any

from django.db.models import Prefetch
from msgspec import Meta, Struct

from server.accounts.policy import Act, require, require_somewhere
from server.alerts.models import Delivery, Message
from server.alerts.selectors import said_of
from server.api.interface import Call, Operation
from server.api.reading import BEFORE, found, page_of, visible
from server.errors import Invalid
from server.screens.models import Screen, ScreenGroup, Site
from server.watch.models import DayHealth, OperatingHours
from server.watch.services import LEAST_GRACE_MIN, LONGEST_GRACE_MIN, hours_clear, hours_set

__all__ = ["OPERATIONS"]

#: The longest span of one report of minutes, in days.
LONGEST_DAYS = 93


class HoursWish(Struct, forbid_unknown_fields=True):
    """When screens are expected to be on: windows as in the manifest, None is always."""

    windows: list[dict[str, Any]] | None = None
    not_on_holidays: bool = False
    grace_minutes: Annotated[int, Meta(ge=LEAST_GRACE_MIN, le=LONGEST_GRACE_MIN)] = 10
    is_muted: bool = False


class HoursValue(Struct):
    """Operating hours; `is_own` false: nothing is said of this place, these are the usual ones."""

    is_own: bool
    windows: Any = None
    not_on_holidays: bool = False
    grace_minutes: int = 10
    is_muted: bool = False


class HeardValue(Struct):
    """One screen and day: in how many minutes anybody looked, and in how many it was heard."""

    screen: int
    day: date
    looked_min: int
    heard_min: int
    restarts: int


class HeardList(Struct):
    """How long boxes were heard, by screen and day."""

    days: list[HeardValue]


class SentValue(Struct):
    """A message on its way to one reader (user name, or webhook)."""

    channel: str
    to: str
    attempts: int
    done_at: datetime | None
    failed_at: datetime | None
    why: str


class AlertValue(Struct):
    """Something that was told."""

    id: int
    kind: str
    department: int | None
    text: str
    link: str
    told_at: datetime
    sent: list[SentValue]


class AlertList(Struct):
    """Some alerts; `next` is the `before` of the next page, or None."""

    alerts: list[AlertValue]
    next: int | None


def _group(call: Call, pk: int) -> ScreenGroup:
    return found(visible(call, ScreenGroup), pk, "group")


def _site(call: Call, pk: int) -> Site:
    require(call.actor, Act.MANAGE_SCREENS, None)
    return found(Site.objects.all(), pk, "site")


def _value(**place: Any) -> HoursValue:
    row = OperatingHours.objects.filter(**place).first()
    if row is None:
        return HoursValue(is_own=False)
    return HoursValue(
        True, row.windows, row.not_on_holidays, row.grace_minutes, row.is_muted
    )  # fmt: skip


def _set(call: Call, place: Site | ScreenGroup) -> None:
    hours_set(
        place=place,
        windows=call.body.windows,
        not_on_holidays=call.body.not_on_holidays,
        grace_minutes=call.body.grace_minutes,
        is_muted=call.body.is_muted,
        actor=call.actor,
        now=call.now,
        address=call.address,
    )


def group_hours(call: Call, group: int) -> HoursValue:
    """Say the operating hours of a group."""
    return _value(group=_group(call, group))


def group_hours_set(call: Call, group: int) -> HoursValue:
    """Set the operating hours of a group."""
    row = _group(call, group)
    _set(call, row)
    return _value(group=row)


def group_hours_clear(call: Call, group: int) -> None:
    """Let a group follow its site."""
    row = _group(call, group)
    hours_clear(place=row, actor=call.actor, now=call.now, address=call.address)


def site_hours(call: Call, site: int) -> HoursValue:
    """Say the operating hours of a site."""
    return _value(site=_site(call, site))


def site_hours_set(call: Call, site: int) -> HoursValue:
    """Set the operating hours of a site."""
    row = _site(call, site)
    _set(call, row)
    return _value(site=row)


def site_hours_clear(call: Call, site: int) -> None:
    """Let a site be open around the clock."""
    row = _site(call, site)
    hours_clear(place=row, actor=call.actor, now=call.now, address=call.address)


def heard_report(call: Call) -> HeardList:
    """Say how long each box was heard, day by day of the organisation, `first` to `last`."""
    first, last = _day(call, "first"), _day(call, "last")
    if not 0 <= (last - first).days < LONGEST_DAYS:
        raise Invalid(
            "first must not be after last, and at most %(days)d days before.",
            values={"days": LONGEST_DAYS - 1},
        )
    rows = DayHealth.objects.filter(screen__in=visible(call, Screen), day__range=(first, last))
    return HeardList(
        [
            HeardValue(each.screen_id, each.day, each.looked, each.heard, each.restarts)
            for each in rows.order_by("screen_id", "day")
        ]
    )


def _day(call: Call, name: str) -> date:
    try:
        return date.fromisoformat(call.query(name) or "")
    except ValueError:
        raise Invalid("%(name)s must be a day such as 2026-11-22.", values={"name": name}) from None


def alert_list(call: Call) -> AlertList:
    """List what was told, the newest first, with what became of each mail and webhook."""
    require_somewhere(call.actor, Act.MANAGE_SCREENS)
    rows = visible(call, Message, act=Act.MANAGE_SCREENS)
    sent = Delivery.objects.select_related("staff", "endpoint").order_by("pk")
    page, following = page_of(call, rows.prefetch_related(Prefetch("deliveries", sent)))
    return AlertList([_alert(each) for each in page], following)


def _alert(message: Message) -> AlertValue:
    sent = [
        SentValue(each.channel, str(each.endpoint or (each.staff and each.staff.username) or ""),
                  each.attempts, each.done_at, each.failed_at, each.why)
        for each in message.deliveries.all()
    ]  # fmt: skip
    return AlertValue(
        message.pk, message.kind, message.department_id, str(said_of(message).local()),
        message.link, message.told_at, sent,
    )  # fmt: skip


def _span(name: str) -> dict[str, object]:
    schema = {"type": "string", "format": "date"}
    return {"name": name, "in": "query", "required": True, "schema": schema}


_MANAGE = Act.MANAGE_SCREENS
_GROUP, _SITE = "groups/<int:group>/hours/", "sites/<int:site>/hours/"

OPERATIONS = (
    Operation("GET", _GROUP, "group_hours", group_hours, "Operating hours of a group",
              answer=HoursValue),
    Operation("PUT", _GROUP, "group_hours_set", group_hours_set, "Set them", HoursWish, HoursValue,
              act=_MANAGE),
    Operation("DELETE", _GROUP, "group_hours_clear", group_hours_clear,
              "Let the group follow its site", act=_MANAGE),
    Operation("GET", _SITE, "site_hours", site_hours,
              "Operating hours of a site; for administrators of everything, as the next two",
              answer=HoursValue, act=_MANAGE),
    Operation("PUT", _SITE, "site_hours_set", site_hours_set, "Set them", HoursWish, HoursValue,
              act=_MANAGE),
    Operation("DELETE", _SITE, "site_hours_clear", site_hours_clear,
              "Let the site be open around the clock", act=_MANAGE),
    Operation("GET", "heard/", "heard_report", heard_report,
              "Minutes in which each box was heard, by day, first to last", answer=HeardList,
              parameters=(_span("first"), _span("last"))),
    Operation("GET", "alerts/", "alert_list", alert_list,
              "What was told, and what became of each mail and webhook", answer=AlertList,
              act=_MANAGE, parameters=(BEFORE,)),
)  # fmt: skip
