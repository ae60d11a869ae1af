"""What screens report, for scripts: how they are, what is wrong, what was played."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet
from msgspec import Struct

from server.api.interface import Call, Operation
from server.api.reading import BEFORE, instant, page_of, visible
from server.errors import Invalid
from server.publishing.selectors import told
from server.screens.models import Screen
from server.telemetry.models import ScreenFault
from server.telemetry.selectors import (
    ScreenStanding,
    open_faults,
    play_sums,
    screen_standings,
)

__all__ = ["OPERATIONS"]

#: The longest span of one report of plays.
LONGEST_SPAN = timedelta(days=366)


class StandingValue(Struct):
    """How a screen is: online, late, offline, never; what it shows, and what it should show."""

    screen: int
    name: str
    state: str
    heard_at: datetime | None
    shown: int | None
    newest: int | None
    faults: int
    worst: str
    version: str
    free_bytes: int | None
    clock_offset_ms: int | None
    clock_suspect: bool


class StandingList(Struct):
    """How all screens in reach are."""

    screens: list[StandingValue]


class FaultValue(Struct):
    """Something that is wrong now.  `severity` is I, W, E or C; texts are the device's."""

    id: int
    screen: int
    code: str
    severity: str
    subject: str
    reason: str
    opened_at: datetime
    count: int


class FaultList(Struct):
    """Some faults; `next` is the `before` of the next page, or None."""

    faults: list[FaultValue]
    next: int | None


class PlayValue(Struct):
    """How often and how long an asset was shown on a screen on a day of the organisation."""

    day: date
    screen: int
    asset: str
    times: int
    seconds: float


class PlayList(Struct):
    """Proof of play."""

    plays: list[PlayValue]


def _screens(call: Call) -> QuerySet[Screen]:
    return visible(call, Screen).filter(retired_at=None)


def _standing(each: ScreenStanding) -> StandingValue:
    return StandingValue(
        **{
            name: getattr(each, name) for name in StandingValue.__struct_fields__ if name != "state"
        },
        state=str(each.state),
    )


def screen_states(call: Call) -> StandingList:
    """Say how each screen is."""
    screens = _screens(call)
    newest = {pk: each.version for pk, each in told([each.pk for each in screens]).items()}
    return StandingList([_standing(one) for one in screen_standings(screens, newest, call.now)])


def fault_list(call: Call) -> FaultList:
    """List what is wrong now, the newest first."""
    rows, following = page_of(call, open_faults(_screens(call), call.now))
    return FaultList([_fault(each) for each in rows], following)


def _fault(fault: ScreenFault) -> FaultValue:
    return FaultValue(
        fault.pk, fault.screen_id, fault.code, fault.severity, fault.subject, fault.reason,
        fault.opened_at, fault.count,
    )  # fmt: skip


def play_report(call: Call) -> PlayList:
    """Say what was played in `[start, end)`, by day, screen and asset."""
    start, end = instant(call, "start"), instant(call, "end")
    if not start < end <= start + LONGEST_SPAN:
        raise Invalid(
            "start must be before end, and at most %(days)d days before.",
            values={"days": LONGEST_SPAN.days},
        )
    sums = play_sums(_screens(call), start, end, ZoneInfo(settings.TIME_ZONE))
    return PlayList(
        [PlayValue(each.day, each.screen, each.asset, each.times, each.seconds) for each in sums]
    )


def _span(name: str) -> dict[str, object]:
    schema = {"type": "string", "format": "date-time"}
    return {"name": name, "in": "query", "required": True, "schema": schema}


OPERATIONS = (
    Operation("GET", "states/", "screen_states", screen_states, "How each screen is",
              answer=StandingList),
    Operation("GET", "faults/", "fault_list", fault_list, "What is wrong now",
              answer=FaultList, parameters=(BEFORE,)),
    Operation("GET", "plays/", "play_report", play_report,
              "What was played in [start, end), by day, screen and asset", answer=PlayList,
              parameters=(_span("start"), _span("end"))),
)  # fmt: skip
