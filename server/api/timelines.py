"""What a screen shows from when to when, and why, for scripts: as the schedule's pages show it.

Three questions: each occurrence of what is arranged, and what becomes of it; who has the screen
span by span; and what the scheduler says of everything at one instant.  Reads only.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from msgspec import Struct

from manifest.model import Entry, Manifest, Takeover
from scheduler.agenda import Agenda, Occurrence, Tenure, tenures
from server.api.interface import Call, Operation
from server.api.reading import found, instant, visible
from server.errors import Invalid, TooLarge
from server.publishing.compile import EMPTY_LAYOUT
from server.publishing.facts import Facts
from server.publishing.fates import fate_of
from server.publishing.naming import names_in
from server.publishing.preview import Of, manifest_of
from server.publishing.why import Reasoned, reasons_at, seen_at
from server.screens.models import Screen

__all__ = ["OPERATIONS"]

#: The longest span of one question, in days, and the most that one answer tells.
MOST_DAYS, MOST_OCCURRENCES, MOST_SPANS = 35, 5_000, 500

_OF: dict[str, Of] = {"published": "published", "programme": "programme"}


class Span(Struct):
    """From an instant to another, that one not included."""

    since: datetime
    until: datetime


class OccurrenceValue(Struct):
    """One occurrence of an entry, or a takeover, and what becomes of it.

    `start` is its wall time, by which `exdates` would leave it out (null: a takeover).  `state` is
    shown, turns, partly, hidden or empty; `shown` says when it has the screen, in turns with others
    or alone; `hidden_by` are the names of what has it else.
    """

    kind: str
    id: int
    name: str
    layout: str
    priority: int
    start: str | None
    since: datetime
    until: datetime
    state: str
    shown: list[Span]
    hidden_by: list[str]


class Occurrences(Struct):
    """All that is arranged for a screen in a span, by when it begins."""

    since: datetime
    until: datetime
    timezone: str
    occurrences: list[OccurrenceValue]


class ReasonValue(Struct):
    """What the scheduler says of a takeover, an entry or the fallback (`id` null) at an instant.

    `words` for people, `cause` what lies behind it (empty: nothing else); `code` and `values` are
    the same for programs (docs/timeline.md).
    """

    kind: str
    id: int | None
    name: str
    won: bool
    words: str
    cause: str
    code: str
    values: dict[str, Any]


class SpanValue(Struct):
    """Who has the screen from `since` to `until`: several take turns, none is the slate."""

    since: datetime
    until: datetime
    holders: list[ReasonValue]


class Timeline(Struct):
    """Who has the screen when; `next` is the `since` to go on from (null: that is all)."""

    since: datetime
    until: datetime
    timezone: str
    spans: list[SpanValue]
    next: datetime | None


class ZoneValue(Struct):
    """What a zone shows, from when until when (null: its background)."""

    zone: str
    title: str | None
    since: datetime | None
    until: datetime | None


class Moment(Struct):
    """What is on a screen at an instant, until when, and why: a reason for all that there is."""

    at: datetime
    until: datetime
    layout: str | None
    zones: list[ZoneValue]
    reasons: list[ReasonValue]


def screen_occurrences(call: Call, screen: int) -> Occurrences:
    """Tell what is arranged for a screen in a span, and what becomes of it."""
    manifest, (since, until) = _manifest(call, screen), _span(call)
    names = _names(manifest)
    every = _occurrences(manifest, since, until, names)
    found_ones = list(islice(every, MOST_OCCURRENCES + 1))
    if len(found_ones) > MOST_OCCURRENCES:
        raise TooLarge(
            "More than %(most)d occurrences: ask for a shorter span.",
            values={"most": MOST_OCCURRENCES},
        )
    found_ones.sort(key=lambda each: (each.since, each.until, each.kind, each.id))
    return Occurrences(since, until, manifest.timezone, found_ones)


def screen_timeline(call: Call, screen: int) -> Timeline:
    """Tell who has a screen from when to when, and why."""
    manifest, (since, until) = _manifest(call, screen), _span(call)
    names = _names(manifest)
    spans = list(islice(tenures(manifest, since, until), MOST_SPANS + 1))
    told = [_told(manifest, each, names) for each in spans[:MOST_SPANS]]
    following = spans[MOST_SPANS].since if len(spans) > MOST_SPANS else None
    return Timeline(since, until, manifest.timezone, told, following)


def screen_why(call: Call, screen: int) -> Moment:
    """Tell what is on a screen at an instant, and what the scheduler says of all that there is."""
    manifest = _manifest(call, screen)
    at = call.now if call.query("at") is None else instant(call, "at").astimezone(UTC)
    seen = seen_at(manifest, at, _names(manifest))
    zones = [ZoneValue(each.zone, each.title, each.since, each.until) for each in seen.zones]
    return Moment(at, seen.until, seen.layout, zones, [_reason(each) for each in seen.reasons])


def _manifest(call: Call, screen: int) -> Manifest:
    row = found(visible(call, Screen).select_related("site"), screen, "screen")
    try:
        of = _OF[call.query("of") or "programme"]
    except KeyError:
        raise Invalid("of is published or programme.") from None
    return manifest_of(row, of, call.now)


def _span(call: Call) -> tuple[datetime, datetime]:
    since, until = (instant(call, name).astimezone(UTC) for name in ("since", "until"))
    if not timedelta() < until - since <= timedelta(days=MOST_DAYS):
        raise Invalid("until is after since, by %(most)d days at most.", values={"most": MOST_DAYS})
    return since, until


def _names(manifest: Manifest) -> dict[str, str]:
    return names_in(Facts(), [manifest]) | {EMPTY_LAYOUT: "-"}


def _named(names: Mapping[str, str], id_: str) -> str:
    """What a takeover shows is named alike (`t7.l5`)."""
    return names.get(id_.rpartition(".")[2], id_)


def _occurrences(
    manifest: Manifest, since: datetime, until: datetime, names: Mapping[str, str]
) -> Iterator[OccurrenceValue]:
    spans = list(tenures(manifest, since, until))
    for kind, thing, each in _arranged(manifest, since, until):
        fate = fate_of(thing, manifest, spans, each, (since, until))
        yield OccurrenceValue(
            kind=kind, id=int(thing.id[1:]), name=_named(names, thing.id),
            layout=_named(names, thing.layout), priority=thing.priority,
            start=f"{each.start:%Y-%m-%dT%H:%M:%S}" if kind == "entry" else None,
            since=each.since, until=each.until, state=fate.state,
            shown=[Span(*one) for one in fate.shown],
            hidden_by=[_named(names, one or manifest.default_layout) for one in fate.by],
        )  # fmt: skip


def _arranged(
    manifest: Manifest, since: datetime, until: datetime
) -> Iterator[tuple[str, Entry | Takeover, Occurrence]]:
    for entry in manifest.entries:
        agenda = Agenda(entry.window, manifest.timezone, manifest.calendar)
        for each in agenda.between(since, until):
            yield "entry", entry, each
    for takeover in manifest.takeovers:
        if takeover.from_ < until and since < takeover.until:
            yield "takeover", takeover, Occurrence(takeover.from_, takeover.from_, takeover.until)


def _told(manifest: Manifest, span: Tenure, names: Mapping[str, str]) -> SpanValue:
    """A span with what the scheduler says of those who have it, at its beginning."""
    holders = {(each.kind, each.id) for each in span.holders}
    said = reasons_at(manifest, span.since, names)
    told = [_reason(each) for each in said if (each.kind, each.id) in holders]
    return SpanValue(span.since, span.until, told)


def _reason(each: Reasoned) -> ReasonValue:
    return ReasonValue(
        kind=each.kind, id=None if each.id is None else int(each.id[1:]), name=each.name,
        won=each.won, words=each.words, cause=each.cause, code=each.code, values=dict(each.values),
    )  # fmt: skip


def _query(name: str, description: str, **schema: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": description, "schema": schema}


_WHICH = _query(
    "of", "What publishing would tell it now, or what it was told.", type="string", enum=list(_OF)
)
_SPAN = tuple(
    {**_query(name, f"{what}, with its offset.", type="string", format="date-time"),
     "required": True}
    for name, what in (("since", "The first instant"), ("until", "The instant after the last"))
)  # fmt: skip
_AT = _query("at", "The instant; now without it.", type="string", format="date-time")

OPERATIONS = (
    Operation("GET", "screens/<int:screen>/occurrences/", "screen_occurrences", screen_occurrences,
              "What is arranged for it in a span, each occurrence by itself", answer=Occurrences,
              parameters=(*_SPAN, _WHICH)),
    Operation("GET", "screens/<int:screen>/timeline/", "screen_timeline", screen_timeline,
              "Who has it from when to when, and why", answer=Timeline,
              parameters=(*_SPAN, _WHICH)),
    Operation("GET", "screens/<int:screen>/why/", "screen_why", screen_why,
              "What it shows at an instant, and why just that", answer=Moment,
              parameters=(_AT, _WHICH)),
)  # fmt: skip
