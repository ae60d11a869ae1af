"""What goes on air today, as lines of a day: who has which screens from when until when.

What was published, as the scheduler itself says it; not what is merely arranged.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from msgspec import Struct

from manifest.model import Manifest
from scheduler.agenda import tenures
from scheduler.picture import Reason
from server.programme.models import Entry, Takeover
from server.publishing.glass import manifest_of, ready
from server.publishing.selectors import Told

__all__ = ["Bar", "Day", "Lane", "day_of"]

#: Lines that are drawn; of more there is the schedule.
LANES = 8

Key = tuple[str, str | None]
Spans = list[tuple[datetime, datetime]]


class Bar(Struct, frozen=True):
    """A span in per cent of the day, and in words: "08:00–18:00"."""

    left: float
    width: float
    words: str


class Lane(Struct, frozen=True):
    """An entry, a takeover or the fallback, on so many screens."""

    kind: str
    name: str
    url: str
    screens: int
    bars: list[Bar]


class Day(Struct, frozen=True):
    """The lanes of a day; `now` is where we are, in per cent; `hours` pairs of place and hour."""

    lanes: list[Lane]
    more: int
    now: float
    hours: list[tuple[float, int]]


def day_of(publications: Mapping[int, Told], now: datetime) -> Day:
    """The day in which `now` lies, of these screens' newest publications."""
    ready(publications.values())
    clock = ZoneInfo(settings.TIME_ZONE)
    begin = datetime.combine(now.astimezone(clock).date(), time(0), clock)
    end = begin + timedelta(days=1)
    spans: dict[Key, Spans] = {}
    screens: dict[Key, int] = {}
    for each in publications.values():
        held = _held(each.content_sha256, manifest_of(each), begin, end)
        for key, own in held.items():
            spans.setdefault(key, []).extend(own)
            screens[key] = screens.get(key, 0) + 1
    lanes = [
        _lane(key, joined(own), screens[key], begin, clock)
        for key, own in spans.items()
        if key[0] != "default"
    ]
    named = _named(sorted(lanes, key=lambda each: (each.kind != "takeover", each.bars[0].left)))
    return Day(named[:LANES], max(0, len(named) - LANES), _place(now, begin), _hours())


_days: dict[tuple[str, datetime], dict[Key, Spans]] = {}


def _held(sha256: str, manifest: Manifest, begin: datetime, end: datetime) -> dict[Key, Spans]:
    """Who has the screen when, by who; kept until the day is over."""
    known = _days.get((sha256, begin))
    if known is None:
        if any(at != begin for _pk, at in list(_days)):
            _days.clear()
        known = {}
        for tenure in tenures(manifest, begin, end):
            for holder in tenure.holders:
                known.setdefault(_key(holder), []).append((tenure.since, tenure.until))
        _days[sha256, begin] = known
    return known


def _key(holder: Reason) -> Key:
    return holder.kind, holder.id


def joined(spans: Iterable[tuple[datetime, datetime]]) -> Spans:
    """The same time as spans that neither touch nor overlap, in order."""
    found: Spans = []
    for since, until in sorted(spans):
        if found and since <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], until))
        else:
            found.append((since, until))
    return found


def _lane(key: Key, spans: Spans, screens: int, begin: datetime, clock: ZoneInfo) -> Lane:
    bars = [
        Bar(
            _place(since, begin),
            max(0.4, _place(until, begin) - _place(since, begin)),
            f"{since.astimezone(clock):%H:%M}–{_end(until, begin, clock)}",
        )
        for since, until in spans
    ]
    return Lane(key[0], key[1] or "", "", screens, bars)


def _end(until: datetime, begin: datetime, clock: ZoneInfo) -> str:
    return "24:00" if until >= begin + timedelta(days=1) else f"{until.astimezone(clock):%H:%M}"


def _place(at: datetime, begin: datetime) -> float:
    return round(min(100.0, max(0.0, (at - begin) / timedelta(days=1) * 100)), 2)


@lru_cache(maxsize=1)
def _hours() -> list[tuple[float, int]]:
    return [(round(hour / 24 * 100, 2), hour) for hour in range(0, 24, 3)]


def _named(lanes: list[Lane]) -> list[Lane]:
    """The same with people's names and addresses in the place of ids."""
    names: dict[str, str] = {}
    for letter, model in (("e", Entry), ("t", Takeover)):
        pks = [
            int(each.name[1:])
            for each in lanes
            if each.name[:1] == letter and each.name[1:].isdigit()
        ]
        rows = model._default_manager.filter(pk__in=pks)  # noqa: SLF001  (Django's own name)
        names |= {f"{letter}{pk}": name for pk, name in rows.values_list("pk", "name")}
    return [
        Lane(
            each.kind,
            names.get(each.name) or _("Deleted meanwhile"),
            _address(each, names),
            each.screens,
            each.bars,
        )
        for each in lanes
    ]


def _address(lane: Lane, names: Mapping[str, str]) -> str:
    is_there = lane.kind == "entry" and lane.name in names
    return (
        reverse("staff:entry", args=[int(lane.name[1:])]) if is_there else reverse("staff:schedule")
    )
