"""What could not be played in a period: items that screens have told to be damaged or to crash."""

from datetime import UTC, datetime, time, timedelta

from django.db.models import Count, QuerySet, Sum
from django.utils.translation import get_language
from msgspec import Struct

from server.reports.selectors import Period
from server.screens.models import Screen
from server.telemetry.fault_words import Language, sentence_of
from server.telemetry.models import ScreenFault

__all__ = ["Failure", "failures_of"]

#: The faults that keep an item from the glass (docs/player.md).
CODES = ("CRASHED", "QUARANTINE", "MEDIA_BAD", "STREAM_LOST", "REPORTS_LOST")

#: The most frequent ones are listed.
LISTED = 50


class Failure(Struct, frozen=True):
    """What failed (the device's own word: text), what it means, how often, on how many screens."""

    subject: str
    sentence: str
    times: int
    screens: int


def failures_of(screens: QuerySet[Screen], period: Period) -> list[Failure]:
    """Faults of items that opened in the period, the most frequent first."""
    start = datetime.combine(period.first, time(), UTC) - timedelta(hours=14)
    end = datetime.combine(period.last, time(), UTC) + timedelta(hours=36)
    rows = ScreenFault.objects.filter(
        screen__in=screens, opened_at__range=(start, end), code__in=CODES
    )
    language: Language = "zh" if (get_language() or "").startswith("zh") else "en"
    sums = rows.order_by().values("code", "subject").annotate(
        times=Sum("count"), on=Count("screen", distinct=True)
    )  # fmt: skip
    return [
        Failure(each["subject"], sentence_of(each["code"], language), each["times"], each["on"])
        for each in sums.order_by("-times")[:LISTED]
    ]
