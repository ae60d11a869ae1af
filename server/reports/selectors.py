"""Reads of the sums: what was shown, by item, screen or day; and how far it can be known.

Callers give the screens in the reader's reach.  Time of which nothing is known is told as unknown,
never as nothing shown.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, OuterRef, QuerySet, Sum
from msgspec import Struct

from server.reports.counting import DayKey, Sums, Tally, fresh
from server.reports.models import PlayDay, ScreenDay
from server.screens.models import Screen

__all__ = [
    "LONGEST_DAYS",
    "By",
    "Hours",
    "Period",
    "PlayRow",
    "PlayTotals",
    "hours_by_day",
    "hours_by_screen",
    "play_rows",
    "play_totals",
]

#: The longest period of a report: a leap year.
LONGEST_DAYS = 366

By = Literal["item", "screen", "day"]


class Period(Struct, frozen=True):
    """Days of the screens' own calendars, first and last included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    def each(self) -> Iterator[date]:
        """The days in order."""
        return (self.first + timedelta(days=n) for n in range(self.days))


class PlayTotals(Struct):
    """Plays added up: whole ones, ones cut short, ones of unknown length, and the time shown."""

    full: int = 0
    cut: int = 0
    other: int = 0
    ms: int = 0

    @property
    def times(self) -> int:
        """All plays."""
        return self.full + self.cut + self.other

    @property
    def hours(self) -> float:
        """The time shown, in hours."""
        return self.ms / 3_600_000

    def add(self, full: int, cut: int, other: int, ms: int) -> None:
        """Add some more."""
        self.full += full
        self.cut += cut
        self.other += other
        self.ms += ms


class PlayRow(PlayTotals):
    """One line of proof of play: an asset, a screen, or a day.

    `key` is the asset's id, the screen's primary key, or the day; `screens` how many showed it.
    """

    key: object = None
    name: str = ""
    screens: int = 0


class Hours(Struct):
    """Hours of operation: how many were due, in how many the box was heard of or played.

    `key` is the screen's primary key, or the day.
    """

    key: object = None
    due: int = 0
    heard: int = 0
    known: int = 0

    @property
    def unknown(self) -> int:
        """Hours of which nobody can say what stood there."""
        return self.due - self.known

    @property
    def share(self) -> float | None:
        """The share of the due hours that are known; None where none was due."""
        return self.known / self.due if self.due else None


class _Asked(Struct):
    """What is asked for: whose screens, which days, in which lines, of which sums (None: all)."""

    names: dict[int, str]
    period: Period
    by: By
    only: "QuerySet[PlayDay] | None"


def play_rows(
    screens: QuerySet[Screen], period: Period, by: By, only: "QuerySet[PlayDay] | None" = None
) -> tuple[list[PlayRow], bool]:
    """Proof of play, the most shown first (days in order); and whether the last minutes are in it.

    `only` narrows to some of the sums (of one asset, say).
    """
    asked = _Asked(dict(screens.values_list("pk", "name")), period, by, only)
    found = _kept(asked, screens)
    tally = fresh(asked.names)
    if tally is not None:
        _add_fresh(found, tally, asked)
    rows = found.values()
    if by == "day":
        return sorted(rows, key=lambda row: str(row.key)), tally is not None
    return sorted(rows, key=lambda row: (-row.ms, row.name)), tally is not None


def play_totals(screens: QuerySet[Screen], period: Period) -> PlayTotals:
    """All plays of these screens in a period."""
    totals = PlayTotals()
    for row in play_rows(screens, period, "day")[0]:
        totals.add(row.full, row.cut, row.other, row.ms)
    return totals


_GROUPS: dict[By, str] = {"item": "asset", "screen": "screen_id", "day": "day"}
_SUMS = ("full", "cut", "other", "ms")


def _kept(asked: _Asked, screens: QuerySet[Screen]) -> dict[object, PlayRow]:
    days = PlayDay.objects.all() if asked.only is None else asked.only
    span = (asked.period.first, asked.period.last)
    rows = days.filter(screen__in=screens, day__range=span, ms__gt=0)
    group = _GROUPS[asked.by]
    sums = {f"sum_{name}": Sum(name) for name in _SUMS}
    grouped = rows.order_by().values(group).annotate(**sums, on=Count("screen", distinct=True))
    found: dict[object, PlayRow] = {}
    for each in grouped:
        key, values = each[group], {name: each[f"sum_{name}"] for name in _SUMS}
        found[key] = PlayRow(key=key, name=_name(asked, key), screens=each["on"], **values)
    if asked.by == "item":
        _title(found, rows)
    return found


def _name(asked: _Asked, key: object) -> str:
    is_screen = asked.by == "screen" and isinstance(key, int)
    return asked.names.get(key, "") if is_screen else str(key)  # type: ignore[call-overload]  # an int


def _title(found: dict[object, PlayRow], rows: QuerySet[PlayDay]) -> None:
    """The newest title under which each was shown; what never had one keeps its id."""
    titles = rows.exclude(title="").order_by("day").values_list("asset", "title").distinct()
    for asset, title in titles:
        if asset in found:
            found[asset].name = title


def _add_fresh(found: dict[object, PlayRow], tally: Tally, asked: _Asked) -> None:
    """Plays of the last minutes; of `only`, those whose item has been shown before."""
    items: set[str] | None = None
    if asked.only is not None:
        items = set(asked.only.order_by().values_list("item", flat=True).distinct())
    for key, sums in tally.days.items():
        is_meant = items is None or key.item in items
        if is_meant and asked.period.first <= key.day <= asked.period.last:
            group = _PICK[asked.by](key)
            row = found.setdefault(group, PlayRow(key=group, screens=1))
            row.add(sums.full, sums.cut, sums.other, sums.ms)
            row.name = row.name or _fresh_name(asked, group, sums)


_PICK: dict[By, Callable[[DayKey], object]] = {
    "item": lambda key: key.asset,
    "screen": lambda key: key.screen,
    "day": lambda key: key.day,
}


def _fresh_name(asked: _Asked, key: object, sums: Sums) -> str:
    is_titled = asked.by == "item" and sums.told is not None
    return sums.told.title if is_titled and sums.told else _name(asked, key)


def hours_by_screen(
    screens: QuerySet[Screen],
    period: Period,
    now: datetime,
    only: "QuerySet[PlayDay] | None" = None,
) -> list[Hours]:
    """The hours of each screen up to the one that runs; those of which least is known first.

    `only` narrows to the days of screens on which one of these sums was due.
    """
    found = _hours(screens, period, now, lambda screen, _day: screen, only)
    return sorted(found, key=lambda each: (each.share is None, each.share))


def hours_by_day(
    screens: QuerySet[Screen],
    period: Period,
    now: datetime,
    only: "QuerySet[PlayDay] | None" = None,
) -> list[Hours]:
    """The hours of all these screens, day by day; every day of the period is there.

    `only` narrows as it does in `hours_by_screen`, so that both add up to the same.
    """
    found = _hours(screens, period, now, lambda _screen, day: day, only)
    known = {each.key: each for each in found}
    return [known.get(day) or Hours(key=day) for day in period.each()]


def _hours(
    screens: QuerySet[Screen],
    period: Period,
    now: datetime,
    pick: Callable[[int, date], object],
    only: "QuerySet[PlayDay] | None",
) -> list[Hours]:
    rows = ScreenDay.objects.filter(screen__in=screens, day__range=(period.first, period.last))
    if only is not None:
        meant = only.filter(screen=OuterRef("screen"), day=OuterRef("day"), planned_ms__gt=0)
        rows = rows.filter(Exists(meant.order_by()))
    clocks = {
        pk: now.astimezone(ZoneInfo(zone)) for pk, zone in screens.values_list("pk", "timezone")
    }
    found: dict[object, Hours] = {}
    columns = rows.values_list("screen_id", "day", "due", "heard", "played")
    for screen, day, due, heard, played in columns.iterator(chunk_size=5000):
        clock = clocks[screen]
        over = due & ((1 << clock.hour) - 1) if day == clock.date() else due
        each = found.setdefault(pick(screen, day), Hours(key=pick(screen, day)))
        each.due += over.bit_count()
        each.heard += (over & heard).bit_count()
        each.known += (over & (heard | played)).bit_count()
    return list(found.values())
