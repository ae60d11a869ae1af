"""Works out how long each item was due on a day that is over: what plays are held against.

By the scheduler itself, from what was published: each manifest from its release until the next.
Called by the chores, once for each screen and day.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from manifest.model import Manifest
from scheduler.planned import planned_ms
from server.publishing.models import Publication
from server.publishing.selectors import manifest_in
from server.reports.contents import Told, told_in
from server.reports.local_days import day_span
from server.reports.models import PlayDay, ScreenDay
from server.screens.models import Screen

__all__ = ["plan_days"]

#: Screens' days of one run, so that a chore ends; what is left comes with the next.
AT_A_TIME = 400


def plan_days(now: datetime) -> int:
    """Work out days that are over; return how many."""
    told = Publication.objects.filter(screen=OuterRef("screen"))
    rows = ScreenDay.objects.filter(Exists(told), _is_over(now), is_planned=False)
    found = list(rows.select_related("screen").order_by("day", "pk")[:AT_A_TIME])
    manifests: dict[str, Manifest] = {}
    for row in found:
        _plan(row, manifests)
    return len(found)


def _is_over(now: datetime) -> Q:
    """Days that are over on the clock of their screen."""
    over = Q(pk__in=())
    for zone in Screen.objects.order_by().values_list("timezone", flat=True).distinct():
        over |= Q(screen__timezone=zone, day__lt=now.astimezone(ZoneInfo(zone)).date())
    return over


def _plan(row: ScreenDay, manifests: dict[str, Manifest]) -> None:
    planned, told = Counter[str](), dict[str, Told]()
    for manifest, start, until in _in_force(row.screen, row.day, manifests):
        told |= told_in(manifest)
        for (_playlist, item), ms in planned_ms(manifest, start, until).items():
            planned[item] += ms
    with transaction.atomic():
        rows = PlayDay.objects.filter(screen=row.screen_id, day=row.day)
        there = {(each.item, each.asset): each for each in rows}
        for each in there.values():
            each.planned_ms = planned.get(each.item, 0) if each.item in told else 0
        new = [
            PlayDay(
                screen=row.screen, day=row.day, item=item, asset=told[item].asset, planned_ms=ms,
                playlist=told[item].playlist, title=told[item].title[:200],
            )
            for item, ms in planned.items()
            if ms and (item, told[item].asset) not in there
        ]  # fmt: skip
        PlayDay.objects.bulk_update(there.values(), ["planned_ms"], batch_size=200)
        PlayDay.objects.bulk_create(new, batch_size=200)
        ScreenDay.objects.filter(pk=row.pk).update(is_planned=True)


def _in_force(
    screen: Screen, day: date, manifests: dict[str, Manifest]
) -> Iterator[tuple[Manifest, datetime, datetime]]:
    """What was published for the screen on this day: manifests, each from when until when."""
    start, end = day_span(day, ZoneInfo(screen.timezone))
    rows = Publication.objects.filter(screen=screen, complete=True).order_by("-version")
    columns = ("pk", "content_sha256", "release__at")
    changes = list(rows.filter(release__at__lt=end).values_list(*columns)[:200])
    until = end
    for pk, sha256, at in changes:
        since = max(at, start)
        if since < until:
            if sha256 not in manifests:
                envelope = Publication.objects.values_list("envelope", flat=True).get(pk=pk)
                manifests[sha256] = manifest_in(envelope)
            yield manifests[sha256], since, until
        until = since
        if at <= start:
            return
