"""Counts plays into sums by day, each play once.

Plays come in the order of their keys and are counted in it, a few thousand in a transaction that
also moves the mark: killed at any point, the next run goes on where the last ended.  What is not
counted yet (minutes' worth) is counted in memory for whoever looks (`fresh`).
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Max

from server.reports.contents import Contents, Told
from server.reports.local_days import hours_touched, parts_by_day
from server.reports.models import CountingMark, PlayDay, ScreenDay
from server.rollup import ADD, BITS, KEEP, roll_up
from server.screens.models import Screen
from server.telemetry.models import PlayRecord

__all__ = ["DayKey", "Sums", "Tally", "count_plays", "fresh", "uncounted"]

#: Plays of one transaction, so that nobody waits long for the database.
AT_A_TIME = 5_000

#: By how much a play may be shorter than it was due and count as full, in milliseconds: a frame or
#: two at either end, and a transition.
SHORT_MS = 1_000

#: Plays that are counted in memory for a reader, at most.
FRESH_MOST = 50_000

_COLUMNS = ("screen_id", "item", "asset", "start", "end", "manifest_version")


class DayKey(NamedTuple):
    """What `PlayDay` has one row of."""

    screen: int
    day: date
    item: str
    asset: str


class Sums:
    """The sums of one `DayKey`."""

    def __init__(self, told: Told | None) -> None:
        self.told = told
        self.full = self.cut = self.other = self.ms = 0


class Tally:
    """Plays added up: sums by day, and the hours in which something was played."""

    def __init__(self) -> None:
        self.days: dict[DayKey, Sums] = {}
        self.hours: dict[tuple[int, date], int] = {}

    def add(
        self, key: tuple[int, str, str], start: datetime, end: datetime, told: Told | None,
        zone: ZoneInfo,
    ) -> None:  # fmt: skip
        """Add one play: it counts on the day on which it began, its time where it was."""
        screen, item, asset = key
        sums = None
        for day, ms in parts_by_day(start, end, zone):
            at = self.days.setdefault(DayKey(screen, day, item, asset), Sums(told))
            at.ms += ms
            sums = sums or at
        if sums is not None:
            self._count(sums, round((end - start) / timedelta(milliseconds=1)), told)
        for day, hour in hours_touched(start, end, zone):
            self.hours[screen, day] = self.hours.get((screen, day), 0) | 1 << hour

    @staticmethod
    def _count(sums: Sums, ms: int, told: Told | None) -> None:
        if told is None:
            sums.other += 1
        elif ms >= told.duration_ms - SHORT_MS:
            sums.full += 1
        else:
            sums.cut += 1


def uncounted() -> int:
    """How many plays wait to be counted, as far as keys tell."""
    newest = PlayRecord.objects.aggregate(newest=Max("pk"))["newest"] or 0
    return max(0, newest - _mark().counted)


def fresh(screens: Iterable[int]) -> Tally | None:
    """What is not counted yet, of these screens; None where that is too much to count just now."""
    counted = _mark().counted
    rows = PlayRecord.objects.filter(pk__gt=counted).order_by("pk")
    found = list(rows.values_list(*_COLUMNS)[: FRESH_MOST + 1])
    if len(found) > FRESH_MOST:
        return None
    wanted = set(screens)
    return _tallied((row for row in found if row[0] in wanted), _zones(), Contents())


def count_plays(now: datetime) -> int:
    """Count all plays up to the newest of the last look; return how many."""
    counted, contents, zones = 0, Contents(), _zones()
    while more := _count_some(contents, zones, now):
        counted += more
    newest = PlayRecord.objects.aggregate(newest=Max("pk"))["newest"] or 0
    CountingMark.objects.filter(pk=1).update(noted=newest)
    return counted


def _count_some(contents: Contents, zones: Mapping[int, ZoneInfo], now: datetime) -> int:
    with transaction.atomic():
        CountingMark.objects.get_or_create(pk=1)
        mark = CountingMark.objects.select_for_update().get(pk=1)
        rows = PlayRecord.objects.filter(pk__gt=mark.counted, pk__lte=mark.noted).order_by("pk")
        found = list(rows.values_list("pk", *_COLUMNS)[:AT_A_TIME])
        if found:
            _keep(_tallied((row[1:] for row in found), zones, contents))
            mark.counted, mark.counted_at = found[-1][0], now
            mark.save(update_fields=["counted", "counted_at"])
    return len(found)


def _tallied(
    rows: Iterable[tuple[int, str, str, datetime, datetime, int | None]],
    zones: Mapping[int, ZoneInfo],
    contents: Contents,
) -> Tally:
    tally = Tally()
    for screen, item, asset, start, end, version in rows:
        zone = zones.get(screen)
        if zone is not None:
            told = contents.of(screen, version).get(item)
            tally.add((screen, item, asset), start, end, told, zone)
    return tally


def _keep(tally: Tally) -> None:
    """Add sums to the rows that are there, and make those that are not."""
    roll_up(
        PlayDay,
        ("screen_id", "day", "item", "asset"),
        {
            **dict.fromkeys(("full", "cut", "other", "ms"), ADD),
            "title": _OF_NEWEST,
            "playlist": _OF_NEWEST,
        },
        (
            (*key, each.full, each.cut, each.other, each.ms, *_words(each.told))
            for key, each in tally.days.items()
        ),
    )
    roll_up(
        ScreenDay,
        ("screen_id", "day"),
        {"played": BITS, "due": KEEP, "heard": KEEP, "is_planned": KEEP},
        ((screen, day, mask, 0, 0, False) for (screen, day), mask in tally.hours.items()),
    )


#: What is called so now; a play of something that was not published here changes no name.
_OF_NEWEST = "CASE WHEN {excluded}title <> '' THEN {comes} ELSE {kept} END"


def _words(told: Told | None) -> tuple[str, str]:
    return ("", "") if told is None else (told.title[:200], told.playlist)


def _mark() -> CountingMark:
    return CountingMark.objects.filter(pk=1).first() or CountingMark()


def _zones() -> dict[int, ZoneInfo]:
    return {pk: ZoneInfo(name) for pk, name in Screen.objects.values_list("pk", "timezone")}
