"""Public notices (公示) at a glance: which stand, until when, and what is proved of them.

For the page of reports; callers give the notices and screens in the reader's reach.  Writes
nothing.
"""

from collections.abc import Sequence
from datetime import date
from functools import reduce
from operator import or_
from typing import Any, Literal

from django.db.models import Count, Q, QuerySet, Sum
from msgspec import Struct

from server.library.models import Asset
from server.publishing.notices import Period, periods_of
from server.reports.models import PlayDay
from server.reports.selectors import Period as Days
from server.screens.models import Screen

__all__ = ["NoticeState", "Standing", "standings"]

NoticeState = Literal["running", "coming", "over", "ended"]

#: What needs attention first.
_ORDER: tuple[NoticeState, ...] = ("running", "coming", "ended", "over")


class Standing(Struct, frozen=True):
    """A notice, how far its period has come, and what is proved; `gap` is in minutes."""

    asset: Asset
    period: Period
    state: NoticeState
    #: The day of the period that today is, from 1; of how many.
    day: int
    days: int
    screens: int
    times: int
    minutes: float
    gap: float


def standings(
    notices: QuerySet[Asset], screens: QuerySet[Screen], asked: Days, today: date
) -> list[Standing]:
    """The notices whose periods touch the days that are asked for; those that run come first.

    To days up to today belong those that are still to come, too.
    """
    found = periods_of(notices.select_related("department"))
    touching = {
        asset: period
        for asset, period in found.items()
        if period.last >= asked.first and (period.first <= asked.last or asked.last >= today)
    }
    proved = _proved(touching, screens)
    rows = [_standing(*each, proved.get(f"a{each[0].pk}", {}), today) for each in touching.items()]
    return sorted(
        rows, key=lambda each: (_ORDER.index(each.state), each.period.last, each.asset.pk)
    )


def _standing(asset: Asset, period: Period, sums: dict[str, Any], today: date) -> Standing:
    state: NoticeState
    if period.ended:
        state = "ended"
    elif today > period.last:
        state = "over"
    else:
        state = "coming" if today < period.first else "running"
    days = (period.last - period.first).days + 1
    shown, due, shown_of_due = (sums.get(name) or 0 for name in ("shown", "due", "shown_of_due"))
    return Standing(
        asset=asset,
        period=period,
        state=state,
        day=min(days, max(0, (today - period.first).days + 1)),
        days=days,
        screens=sums.get("screens") or 0,
        times=sums.get("times") or 0,
        minutes=shown / 60_000,
        gap=max(0, due - shown_of_due) / 60_000,
    )


def _proved(notices: dict[Asset, Period], screens: QuerySet[Screen]) -> dict[str, dict[str, Any]]:
    """What plays say of each notice within its own period, by the name that plays have for it."""
    if not notices:
        return {}
    wanted: Sequence[Q] = [
        Q(asset=f"a{asset.pk}", day__range=(period.first, period.last))
        for asset, period in notices.items()
    ]
    rows = PlayDay.objects.filter(reduce(or_, wanted), screen__in=screens).order_by()
    sums = rows.values("asset").annotate(
        screens=Count("screen", distinct=True),
        times=Sum("full") + Sum("cut") + Sum("other"),
        shown=Sum("ms"),
        due=Sum("planned_ms"),
        # Days that are not worked out yet count on neither side.
        shown_of_due=Sum("ms", filter=Q(planned_ms__isnull=False)),
    )
    return {each["asset"]: dict(each) for each in sums}
