"""Notes the hours of screens' days: in which the panel is due to be lit, in which boxes were heard.

Called by the chores, often: it looks at today and yesterday only, and at days that a play has made.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from manifest.model import Manifest
from scheduler.panel import PanelHours
from server.publishing.models import Publication
from server.publishing.selectors import manifest_in, told
from server.reports.local_days import day_span
from server.reports.models import ScreenDay
from server.screens.models import Screen
from server.telemetry.models import HeartbeatSample

__all__ = ["due_hours", "note_hours"]

#: An hour is looked at so often; it is due if the panel is lit at half of the looks or more.
LOOK = timedelta(minutes=10)


def due_hours(manifest: Manifest, day: date, zone: ZoneInfo) -> int:
    """The hours of a day in which the panel is to be lit, as bits."""
    panel, due = PanelHours(manifest), 0
    start, end = day_span(day, zone)
    lit: dict[int, list[bool]] = {}
    at = start
    while at < end:
        lit.setdefault(at.astimezone(zone).hour, []).append(panel.is_on_at(at))
        at += LOOK
    for hour, looks in lit.items():
        if sum(looks) * 2 >= len(looks):
            due |= 1 << hour
    return due


def note_hours(now: datetime) -> None:
    """Bring today's and yesterday's hours of all screens up to date."""
    screens = list(Screen.objects.filter(retired_at=None).only("pk", "timezone"))
    zones = {each.pk: ZoneInfo(each.timezone) for each in screens}
    heard = _heard(zones, now - timedelta(days=2))
    with transaction.atomic():
        days = [
            (pk, now.astimezone(zone).date() - timedelta(days=back))
            for pk, zone in zones.items()
            for back in (1, 0)
        ]
        rows = ScreenDay.objects.filter(
            screen__in=zones, day__in={day for _pk, day in days}
        )  # fmt: skip
        there = {(row.screen_id, row.day): row for row in rows}
        new = [ScreenDay(screen_id=pk, day=day) for pk, day in days if (pk, day) not in there]
        _fill_due(new, zones)
        changed = []
        for row in [*there.values(), *new]:
            mask = row.heard | heard.get((row.screen_id, row.day), 0)
            if mask != row.heard:
                row.heard = mask
                changed.append(row)
        ScreenDay.objects.bulk_update([row for row in changed if row.pk], ["heard"], batch_size=200)
        ScreenDay.objects.bulk_create(new, batch_size=200)
    _fill_late(zones)


def _fill_late(zones: Mapping[int, ZoneInfo]) -> None:
    """Days that a late report has made do not know yet when the panel was due."""
    rows = list(ScreenDay.objects.filter(due=0, is_planned=False, screen__in=zones)[:500])
    _fill_due(rows, zones)
    changed = [row for row in rows if row.due]
    ScreenDay.objects.bulk_update(changed, ["due"], batch_size=200)


def _fill_due(rows: list[ScreenDay], zones: Mapping[int, ZoneInfo]) -> None:
    """As the newest manifest says; a screen that was told nothing is never due."""
    newest = told({row.screen_id for row in rows})
    kept: dict[tuple[str, date], int] = {}
    for row in rows:
        publication = newest.get(row.screen_id)
        if publication is None:
            continue
        key = (publication.content_sha256, row.day)
        if key not in kept:
            envelope = Publication.objects.values_list("envelope", flat=True)
            manifest = manifest_in(envelope.get(pk=publication.pk))
            kept[key] = due_hours(manifest, row.day, zones[row.screen_id])
        row.due = kept[key]


def _heard(zones: Mapping[int, ZoneInfo], since: datetime) -> dict[tuple[int, date], int]:
    heard: dict[tuple[int, date], int] = {}
    samples = HeartbeatSample.objects.filter(hour__gte=since)
    for screen, hour in samples.values_list("screen_id", "hour").iterator(chunk_size=2000):
        if screen in zones:
            local = hour.astimezone(zones[screen])
            key = screen, local.date()
            heard[key] = heard.get(key, 0) | 1 << local.hour
    return heard
