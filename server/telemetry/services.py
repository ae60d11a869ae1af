"""Takes in what screens report, in batches: each call is one transaction.

The interface for players calls these from its one writing thread, so that screens never wait for
each other's locks; staff ask for screenshots and logs here.  Values come checked (`values`).
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from server import news
from server.accounts.models import Staff
from server.accounts.policy import Act, require
from server.audit.services import record
from server.screens.models import Screen
from server.telemetry.faults import faults_list, faults_of_former_boots, faults_take
from server.telemetry.listeners import receipts_came
from server.telemetry.models import (
    Heartbeat,
    HeartbeatSample,
    LogTail,
    PlayRecord,
    Receipt,
    ReportSegment,
    Wanted,
)
from server.telemetry.values import Beat, FaultNote, Segment

__all__ = [
    "faults_note",
    "heartbeats_save",
    "log_keep",
    "segments_take",
    "wanted_ask",
    "wanted_came",
]

Reported = TypeVar("Reported", Beat, Segment)

#: Rows of one INSERT: SQLite bounds the parameters of a statement.
BATCH = 200


@transaction.atomic
def heartbeats_save(
    *, beats: Sequence[Beat], sampled: Collection[int], now: datetime
) -> dict[int, tuple[str, str]]:
    """Keep the newest heartbeats, one a screen; those of the screens in `sampled` as history too.

    Returns `boot` and address of those that were replaced, by screen.  A screen that has been
    deleted meanwhile is left out.  Where a box has started anew, the faults of before are over.
    """
    beats = _of_known_screens(beats)
    former = {each.screen_id: each for each in _heartbeats_of(beats)}
    rows = [
        Heartbeat(
            screen_id=beat.screen,
            received_at=beat.received_at,
            boot=beat.boot,
            address=beat.address,
            generation_version=beat.generation_version,
            body=beat.body,
        )
        for beat in beats
    ]
    Heartbeat.objects.bulk_create(
        rows,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["screen"],
        update_fields=["received_at", "boot", "address", "generation_version", "body"],
    )
    samples = [
        HeartbeatSample(
            screen_id=beat.screen,
            hour=beat.received_at.replace(minute=0, second=0, microsecond=0),
            body=beat.body,
        )
        for beat in beats
        if beat.screen in sampled
    ]
    HeartbeatSample.objects.bulk_create(samples, batch_size=BATCH, ignore_conflicts=True)
    faults_of_former_boots(
        {
            beat.screen: former[beat.screen].received_at
            for beat in beats
            if beat.screen in former and former[beat.screen].boot != beat.boot
        },
        now,
    )
    faults_list({beat.screen: beat.faults for beat in beats if beat.faults is not None}, now)
    return {screen: (each.boot, each.address) for screen, each in former.items()}


def _heartbeats_of(beats: Sequence[Beat]) -> QuerySet[Heartbeat]:
    """The newest heartbeats that are kept of these screens, without their bodies."""
    kept = Heartbeat.objects.filter(screen__in=[beat.screen for beat in beats])
    return kept.only("screen", "boot", "address", "received_at")


@transaction.atomic
def faults_note(*, notes: Sequence[tuple[int, FaultNote]], now: datetime) -> None:
    """Open (or count) faults that the server itself has seen, each with its screen."""
    faults_take(notes, now)


@transaction.atomic
def segments_take(*, segments: Sequence[Segment], now: datetime) -> None:
    """Take in segments of reports; one that was taken in before changes nothing."""
    segments = _of_known_screens(segments)
    fresh = _first_comers(segments, now)
    PlayRecord.objects.bulk_create(
        [
            PlayRecord(
                screen_id=segment.screen,
                zone=play.zone,
                item=play.item,
                asset=play.asset,
                sha256=play.sha256,
                start=play.start,
                end=play.end,
                manifest_version=play.manifest_version,
            )
            for segment in fresh
            for play in segment.plays
        ],
        batch_size=BATCH,
        ignore_conflicts=True,
    )
    Receipt.objects.bulk_create(
        [
            Receipt(
                screen_id=segment.screen,
                version=receipt.version,
                activated_at=receipt.activated_at,
                received_at=now,
            )
            for segment in fresh
            for receipt in segment.receipts
        ],
        batch_size=BATCH,
        ignore_conflicts=True,
    )
    faults_take(((each.screen, fault) for each in fresh for fault in each.faults), now)
    receipts_came([(each.screen, one.version) for each in fresh for one in each.receipts], now)


def _first_comers(segments: Sequence[Segment], now: datetime) -> list[Segment]:
    """Note which segments came; those that had not come before, here or in another process.

    All in one piece; one by one only where another process takes in the same at this moment.
    """
    each_once = {(each.screen, each.name): each for each in segments}
    came = ReportSegment.objects.filter(
        screen__in={each.screen for each in segments}, name__in={each.name for each in segments}
    )
    known = set(came.values_list("screen_id", "name"))
    new = [each for key, each in each_once.items() if key not in known]
    try:
        with transaction.atomic():
            ReportSegment.objects.bulk_create(_row(each, now) for each in new)
    except IntegrityError:
        return [each for each in new if _is_first(each, now)]
    return new


def _row(segment: Segment, now: datetime) -> ReportSegment:
    return ReportSegment(
        screen_id=segment.screen, name=segment.name, received_at=now, reports=segment.reports
    )


def _is_first(segment: Segment, now: datetime) -> bool:
    """Note that a segment came; False if it had come before, here or in another process."""
    try:
        with transaction.atomic():
            _row(segment, now).save()
    except IntegrityError:
        return False
    return True


def _of_known_screens(reported: Sequence[Reported]) -> list[Reported]:
    """Those whose screens are there: a row for another would refuse the whole batch."""
    known = set(
        Screen.objects.filter(pk__in={each.screen for each in reported}).values_list(
            "pk", flat=True
        )
    )
    return [each for each in reported if each.screen in known]


@transaction.atomic
def log_keep(*, screen: int, text: str, now: datetime) -> None:
    """Keep the end of a box's log in the place of the one before; it is not wanted any more."""
    LogTail.objects.update_or_create(screen_id=screen, defaults={"received_at": now, "text": text})
    wanted_came(screen, Wanted.Kind.LOG)


@transaction.atomic
def wanted_ask(
    *, screen: Screen, kind: Wanted.Kind, actor: Staff, now: datetime, address: str = ""
) -> None:
    """Ask a box for a screenshot or for the end of its log; asking twice is asking once."""
    require(actor, Act.VIEW, screen.department)
    _wanted, new = Wanted.objects.get_or_create(
        screen=screen, kind=kind, defaults={"asked_at": now}
    )
    if new:
        detail = {"kind": str(kind)}
        record(
            actor=actor,
            action="screen.ask",
            subject=screen,
            detail=detail,
            now=now,
            address=address,
        )
        news.tell()


def wanted_came(screen: int, kind: Wanted.Kind) -> None:
    """What was asked of a box has come.  In a transaction."""
    if Wanted.objects.filter(screen=screen, kind=kind).delete()[0]:
        news.tell()
