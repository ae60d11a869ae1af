"""What is forgotten at night, and when: proof of play, faults, segments, pictures, logs."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Model, QuerySet

from server.configuration import Configuration
from server.telemetry.faults import faults_fade
from server.telemetry.models import (
    HeartbeatSample,
    LogTail,
    PlayRecord,
    Receipt,
    ReportSegment,
    ScreenFault,
    Wanted,
)
from server.telemetry.screenshots import screenshots_forget

__all__ = ["SEGMENTS_KEPT", "forget", "nightly"]

#: A box that sends a segment again does so within its month of outbox.
SEGMENTS_KEPT = timedelta(days=90)

#: A box that was asked for something and never sent it is not asked for ever.
WANTED_KEPT = timedelta(days=7)

#: Rows deleted in one transaction, so that nobody waits long for the database.
AT_A_TIME = 5_000


def nightly(configuration: Configuration, now: datetime) -> None:
    """Forget what is older than the settings keep."""
    kept = configuration.retention
    faults_fade(now=now)
    before = {
        days: now - timedelta(days=days)
        for days in (kept.play_records_days, kept.faults_days, kept.heartbeats_days)
    }
    forget(PlayRecord.objects.filter(start__lt=before[kept.play_records_days]))
    forget(Receipt.objects.filter(received_at__lt=before[kept.play_records_days]))
    forget(ScreenFault.objects.filter(closed_at__lt=before[kept.faults_days]))
    forget(HeartbeatSample.objects.filter(hour__lt=before[kept.heartbeats_days]))
    forget(ReportSegment.objects.filter(received_at__lt=now - SEGMENTS_KEPT))
    forget(LogTail.objects.filter(received_at__lt=before[kept.heartbeats_days]))
    forget(Wanted.objects.filter(asked_at__lt=now - WANTED_KEPT))
    screenshots_forget(now=now, after=timedelta(days=kept.screenshots_days))


def forget(rows: QuerySet[Model]) -> int:
    """Delete rows a few thousand at a time; return how many."""
    gone = 0
    while pks := list(rows.order_by().values_list("pk", flat=True)[:AT_A_TIME]):
        with transaction.atomic():
            gone += rows.filter(pk__in=pks).delete()[0]
    return gone
