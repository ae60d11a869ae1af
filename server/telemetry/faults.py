"""Faults of screens: opened once, counted while they last, closed once.

A fault is over when the box says so; when a heartbeat does not list it any more; when the box has
started anew since it was seen; or when nobody has spoken of it for long: a day for what was a
moment, a week for what lasts.  So no wall of old faults grows from those that nobody closes.

For the services of this app, in a transaction of theirs; `is_open` is for whoever reads.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from server.telemetry.models import ScreenFault
from server.telemetry.values import FaultNote

__all__ = [
    "LAST_SILENT",
    "MOMENT_SILENT",
    "fault_open",
    "faults_fade",
    "faults_list",
    "faults_of_former_boots",
    "faults_take",
    "is_open",
]

#: A fault that nobody closes and nobody repeats is over after so long: one that was a moment (a
#: crash, a step of the clock), and one that lasts (a box tries a failed item daily, and says so).
MOMENT_SILENT, LAST_SILENT = timedelta(hours=24), timedelta(days=7)

#: What the server itself says of a screen: a start of its box does not end it.
OWN_CODES = ("DUP_IDENTITY",)


def is_open(now: datetime) -> Q:
    """The filter for faults that last: open, and listed by the newest heartbeat or seen lately."""
    lately = Q(momentary=True, seen_at__gte=now - MOMENT_SILENT)
    lasting = Q(momentary=False, seen_at__gte=now - LAST_SILENT)
    return Q(closed_at=None) & (Q(listed=True) | lately | lasting)


def faults_take(notes: Iterable[tuple[int, FaultNote]], now: datetime) -> None:
    """Take in reports of faults, each with its screen, in the order in which they were written."""
    for screen, note in notes:
        if note.closed:
            _close(screen, note)
        else:
            fault_open(screen, note, now)


def fault_open(screen: int, note: FaultNote, now: datetime, *, listed: bool = False) -> None:
    """Open a fault of a screen (primary key), or count one more if it is open already."""
    same = ScreenFault.objects.filter(screen=screen, code=note.code, subject=note.subject)
    open_ = same.filter(is_open(now))
    seen = {"reason": note.reason, "severity": note.severity, "seen_at": now}
    if listed:
        seen["listed"] = True
    if not note.momentary:
        seen["momentary"] = False
    if open_.update(count=F("count") + (0 if listed else 1), **seen):
        return
    same.filter(closed_at=None).update(closed_at=F("seen_at"))  # it had faded: this is another
    try:
        with transaction.atomic():
            ScreenFault.objects.create(
                screen_id=screen,
                code=note.code,
                subject=note.subject,
                opened_at=min(note.at, now),
                **{"momentary": note.momentary, **seen},
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


def faults_of_former_boots(last_heard: Mapping[int, datetime], now: datetime) -> None:
    """Close what these boxes saw before they started anew.

    `last_heard`: when the former start was heard last, by screen.  What was seen after it may be of
    the new start already, whose reports can come before its first heartbeat; listed faults are the
    new heartbeat's to say.
    """
    for screen, heard_at in last_heard.items():
        former = ScreenFault.objects.filter(screen=screen, closed_at=None, listed=False)
        former.filter(seen_at__lte=heard_at).exclude(code__in=OWN_CODES).update(closed_at=now)


def faults_fade(*, now: datetime) -> int:
    """Close the faults that nobody has spoken of for long; return how many."""
    silent = ScreenFault.objects.filter(closed_at=None).exclude(is_open(now))
    return silent.update(closed_at=F("seen_at"))
