"""The slow answer to "what is on the screen at t": docs/manifest.md read aloud, step by step.

It shares no code with `scheduler/`: occurrences are listed from the start of each window with
python-dateutil, rotations are played step by step.  It is only good for windows that began a few
years before t, and for rules that go on matching (python-dateutil looks for the next match until
year 9999).
"""

import hashlib
from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from manifest.model import Entry, Item, Manifest, Playlist, Window

WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
DAY_MS = 86_400_000
Span = tuple[int, int]


def ms(instant: datetime) -> int:
    """Milliseconds since 1970 in UTC."""
    return (instant - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


@dataclass(frozen=True)
class Answer:
    """A picture without offsets; `turn_end` and spans in milliseconds."""

    layout: str | None
    kind: str | None
    id: str | None
    anchor: int | None
    zones: tuple[tuple[str, tuple[str, int, int] | None], ...]


SLATE = Answer(None, None, None, None, ())


def wall_times(window: Window, limit: datetime) -> set[datetime]:
    """3.1 without the working days: every wall time up to `limit`, from the very first."""
    found = {window.start, *window.rdates}
    if window.rrule:
        found |= set(_ruled(window, limit))
    return {wall for wall in found if wall <= limit} - set(window.exdates)


def _ruled(window: Window, limit: datetime) -> list[datetime]:
    parts = dict(part.split("=") for part in window.rrule.split(";"))
    count, until = parts.pop("COUNT", None), parts.pop("UNTIL", None)
    first = window.start
    if parts["FREQ"] == "WEEKLY" and "BYSETPOS" in parts:
        # BYSETPOS is about whole weeks (RFC 5545, 3.3.10), but python-dateutil's first week begins
        # at DTSTART: so begin with the week.
        parts.setdefault("BYDAY", WEEKDAYS[first.weekday()])
        first -= timedelta(days=(first.weekday() - WEEKDAYS.index(parts.get("WKST", "MO"))) % 7)
    text = ";".join(f"{name}={value}" for name, value in parts.items())
    added = []
    for wall in rrulestr(text, dtstart=first):
        if wall > limit or (count and len(added) + 1 >= int(count)):
            break
        if wall > window.start:
            added.append(wall)
    return [wall for wall in added if until is None or not _is_after(wall, until)]


def _is_after(wall: datetime, until: str) -> bool:
    """Only for floating UNTIL; `occurrences` looks after those with Z."""
    return not until.endswith("Z") and wall > datetime.fromisoformat(until)


def occurrences(window: Window, zone: ZoneInfo, manifest: Manifest, limit: datetime) -> list[Span]:
    """3.1 to 3.4: merged spans in milliseconds, from the first occurrence on."""
    instants = set()
    until = dict(part.split("=") for part in (window.rrule or "X=X").split(";")).get("UNTIL", "")
    for wall in wall_times(window, limit):
        instant = ms(wall.replace(tzinfo=zone, fold=0).astimezone(UTC))
        ruled = wall != window.start and wall not in window.rdates
        if ruled and until.endswith("Z") and instant > ms(datetime.fromisoformat(until)):
            continue
        day = wall.date()
        worked = day in manifest.calendar.work or (
            day.weekday() < 5 and day not in manifest.calendar.rest
        )
        if window.days == "any" or worked == (window.days == "work"):
            instants.add(instant)
    spans: list[Span] = []
    for start in sorted(instants):
        end = start + window.duration_s * 1000
        if spans and start <= spans[-1][1]:
            spans[-1] = spans[-1][0], end
        else:
            spans.append((start, end))
    return spans


class Oracle:
    """One manifest and one set of unplayable items, for instants up to `limit`."""

    def __init__(self, manifest: Manifest, limit: datetime, unplayable: frozenset[str]) -> None:
        self.manifest = manifest
        self.unplayable = unplayable
        zone = ZoneInfo(manifest.timezone)
        wall_limit = limit.astimezone(zone).replace(tzinfo=None) + timedelta(days=3)
        self.spans = {
            entry.id: occurrences(entry.window, zone, manifest, wall_limit)
            for entry in manifest.entries
        }

    @cached_property
    def edges(self) -> list[int]:
        """Every instant written in the manifest, or that follows from its windows."""
        found = {edge for spans in self.spans.values() for span in spans for edge in span}
        for takeover in self.manifest.takeovers:
            found |= {ms(takeover.from_), ms(takeover.until)}
        for playlist in self.manifest.playlists.values():
            for item in playlist.items:
                found |= {ms(at) for at in (item.valid_from, item.valid_until) if at is not None}
        return sorted(found)

    def valid(self, playlist: Playlist, t: int) -> list[Item]:
        """4.1"""
        return [
            item
            for item in playlist.items
            if item.id not in self.unplayable
            and (item.valid_from is None or ms(item.valid_from) <= t)
            and (item.valid_until is None or t < ms(item.valid_until))
        ]

    def playlists(self, layout: str) -> list[Playlist]:
        return [
            self.manifest.playlists[zone.playlist] for zone in self.manifest.layouts[layout].zones
        ]

    def is_eligible(self, layout: str, t: int) -> bool:
        return any(self.valid(playlist, t) for playlist in self.playlists(layout))

    def is_active(self, entry: Entry, t: int) -> bool:
        return any(start <= t < end for start, end in self.last_spans(entry, t))

    def last_spans(self, entry: Entry, t: int) -> list[Span]:
        """The last two spans of an entry that begin at or before t."""
        at = bisect_right(self.spans[entry.id], (t, t + 2**60))
        return self.spans[entry.id][max(at - 2, 0) : at]

    def at(self, t: int) -> tuple[Answer, int | None]:
        """The picture at t, and when its turn ends, if it is one of several."""
        manifest = self.manifest
        takeovers = [
            one
            for one in manifest.takeovers
            if ms(one.from_) <= t < ms(one.until) and self.is_eligible(one.layout, t)
        ]
        if takeovers:
            smallest = min(takeovers, key=lambda one: (-one.priority, -ms(one.from_), one.id))
            start = ms(smallest.from_)
            return self.answer(("takeover", smallest.id), smallest.layout, start, start, t), None
        fit = [
            entry
            for entry in manifest.entries
            if self.is_active(entry, t) and self.is_eligible(entry.layout, t)
        ]
        if fit:
            return self.entry_at(fit, t)
        if not self.is_eligible(manifest.default_layout, t):
            return SLATE, None
        spans = [span for entry in manifest.entries for span in self.last_spans(entry, t)]
        anchor = max((end for _start, end in spans if end <= t), default=0)
        return self.answer(("default", None), manifest.default_layout, anchor, anchor, t), None

    def entry_at(self, fit: list[Entry], t: int) -> tuple[Answer, int | None]:
        """4.3"""
        priority = max(entry.priority for entry in fit)
        anchor = max(
            edge
            for entry in self.manifest.entries
            if entry.priority == priority
            for span in self.last_spans(entry, t)
            for edge in span
            if edge <= t
        )
        takers = sorted((e for e in fit if e.priority == priority), key=lambda e: e.id)
        if len(takers) == 1:
            only = takers[0]
            return self.answer(("entry", only.id), only.layout, anchor, anchor, t), None
        lengths = [self.turn_ms(entry, anchor) for entry in takers]
        turn_start = anchor + (t - anchor) // sum(lengths) * sum(lengths)
        for entry, length in zip(takers, lengths, strict=True):
            if t < turn_start + length:
                answer = self.answer(("entry", entry.id), entry.layout, anchor, turn_start, t)
                return answer, turn_start + length
            turn_start += length
        raise AssertionError("t lies in no turn")

    def turn_ms(self, entry: Entry, anchor: int) -> int:
        if entry.turn_ms is not None:
            return entry.turn_ms
        loops = [
            sum(
                item.duration_ms
                for item in self.valid(playlist, anchor)
                for _ in range(item.weight)
            )
            for playlist in self.playlists(entry.layout)
        ]
        return max([*loops, 0]) or 10_000

    def answer(
        self, why: tuple[str, str | None], layout: str, anchor: int, start: int, t: int
    ) -> Answer:
        zones = tuple(
            (zone.id, self.slot(zone.playlist, start, t))
            for zone in sorted(self.manifest.layouts[layout].zones, key=lambda zone: zone.id)
        )
        return Answer(layout, *why, anchor, zones)

    def slot(self, name: str, turn_start: int, t: int) -> tuple[str, int, int] | None:
        """5.1 to 5.4, a step at a time."""
        playlist = self.manifest.playlists[name]
        valid = self.valid(playlist, t)
        if not valid:
            return None
        at = turn_start
        for item in playlist.items:
            for change in (item.valid_from, item.valid_until):
                if change is not None and ms(change) <= t:
                    at = max(at, ms(change))
        loop = sum(item.duration_ms * item.weight for item in valid)
        number = (t - at) // loop
        at += number * loop
        steps = shuffled(name, valid, number) if playlist.order == "shuffled" else smooth(valid)
        for item in steps:
            if t < at + item.duration_ms:
                return item.id, at, at + item.duration_ms
            at += item.duration_ms
        raise AssertionError("t lies in no step")

    def next_change(self, t: int) -> int:
        """6.1: the first later instant at which the answer is another, at most a day ahead."""
        now, turn_end = self.at(t)
        at = t
        while True:
            answer, turn_end = self.at(at)
            if answer != now:
                return at
            ends = [showing[2] for _zone, showing in answer.zones if showing is not None]
            following = self.edges[bisect_right(self.edges, at) :][:1]
            later = [edge for edge in [*following, *ends, turn_end or 0] if edge > at]
            at = min([*later, t + DAY_MS])
            if at == t + DAY_MS:
                return at


def smooth(items: list[Item]) -> list[Item]:
    """5.2, smooth weighted round-robin."""
    total = sum(item.weight for item in items)
    credit = [0] * len(items)
    steps = []
    for _ in range(total):
        credit = [have + item.weight for have, item in zip(credit, items, strict=True)]
        best = credit.index(max(credit))
        credit[best] -= total
        steps.append(items[best])
    return steps


def shuffled(playlist: str, items: list[Item], number: int) -> list[Item]:
    """5.2, shuffled."""

    def as_sorted(cycle: int) -> list[Item]:
        steps = [(item, copy) for item in items for copy in range(item.weight)]
        steps.sort(
            key=lambda step: hashlib.sha256(
                f"{playlist}/{cycle}/{step[0].id}/{step[1]}".encode()
            ).hexdigest()
        )
        return [item for item, _copy in steps]

    steps = as_sorted(number)
    if number == 0 or len({item.id for item in items}) < 2:
        return steps
    last = as_sorted(number - 1)[-1]
    if steps[0].id == last.id:
        other = next(at for at, item in enumerate(steps) if item.id != last.id)
        steps = [steps[other], *steps[:other], *steps[other + 1 :]]
    return steps
