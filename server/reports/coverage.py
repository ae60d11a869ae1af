"""Coverage of a campaign: for how long it was due on each screen, and for how long it stood there.

What was due is the scheduler's own word, worked out once a day is over; days that are not worked
out yet are left out on both sides, so that the two can be compared.
"""

from datetime import date, datetime
from typing import Any, Literal

from django.db.models import QuerySet, Sum
from msgspec import Struct

from server.reports.models import PlayDay
from server.reports.selectors import Hours, Period, hours_by_day, hours_by_screen
from server.screens.models import Screen

__all__ = ["Campaign", "Covered", "CoveredDay", "coverage", "coverage_by_day", "of_campaign"]

Campaign = Literal["playlist", "asset"]


class _Sums(Struct, kw_only=True):
    """For how long a campaign was due and shown, and how often.

    `hours` are those of the days of screens on which it was due, however the lines are grouped.
    """

    planned_ms: int
    ms: int
    times: int
    hours: Hours

    @property
    def share(self) -> float | None:
        """The share of the due time that is proved to have been shown; at most 1."""
        return min(1.0, self.ms / self.planned_ms) if self.planned_ms else None


class Covered(_Sums, kw_only=True):
    """A campaign on one screen, in the whole period."""

    screen: int
    name: str


class CoveredDay(_Sums, kw_only=True):
    """A campaign on one day, on all the screens together."""

    day: date


def of_campaign(kind: Campaign, keys: list[int]) -> QuerySet[PlayDay]:
    """The sums of a playlist, or of assets with all their pages."""
    if kind == "playlist":
        return PlayDay.objects.filter(playlist__in=[f"p{key}" for key in keys])
    wanted = PlayDay.objects.none()
    for key in keys[:100]:
        wanted |= PlayDay.objects.filter(asset=f"a{key}")
        wanted |= PlayDay.objects.filter(asset__startswith=f"a{key}.")
    return wanted


def coverage(
    screens: QuerySet[Screen], period: Period, sums: QuerySet[PlayDay], now: datetime
) -> list[Covered]:
    """How a campaign was covered, the least covered screen first."""
    names = dict(screens.values_list("pk", "name"))
    hours = {each.key: each for each in hours_by_screen(screens, period, now, sums)}
    found = [
        Covered(
            screen=each["screen_id"],
            name=names.get(each["screen_id"], ""),
            planned_ms=each["due"] or 0,
            ms=each["shown"] or 0,
            times=each["times"] or 0,
            hours=hours.get(each["screen_id"]) or Hours(key=each["screen_id"]),
        )
        for each in _totalled(_counted(screens, period, sums).values("screen_id"))
    ]
    return sorted(found, key=lambda each: (each.share is None, each.share, each.name))


def coverage_by_day(
    screens: QuerySet[Screen], period: Period, sums: QuerySet[PlayDay], now: datetime
) -> list[CoveredDay]:
    """How a campaign was covered day by day; days on which it was not due are left out."""
    hours = {each.key: each for each in hours_by_day(screens, period, now, sums)}
    rows = _totalled(_counted(screens, period, sums).values("day"))
    return [
        CoveredDay(
            day=each["day"],
            planned_ms=each["due"] or 0,
            ms=each["shown"] or 0,
            times=each["times"] or 0,
            hours=hours[each["day"]],
        )
        for each in rows.order_by("day")
    ]


def _totalled(rows: QuerySet[PlayDay, Any]) -> QuerySet[PlayDay, Any]:
    """The same, with what was due and shown in milliseconds, and how many times."""
    times = Sum("full") + Sum("cut") + Sum("other")
    return rows.annotate(due=Sum("planned_ms"), shown=Sum("ms"), times=times)


def _counted(
    screens: QuerySet[Screen], period: Period, sums: QuerySet[PlayDay]
) -> QuerySet[PlayDay]:
    """The sums of days for which it is worked out what was due; in no order."""
    return sums.filter(
        screen__in=screens, day__range=(period.first, period.last), planned_ms__isnull=False
    ).order_by()
