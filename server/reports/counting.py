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
    screens = {key.screen for key in tally.days}
    dates = {key.day for key in tally.days}
    there = {
        DayKey(row.screen_id, row.day, row.item, row.asset): row
        for row in PlayDay.objects.filter(screen__in=screens, day__in=dates)
    }
    new = []
    for key, sums in tally.days.items():
        row = there.get(key)
        if row is None:
            row = PlayDay(screen_id=key.screen, day=key.day, item=key.item, asset=key.asset)
            new.append(row)
        _add(row, sums)
    PlayDay.objects.bulk_create(new, batch_size=200)
    changed = [there[key] for key in tally.days if key in there]
    columns = ["full", "cut", "other", "ms", "title", "playlist"]
    PlayDay.objects.bulk_update(changed, columns, batch_size=100)
    _keep_hours(tally.hours)


def _add(row: PlayDay, sums: Sums) -> None:
    row.full += sums.full
    row.cut += sums.cut
    row.other += sums.other
    row.ms += sums.ms
    if sums.told is not None:
        row.title, row.playlist = sums.told.title[:200], sums.told.playlist


def _keep_hours(hours: Mapping[tuple[int, date], int]) -> None:
    rows = ScreenDay.objects.filter(
        screen__in={screen for screen, _day in hours}, day__in={day for _screen, day in hours}
    )
    there = {(row.screen_id, row.day): row for row in rows}
    new, changed = [], []
    for (screen, day), mask in hours.items():
        row = there.get((screen, day))
        if row is None:
            new.append(ScreenDay(screen_id=screen, day=day, played=mask))
        elif row.played | mask != row.played:
            row.played |= mask
            changed.append(row)
    ScreenDay.objects.bulk_create(new, batch_size=200)
    ScreenDay.objects.bulk_update(changed, ["played"], batch_size=200)


def _mark() -> CountingMark:
    return CountingMark.objects.filter(pk=1).first() or CountingMark()


def _zones() -> dict[int, ZoneInfo]:
    return {pk: ZoneInfo(name) for pk, name in Screen.objects.values_list("pk", "timezone")}
