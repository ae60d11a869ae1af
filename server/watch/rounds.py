"""The watch goes round each minute: who is missed, who is back; one message for what goes at once.

A look that comes late means that the server was away: nobody could be heard, so silence begins
anew.  Several processes may go round: the row of the last look lets one of them.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from server.screens.models import Screen
from server.telemetry.models import Heartbeat
from server.watch.attendance import FRESH, Seen, step
from server.watch.days import Measured, measured, note_minute
from server.watch.messages import Found, place_of, tell_all
from server.watch.models import Attendance, WatchLook
from server.watch.rules import Rule, Rules
from server.watch.troubles import faults_look

__all__ = ["AWAY_AFTER", "go_round"]

#: Looks come every minute; after so long without one the server was away.
AWAY_AFTER = timedelta(minutes=3)

#: Between two looks at least.
EVERY = timedelta(seconds=50)

#: Who is about to be missed goes with those who are: a power cut is one message.
TOGETHER = timedelta(minutes=2)

#: Rows that are read and written at a time, so that nobody waits long for the database.
AT_A_TIME = 500


class Suspect(NamedTuple):
    """A screen that is silent or was missed, what counts for it, and when it was heard last."""

    screen: Screen
    rule: Rule
    seen: Seen
    heard_at: datetime


def go_round(now: datetime) -> int:
    """Look at every screen once; returns how many messages were told.

    Who is heard and was not missed costs one row of its day, and nothing else: a fleet is looked at
    each minute beside the answering of requests.
    """
    up_since = _claim(now)
    if up_since is None:
        return 0
    heard = _note_day(now)
    with transaction.atomic():
        return tell_all(_events(up_since, now), now) + faults_look(heard, now)


@transaction.atomic
def _claim(now: datetime) -> datetime | None:
    """Since when the server has been there; None if another process looked just now."""
    look = WatchLook.objects.select_for_update().first()
    if look is not None and timedelta(0) <= now - look.looked_at < EVERY:
        return None
    was_away = look is None or not timedelta(0) <= now - look.looked_at < AWAY_AFTER
    up_since = now if look is None or was_away else look.up_since
    WatchLook.objects.update_or_create(
        pk=look.pk if look else 1, defaults={"looked_at": now, "up_since": up_since}
    )
    return up_since


def _note_day(now: datetime) -> dict[int, Measured | None]:
    """Roll up what the newest heartbeats say, some at a time: each writes for milliseconds.

    Returns what each screen measured, None for one that is not heard.
    """
    everything = dict[int, Measured | None]()
    day = now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    rows = Heartbeat.objects.filter(screen__retired_at=None).order_by("screen_id")
    columns = rows.values_list("screen_id", "received_at", "body", "boot")
    last = 0
    while some := list(columns.filter(screen_id__gt=last)[:AT_A_TIME]):
        heard = {
            pk: measured(body, boot) if now - at < FRESH else None for pk, at, body, boot in some
        }
        note_minute(day=day, heard=heard)
        everything |= heard
        last = some[-1][0]
    return everything


def _suspects(rules: Rules, now: datetime) -> Iterator[Suspect]:
    """The screens of which there may be something to tell."""
    silent = Q(heartbeat__received_at__lte=now - min(FRESH, rules.least_grace))
    missed = Q(attendance__isnull=False) & ~Q(attendance__state="present")
    rows = Screen.objects.filter(silent | missed, retired_at=None, heartbeat__isnull=False)
    rows = rows.select_related("site", "department", "attendance").prefetch_related("groups")
    for screen in rows.annotate(heard_at=F("heartbeat__received_at")).order_by("pk"):
        seen = _seen(getattr(screen, "attendance", None))
        yield Suspect(screen, rules.of(screen), seen, screen.heard_at)


def _events(up_since: datetime, now: datetime) -> list[Found]:
    """What is to be told; who is about to be missed where others are goes in the same message."""
    found, falling, after = list[Found](), list[tuple[Found, Seen]](), dict[int, Seen]()
    rules = Rules(now)
    for screen, rule, seen, heard_at in _suspects(rules, now):
        stepped = partial(
            step,
            seen,
            heard_at=heard_at,
            up_since=up_since,
            open_since=rule.open_since(now),
            now=now,
        )
        then, event = stepped(grace=rule.grace)
        if then != seen:
            after[screen.pk] = then
        if rule.is_muted:
            continue
        if event is not None:
            found.append(Found(screen, event))
        elif seen.state == "present":
            soon, early = stepped(grace=max(rule.grace - TOGETHER, FRESH))
            if early is not None:
                falling.append((Found(screen, early), soon))
    places = {place_of(each.screen) for each in found if each.event.kind == "gone"}
    along = [(each, soon) for each, soon in falling if place_of(each.screen) in places]
    _keep(after | {each.screen.pk: soon for each, soon in along})
    return found + [each for each, _soon in along]


def _seen(row: Attendance | None) -> Seen:
    if row is None:
        return Seen()
    absences = tuple(datetime.fromisoformat(each) for each in row.absences)
    return Seen(row.state, row.since, row.back_at, absences)  # type: ignore[arg-type]


def _keep(seen: Mapping[int, Seen]) -> None:
    rows = [
        Attendance(
            screen_id=screen,
            state=each.state,
            since=each.since,
            back_at=each.back_at,
            absences=[at.isoformat() for at in each.absences],
        )
        for screen, each in seen.items()
    ]
    Attendance.objects.bulk_create(
        rows,
        AT_A_TIME,
        update_conflicts=True,
        unique_fields=["screen"],
        update_fields=["state", "since", "back_at", "absences"],
    )
