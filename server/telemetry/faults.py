"""Faults of screens: opened once, counted while they last, closed once.

For the services of this app, in a transaction of theirs.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F

from server.telemetry.models import ScreenFault
from server.telemetry.values import FaultNote

__all__ = ["fault_open", "faults_list", "faults_take"]


def faults_take(notes: Iterable[tuple[int, FaultNote]], now: datetime) -> None:
    """Take in reports of faults, each with its screen, in the order in which they were written."""
    for screen, note in notes:
        if note.closed:
            _close(screen, note)
        else:
            fault_open(screen, note, now)


def fault_open(screen: int, note: FaultNote, now: datetime, *, listed: bool = False) -> None:
    """Open a fault of a screen (primary key), or count one more if it is open already."""
    open_ = ScreenFault.objects.filter(
        screen=screen, code=note.code, subject=note.subject, closed_at=None
    )
    seen = {"reason": note.reason, "severity": note.severity, "seen_at": now}
    if listed:
        seen["listed"] = True
    if open_.update(count=F("count") + (0 if listed else 1), **seen):
        return
    try:
        with transaction.atomic():
            ScreenFault.objects.create(
                screen_id=screen,
                code=note.code,
                subject=note.subject,
                opened_at=min(note.at, now),
                **seen,
            )
    except IntegrityError:  # another process opened it at this moment
        open_.update(count=F("count") + (0 if listed else 1), **seen)


def faults_list(listed: Mapping[int, Collection[FaultNote]], now: datetime) -> None:
    """Make the listed faults of these screens those that their heartbeats name."""
    open_ = ScreenFault.objects.filter(screen__in=listed, listed=True, closed_at=None)
    known: dict[tuple[int, str, str], int] = {
        (screen, code, subject): pk
        for pk, screen, code, subject in open_.values_list("pk", "screen", "code", "subject")
    }
    for screen, notes in listed.items():
        for note in notes:
            if known.pop((screen, *note.key), None) is None:
                fault_open(screen, note, now, listed=True)
    ScreenFault.objects.filter(pk__in=list(known.values())).update(closed_at=now)


def _close(screen: int, note: FaultNote) -> None:
    open_ = ScreenFault.objects.filter(
        screen=screen, code=note.code, subject=note.subject, closed_at=None
    )
    # A box whose clock went back may close a fault before it opened it: then both are one instant.
    open_.filter(opened_at__lte=note.at).update(closed_at=note.at)
    open_.filter(opened_at__gt=note.at).update(closed_at=F("opened_at"))


def faults_fade(*, now: datetime, after: timedelta) -> int:
    """Close the faults that nobody has spoken of for so long; return how many."""
    silent = ScreenFault.objects.filter(closed_at=None, listed=False, seen_at__lt=now - after)
    return silent.update(closed_at=F("seen_at"))
