"""What a change of the schedule would do on screens, before it is saved: who hides whom, and when.

It asks the scheduler twice, of the programme with the change and without it, and tells what
differs.  Nothing is decided or written here.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from msgspec import Struct

from scheduler.agenda import Agenda, Occurrence, Tenure, can_show, tenures
from scheduler.picture import Reason
from server.programme.repetition_words import day_words
from server.publishing.facts import EntryFacts
from server.staff.schedule.standing import Standing, Wall

__all__ = ["Clash", "Way", "clashes"]

#: So many of the next occurrences are looked at, and no further ahead than this.
MOST_OCCURRENCES, HORIZON = 40, timedelta(days=62)

#: How far a priority has to go above or below another to be plain.
STEP = 10

Kind = Literal["hidden", "hides", "turns", "empty"]
_ORDER: Sequence[Kind] = ("empty", "hidden", "turns", "hides")


class Way(Struct, frozen=True):
    """A way out: what a button says, and which field of the form it sets to what."""

    label: str
    field: str
    value: str


class Clash(Struct, frozen=True, kw_only=True):
    """What happens with one other entry (or a takeover, or nothing to show at all)."""

    kind: Kind
    name: str
    priority: int | None
    first: str
    times: int
    screens: tuple[str, ...]
    ways: tuple[Way, ...] = ()

    @property
    def is_warning(self) -> bool:
        """Will what is being arranged not be seen?"""
        return self.kind in {"hidden", "empty"}


class _Found:
    """What was found of one kind with one other."""

    def __init__(self) -> None:
        self.spans: list[tuple[datetime, datetime]] = []
        self.occurrences: set[datetime] = set()
        self.screens: dict[int, None] = {}
        self.reason: Reason | None = None


_Key = tuple[Kind, str]


def clashes(
    before: Standing, after: Standing, entry: EntryFacts, now: datetime
) -> tuple[Clash, ...]:
    """Everything that differs in the next weeks because of `entry`, which is in `after` only."""
    found: dict[_Key, _Found] = {}
    first_wall = {pk: wall for wall in before.walls for pk in wall.screens}
    clock = ZoneInfo("UTC")
    for wall in after.walls:
        clock = ZoneInfo(wall.manifest.timezone)
        for occurrence in _coming(wall, entry, now):
            old = first_wall.get(wall.screens[0])
            for key, span, reason in _of_one(wall, old, entry, occurrence, now):
                one = found.setdefault(key, _Found())
                one.spans.append(span)
                one.occurrences.add(occurrence.start)
                one.reason = one.reason or reason
                one.screens |= dict.fromkeys(wall.screens)
    names = _Names(after)
    said = [_said(key, one, entry, names, clock) for key, one in found.items()]
    return tuple(sorted(said, key=lambda each: (_ORDER.index(each.kind), each.name)))


def _coming(wall: Wall, entry: EntryFacts, now: datetime) -> Iterator[Occurrence]:
    if not any(each.id == f"e{entry.pk}" for each in wall.manifest.entries):
        return
    agenda = Agenda(entry.window, wall.manifest.timezone, wall.manifest.calendar)
    for number, each in enumerate(agenda.between(now, now + HORIZON)):
        if number < MOST_OCCURRENCES:
            yield each


def _of_one(
    wall: Wall, old: Wall | None, entry: EntryFacts, one: Occurrence, now: datetime
) -> Iterator[tuple[_Key, tuple[datetime, datetime], Reason | None]]:
    """What happens in one occurrence, span by span."""
    own, since = f"e{entry.pk}", max(one.since, now)
    earlier = list(tenures(old.manifest, since, one.until)) if old is not None else []
    layout = next(each.layout for each in wall.manifest.entries if each.id == own)
    for span in tenures(wall.manifest, since, one.until):
        part = span.since, span.until
        others = [each for each in span.holders if each.id != own]
        if len(others) < len(span.holders):
            for each in others:
                yield ("turns", str(each.id)), part, each
            if not others:
                yield from _displaced(earlier, span, own)
        elif not can_show(wall.manifest, layout, span.since):
            yield ("empty", ""), part, None
        else:
            for each in others:
                yield ("hidden", str(each.id)), part, each


def _displaced(
    earlier: Sequence[Tenure], span: Tenure, own: str
) -> Iterator[tuple[_Key, tuple[datetime, datetime], Reason | None]]:
    """Who would have the screen in a span, if this entry had not."""
    for each in earlier:
        part = max(each.since, span.since), min(each.until, span.until)
        if part[0] < part[1]:
            for reason in each.holders:
                if reason.kind == "entry" and reason.id != own:
                    yield ("hides", str(reason.id)), part, reason


class _Names:
    def __init__(self, standing: Standing) -> None:
        facts = standing.facts
        self.things = {f"e{each.pk}": each.name for each in facts.entries}
        self.things |= {f"t{each.pk}": each.name for each in facts.takeovers}
        self.screens = {pk: each.name for pk, each in facts.screens.items()}


def _said(key: _Key, one: _Found, entry: EntryFacts, names: _Names, clock: ZoneInfo) -> Clash:
    kind, other = key
    begin, end = (each.astimezone(clock) for each in min(one.spans))
    return Clash(
        kind=kind,
        name=names.things.get(other, _("the fallback") if other else ""),
        priority=one.reason.priority if one.reason is not None else None,
        first=f"{day_words(begin.date())} {_span(begin, end)}",
        times=len(one.occurrences),
        screens=tuple(sorted(names.screens[pk] for pk in one.screens)),
        ways=tuple(_ways(kind, one, entry, clock)),
    )


def _span(begin: datetime, end: datetime) -> str:
    until = "24:00" if end.hour == end.minute == 0 and end > begin else f"{end:%H:%M}"
    return f"{begin:%H:%M}–{until}"


def _ways(kind: Kind, one: _Found, entry: EntryFacts, clock: ZoneInfo) -> Iterator[Way]:
    reason = one.reason
    if reason is None or reason.kind != "entry" or reason.priority is None:
        return
    above, below = str(reason.priority + STEP), str(reason.priority - STEP)
    if kind in {"hidden", "turns"}:
        yield Way(_("Go before it (priority %(number)s)") % {"number": above}, "priority", above)
    if kind in {"hides", "turns"}:
        yield Way(_("Let it go first (priority %(number)s)") % {"number": below}, "priority", below)
    yield from _trims(one, entry, clock)


def _trims(one: _Found, entry: EntryFacts, clock: ZoneInfo) -> Iterator[Way]:
    """Shorter hours that leave the other alone, where it is the beginning or the end that meets."""
    start = entry.window.start
    finish = start + timedelta(seconds=entry.window.duration_s)
    begin, end = (each.astimezone(clock) for each in min(one.spans))
    meets: dict[str, Any] = {"begin": begin.time(), "end": end.time()}
    if meets["begin"] == start.time() and meets["end"] != finish.time():
        value = f"{meets['end']:%H:%M}"
        yield Way(_("Begin only at %(time)s") % {"time": value}, "begins", value)
    elif meets["end"] == finish.time() and meets["begin"] != start.time():
        value = f"{meets['begin']:%H:%M}"
        yield Way(_("End at %(time)s already") % {"time": value}, "ends", value)
