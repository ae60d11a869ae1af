"""What proves that a public notice (公示) stood for its period: screen by screen, day by day.

From play records alone; a day of which nothing is known is told as unknown, never as shown.
Callers give the screens in the reader's reach.  Writes nothing.
"""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet, Sum
from msgspec import Struct

from manifest.writing import to_json
from server.library.models import Asset
from server.publishing.facts import AssetFacts
from server.publishing.notices import Period as NoticePeriod
from server.publishing.notices import period_of
from server.publishing.parts import card
from server.reports.coverage import of_campaign
from server.reports.models import ScreenDay
from server.reports.selectors import Period
from server.review.models import Submission, SubmissionItem
from server.screens.models import Screen

__all__ = ["Certificate", "ShownDay", "certificate_of"]


class ShownDay(Struct, frozen=True):
    """A screen's day of the period; `planned` is None while what was due is not worked out."""

    screen: str
    day: date
    times: int
    minutes: float
    planned: float | None
    #: Hours in which the screen was due and nothing is known of it.
    unknown: int

    @property
    def gap(self) -> float | None:
        """Minutes that were due and are not proved to have been shown."""
        return None if self.planned is None else max(0.0, self.planned - self.minutes)


class Certificate(Struct, frozen=True):
    """All of it; `sha256` is over the card as manifests have it, `reviews` approved just that."""

    asset: Asset
    period: NoticePeriod
    is_over: bool
    sha256: str
    reviews: list[Submission]
    days: list[ShownDay]


def certificate_of(asset: Asset, screens: QuerySet[Screen], now: datetime) -> Certificate | None:
    """The certificate of a public notice as far as its period has come; None: it is no such."""
    period = period_of(asset)
    if period is None:
        return None
    facts = AssetFacts(asset.pk, asset.kind, asset.title, True, content=asset.content)
    sha256 = hashlib.sha256(to_json(card(facts))).hexdigest()
    approved = SubmissionItem.objects.filter(
        asset=asset.pk, sha256=sha256, submission__state=Submission.State.APPROVED
    )
    reviews = Submission.objects.filter(pk__in=approved.values("submission")).order_by("pk")
    zones = set(screens.order_by().values_list("timezone", flat=True))
    is_over = all(now.astimezone(ZoneInfo(zone)).date() > period.last for zone in zones)
    days = list(_days(asset, period, screens, now))
    return Certificate(asset, period, is_over, sha256, list(reviews), days)


def _days(
    asset: Asset, period: NoticePeriod, screens: QuerySet[Screen], now: datetime
) -> Iterator[ShownDay]:
    span = (period.first, period.last)
    sums = of_campaign("asset", [asset.pk]).filter(screen__in=screens, day__range=span)
    columns = sums.order_by().values("screen_id", "day").annotate(
        times=Sum("full") + Sum("cut") + Sum("other"), shown=Sum("ms"), due=Sum("planned_ms")
    )  # fmt: skip
    found = {(each["screen_id"], each["day"]): each for each in columns}
    on = {screen for screen, _day in found}
    hours = ScreenDay.objects.filter(screen__in=on, day__range=span)
    unknown = {
        (each.screen_id, each.day): (each.due & ~(each.heard | each.played)).bit_count()
        for each in hours
    }
    for screen in screens.filter(pk__in=on).order_by("name", "pk"):
        today = now.astimezone(ZoneInfo(screen.timezone)).date()
        for day in Period(*span).each():
            each: Mapping[str, Any]
            if day <= today:
                each = found.get((screen.pk, day), {})
                due = each.get("due")
                yield ShownDay(
                    screen=screen.name,
                    day=day,
                    times=each.get("times") or 0,
                    minutes=(each.get("shown") or 0) / 60_000,
                    planned=None if due is None else due / 60_000,
                    unknown=unknown.get((screen.pk, day), 0),
                )
