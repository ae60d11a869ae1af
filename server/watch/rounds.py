"""The watch goes round each minute: who is missed, who is back; one message for what goes at once.

A look that comes late means that the server was away: nobody could be heard, so silence begins
anew.  Several processes may go round: the row of the last look lets one of them.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from manifest.model import Calendar
from server.alerts.kinds import Kind
from server.alerts.services import tell
from server.programme.models import CalendarDay
from server.screens.models import Screen
from server.sentences import Sentence
from server.telemetry.models import Heartbeat
from server.watch.attendance import FRESH, Event, Seen, step
from server.watch.days import Measured, measured, note_minute
from server.watch.hours import Hours
from server.watch.models import Attendance, OperatingHours, WatchLook

__all__ = ["AWAY_AFTER", "go_round"]

#: Looks come every minute; after so long without one the server was away.
AWAY_AFTER = timedelta(minutes=3)

#: Between two looks at least.
EVERY = timedelta(seconds=50)

#: Who is about to be missed goes with those who are: a power cut is one message.
TOGETHER = timedelta(minutes=2)

#: Names in one message; of the others it says how many they are.
NAMED = 5


class Rule(NamedTuple):
    """What counts for one screen."""

    hours: Hours
    panel: Hours
    grace: timedelta
    is_muted: bool

    def open_since(self, now: datetime) -> datetime | None:
        """Since when it is expected to be heard; None: it is not."""
        opened, lit = self.hours.open_since(now), self.panel.open_since(now)
        return None if opened is None or lit is None else max(opened, lit)


class Found(NamedTuple):
    """A screen of this round, and what is to be told of it."""

    screen: Screen
    event: Event


@transaction.atomic
def go_round(now: datetime) -> int:
    """Look at every screen once; returns how many messages were told."""
    look = WatchLook.objects.select_for_update().first()
    if look is not None and timedelta(0) <= now - look.looked_at < EVERY:
        return 0
    was_away = look is None or not timedelta(0) <= now - look.looked_at < AWAY_AFTER
    up_since = now if look is None or was_away else look.up_since
    WatchLook.objects.update_or_create(
        pk=look.pk if look else 1, defaults={"looked_at": now, "up_since": up_since}
    )
    screens = list(_screens())
    beats = _beats()
    _note_day(screens, beats, now)
    found = _events(screens, beats, up_since, now)
    return sum(
        _tell(kind, each, now) for kind in ("gone", "back") for each in _grouped(found, kind)
    )


def _screens() -> Iterable[Screen]:
    rows = Screen.objects.filter(retired_at=None, heartbeat__isnull=False)
    return rows.select_related("site", "department").prefetch_related("groups")


class _Beat(NamedTuple):
    heard_at: datetime
    measured: Measured


def _beats() -> dict[int, _Beat]:
    rows = Heartbeat.objects.values_list("screen_id", "received_at", "body", "boot")
    return {pk: _Beat(at, measured(body, boot)) for pk, at, body, boot in rows}


def _note_day(screens: list[Screen], beats: Mapping[int, _Beat], now: datetime) -> None:
    heard = {
        screen.pk: beats[screen.pk].measured
        for screen in screens
        if now - beats[screen.pk].heard_at < FRESH
    }
    day = now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    note_minute(day=day, screens=[each.pk for each in screens], heard=heard)


def _events(
    screens: list[Screen], beats: Mapping[int, _Beat], up_since: datetime, now: datetime
) -> list[Found]:
    rules, kept = _Rules(), Attendance.objects.in_bulk([each.pk for each in screens])
    found, falling = list[Found](), list[tuple[Screen, Seen, Event]]()
    for screen in screens:
        seen, rule = _seen(kept.get(screen.pk)), rules.of(screen)
        beat = beats[screen.pk]
        facts = {
            "heard_at": beat.heard_at,
            "up_since": up_since,
            "open_since": rule.open_since(now),
            "now": now,
        }
        after, event = step(seen, grace=rule.grace, **facts)  # type: ignore[arg-type]
        if event is not None and not rule.is_muted:
            found.append(Found(screen, event))
        elif event is None and seen.state == "present" and not rule.is_muted:
            soon, early = step(seen, grace=max(rule.grace - TOGETHER, FRESH), **facts)  # type: ignore[arg-type]
            if early is not None:
                falling.append((screen, soon, early))
        if after != seen:
            _keep(screen, after)
    return found + _fall_along(found, falling)


def _fall_along(found: list[Found], falling: list[tuple[Screen, Seen, Event]]) -> list[Found]:
    """Those who are about to be missed where others are: they go in the same message."""
    places = {_place(each.screen) for each in found if each.event.kind == "gone"}
    along = [each for each in falling if _place(each[0]) in places]
    for screen, seen, _event in along:
        _keep(screen, seen)
    return [Found(screen, event) for screen, _seen, event in along]


def _place(screen: Screen) -> tuple[int, int]:
    return screen.site_id, screen.department_id


def _seen(row: Attendance | None) -> Seen:
    if row is None:
        return Seen()
    absences = tuple(datetime.fromisoformat(each) for each in row.absences)
    return Seen(row.state, row.since, row.back_at, absences)  # type: ignore[arg-type]


def _keep(screen: Screen, seen: Seen) -> None:
    Attendance.objects.update_or_create(
        screen=screen,
        defaults={
            "state": seen.state,
            "since": seen.since,
            "back_at": seen.back_at,
            "absences": [each.isoformat() for each in seen.absences],
        },
    )


# --- hours ---------------------------------------------------------------------------------------


class _Rules:
    """The rules of one round; hours that are the same are read once."""

    def __init__(self) -> None:
        rows = list(OperatingHours.objects.all())
        self._of_site = {row.site_id: row for row in rows if row.site_id}
        self._of_group = {row.group_id: row for row in rows if row.group_id}
        days = list(CalendarDay.objects.values_list("date", "kind"))
        self._calendar = Calendar(
            rest=frozenset(at for at, kind in days if kind == "rest"),
            work=frozenset(at for at, kind in days if kind == "work"),
        )
        self._hours = lru_cache(maxsize=None)(self._read)

    def of(self, screen: Screen) -> Rule:
        """What counts for this screen: its groups' hours, else its site's, else always."""
        groups = [self._of_group.get(each.pk) for each in screen.groups.all()]
        rows = [row for row in groups if row is not None]
        if not rows and (row := self._of_site.get(screen.site_id)) is not None:
            rows = [row]
        written = None
        if rows and all(row.windows is not None for row in rows):
            written = [window for row in rows for window in row.windows or ()]
        grace = max((row.grace_minutes for row in rows), default=10)
        return Rule(
            self._hours(json.dumps(written), screen.timezone),
            self._hours(json.dumps(screen.panel_on), screen.timezone),
            timedelta(minutes=grace),
            any(row.is_muted for row in rows),
        )

    def _read(self, written: str, zone: str) -> Hours:
        return Hours(json.loads(written), zone, self._calendar)


# --- messages ------------------------------------------------------------------------------------


def _grouped(found: list[Found], kind: str) -> list[list[Found]]:
    by_place: defaultdict[tuple[int, int], list[Found]] = defaultdict(list)
    for each in found:
        if each.event.kind == kind:
            by_place[_place(each.screen)].append(each)
    return list(by_place.values())


def _tell(kind: str, found: list[Found], now: datetime) -> int:
    first = found[0]
    said = _gone(found) if kind == "gone" else _back(found)
    alone = len(found) == 1
    told = tell(
        kind=Kind.SCREEN_OFFLINE if kind == "gone" else Kind.SCREEN_BACK,
        said=said,
        department=first.screen.department,
        link=f"/screens/{first.screen.pk}/" if alone else f"/screens/?site={first.screen.site_id}",
        now=now,
    )
    return int(told is not None)


def _gone(found: list[Found]) -> Sentence:
    screen = found[0].screen
    since = _wall(min(each.event.since for each in found), screen)
    if len(found) == 1:
        return Sentence(
            "%(screen)s (%(site)s) has not been heard since %(since)s: look whether its box has"
            " power and network.",
            {"screen": screen.name, "site": screen.site.name, "since": since},
        )
    return Sentence(
        "%(n)d screens of %(site)s have not been heard since %(since)s: %(names)s. If they fell"
        " silent together, look at the power and the network there.",
        {"n": len(found), "site": screen.site.name, "since": since, "names": _names(found)},
    )


def _back(found: list[Found]) -> Sentence:
    screen, event = found[0]
    longest = max(each.event.length for each in found)
    minutes = max(round(longest.total_seconds() / 60), 1)
    if len(found) == 1:
        return Sentence(
            "%(screen)s (%(site)s) is back; it was away for %(minutes)d minutes, from %(since)s.",
            {
                "screen": screen.name,
                "site": screen.site.name,
                "minutes": minutes,
                "since": _wall(event.since, screen),
            },
        )
    return Sentence(
        "%(n)d screens of %(site)s are back, after up to %(minutes)d minutes: %(names)s.",
        {"n": len(found), "site": screen.site.name, "minutes": minutes, "names": _names(found)},
    )


def _names(found: list[Found]) -> str:
    named = [each.screen.name for each in found[:NAMED]]
    more = len(found) - len(named)
    return ", ".join(named) + (f" +{more}" if more else "")


def _wall(at: datetime, screen: Screen) -> str:
    return f"{at.astimezone(ZoneInfo(screen.timezone)):%m-%d %H:%M}"
