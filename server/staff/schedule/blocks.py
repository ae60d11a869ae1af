"""A week as blocks in seven columns: where each stands, and whether the screen really shows it.

What is due is asked of `scheduler.agenda`; here it only gets its place.  Minutes count on the clock
of the screen, from the midnight of a column.  Pure.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils.safestring import SafeString, mark_safe
from msgspec import Struct
from msgspec.structs import replace

from manifest.model import Entry
from scheduler.agenda import Agenda, Occurrence, Tenure, tenures
from server.publishing.fates import Fate, fate_of
from server.staff.schedule.standing import Standing, Wall

__all__ = ["Block", "Piece", "blocks_of", "column_pieces", "levelled", "reigns_of", "slate_pieces"]

DAY_MINUTES = 1_440

#: A block is drawn at least so many minutes high: a name has to fit.
LEAST_MINUTES = 20

#: No more blocks stand above or beside one another than this.
MOST_LEVELS, MOST_SIDES = 6, 6


class Piece(Struct, frozen=True):
    """A span in one column, in minutes from its midnight."""

    column: int
    begin: int
    end: int

    @property
    def begins(self) -> tuple[int, int]:
        """Hour and minute."""
        return divmod(self.begin, 60)

    @property
    def ends(self) -> tuple[int, int]:
        """Hour and minute; 24, 0 at the end of the day."""
        return divmod(self.end, 60)

    @property
    def attributes(self) -> SafeString:
        """Where it stands, as the style sheet is told: some hundred times in a page."""
        (hour, minute), (end_hour, end_minute) = self.begins, self.ends
        told = f'data-h="{hour}" data-m="{minute}" data-eh="{end_hour}" data-em="{end_minute}"'
        return mark_safe(told)  # noqa: S308  (four numbers)


class Block(Struct, frozen=True, kw_only=True):
    """The part of one occurrence (or takeover) that lies in one column.

    `at` names the occurrence (its wall time).  `state`: shown, turns, partly, hidden or empty;
    `by` are the ids of what has the screen where it has not.  `covered` are the pieces in which no
    screen shows it.
    """

    kind: str
    id: str
    priority: int
    at: str
    begins: datetime
    ends: datetime
    piece: Piece
    from_before: bool
    goes_on: bool
    state: str = "shown"
    by: tuple[str, ...] = ()
    covered: tuple[Piece, ...] = ()
    level: int = 0
    side: int = 0
    sides: int = 1

    @property
    def starts_at(self) -> str:
        """When it begins on the wall, as scripts are told."""
        return self.begins.replace(tzinfo=None).isoformat(timespec="minutes")

    @property
    def ends_at(self) -> str:
        """When it ends on the wall."""
        return self.ends.replace(tzinfo=None).isoformat(timespec="minutes")


#: Each wall, and who has it when.
Reigns = Sequence[tuple[Wall, Sequence[Tenure]]]


def reigns_of(standing: Standing, monday: date, days: int, clock: ZoneInfo) -> Reigns:
    """Who has each wall in the days from `monday` on."""
    begin = datetime.combine(monday, time(), clock)
    end = datetime.combine(monday + timedelta(days=days), time(), clock)
    return [(wall, list(tenures(wall.manifest, begin, end))) for wall in standing.walls]


class _Frame(NamedTuple):
    """The columns: from which midnight on, how many, on which clock."""

    begin: datetime
    days: int
    clock: ZoneInfo

    @property
    def end(self) -> datetime:
        """The midnight after the last column."""
        return self.begin + timedelta(days=self.days)  # on the wall


def blocks_of(
    standing: Standing, reigns: Reigns, monday: date, days: int, clock: ZoneInfo
) -> Iterator[Block]:
    """Every block of the week, unordered; entries of all walls once."""
    frame = _Frame(datetime.combine(monday, time(), clock), days, clock)
    begin, end = frame.begin, frame.end
    for id_, walls in _walls_by_entry(standing).items():
        entry = walls[0][1]
        own = [(wall, spans) for wall, spans in reigns if any(wall is one for one, _e in walls)]
        manifest = walls[0][0].manifest
        agenda = Agenda(entry.window, manifest.timezone, manifest.calendar)
        for occurrence in agenda.between(begin, end):
            fate = _together([fate_of(entry, wall.manifest, spans, occurrence, (begin, end))
                              for wall, spans in own])  # fmt: skip
            yield from _blocks(("entry", id_, entry.priority), occurrence, fate, frame)
    yield from _takeovers(standing, frame)


def _walls_by_entry(standing: Standing) -> dict[str, list[tuple[Wall, Entry]]]:
    found: dict[str, list[tuple[Wall, Entry]]] = {}
    for wall in standing.walls:
        for entry in wall.manifest.entries:
            found.setdefault(entry.id, []).append((wall, entry))
    return found


def _takeovers(standing: Standing, frame: "_Frame") -> Iterator[Block]:
    known = {each.id: each for wall in standing.walls for each in wall.manifest.takeovers}
    for id_, each in known.items():
        occurrence = Occurrence(
            each.from_.astimezone(frame.clock).replace(tzinfo=None), each.from_, each.until
        )
        fate = Fate("shown", (), ((each.from_, each.until),))
        yield from _blocks(("takeover", id_, each.priority), occurrence, fate, frame)


# --- what becomes of an occurrence ---------------------------------------------------------------


def _together(fates: Sequence[Fate]) -> Fate:
    """One fate for all screens: what differs between them is shown in part."""
    first = fates[0]
    if all(each == first for each in fates):
        return first
    states = {each.state for each in fates}
    by = tuple(dict.fromkeys(name for each in fates for name in each.by))
    shown = tuple(sorted({span for each in fates for span in each.shown}))
    return Fate(states.pop() if len(states) == 1 else "partly", by, shown)


# --- pieces --------------------------------------------------------------------------------------


def _blocks(
    source: tuple[str, str, int], one: Occurrence, fate: Fate, frame: "_Frame"
) -> Iterator[Block]:  # fmt: skip
    kind, id_, priority = source
    begin, days, clock = frame
    begins, ends = one.since.astimezone(clock), one.until.astimezone(clock)
    is_whole = fate.state in {"shown", "turns"}
    spans = () if is_whole else fate.shown
    shown = [piece for span in spans for piece in column_pieces(*span, begin, days)]
    for piece in column_pieces(one.since, one.until, begin, days):
        midnight = begin + timedelta(days=piece.column)  # wall arithmetic
        yield Block(
            kind=kind, id=id_, priority=priority, at=f"{one.start:%Y-%m-%dT%H:%M:%S}",
            begins=begins, ends=ends, piece=piece, state=fate.state, by=fate.by,
            from_before=begins.date() < midnight.date(),
            goes_on=ends.replace(tzinfo=None) > midnight.replace(tzinfo=None) + timedelta(days=1),
            covered=() if is_whole else tuple(_gaps(piece, shown)) if shown else (piece,),
        )  # fmt: skip


def column_pieces(since: datetime, until: datetime, begin: datetime, days: int) -> Iterator[Piece]:
    """The pieces of a span of instants in the columns from `begin` (a midnight on its clock) on."""
    clock = begin.tzinfo
    first = since.astimezone(clock).replace(tzinfo=None)
    last = until.astimezone(clock).replace(tzinfo=None)
    last = max(last, first + timedelta(minutes=1))  # a clock that was put back
    monday = begin.replace(tzinfo=None)
    for column in range(max(0, (first - monday).days), min(days, (last - monday).days + 1)):
        midnight = monday + timedelta(days=column)
        start = max(0, int((first - midnight).total_seconds() // 60))
        end = min(DAY_MINUTES, -int(-(last - midnight).total_seconds() // 60))
        if start < end:
            yield Piece(column, start, end)


def slate_pieces(reigns: Reigns, monday: date, days: int, clock: ZoneInfo) -> Iterator[Piece]:
    """Where the first wall has nothing at all to show."""
    begin = datetime.combine(monday, time(), clock)
    for _wall, spans in reigns[:1]:
        for span in spans:
            if not span.holders:
                yield from column_pieces(span.since, span.until, begin, days)


def _gaps(piece: Piece, shown: Sequence[Piece]) -> Iterator[Piece]:
    """What of a piece is not shown."""
    own = sorted((each.begin, each.end) for each in shown if each.column == piece.column)
    edges = [(0, piece.begin), *own, (piece.end, DAY_MINUTES)]
    for (_start, before), (after, _end) in pairwise(edges):
        begin, end = max(before, piece.begin), min(after, piece.end)
        if begin < end:
            yield Piece(piece.column, begin, end)


# --- lanes ---------------------------------------------------------------------------------------


def levelled(blocks: Sequence[Block]) -> list[Block]:
    """The blocks of one column with their lanes: the stronger stands above, equals side by side.

    In the order of time, as they are read and walked through by keyboard.
    """
    placed: list[Block] = []
    order: Mapping[str, int] = {"entry": 0, "takeover": 1}
    for block in sorted(blocks, key=lambda each: (order[each.kind], each.priority, _span(each))):
        under = [each for each in placed if _overlap(each, block)]
        weaker = [each for each in under if not _equal(each, block)]
        taken = {each.side for each in under if _equal(each, block)}
        level = min(MOST_LEVELS - 1, 1 + max((each.level for each in weaker), default=-1))
        side = min(set(range(len(taken) + 1)) - taken)
        placed.append(replace(block, level=level, side=min(side, MOST_SIDES - 1)))
    return sorted((_with_sides(each, placed) for each in placed), key=_span)


def _with_sides(block: Block, placed: Sequence[Block]) -> Block:
    peers = [each for each in placed if _equal(each, block) and _overlap(each, block)]
    return replace(block, sides=1 + max(each.side for each in peers))


def _span(block: Block) -> tuple[int, int]:
    return block.piece.begin, max(block.piece.end, block.piece.begin + LEAST_MINUTES)


def _overlap(one: Block, other: Block) -> bool:
    (a, b), (c, d) = _span(one), _span(other)
    return a < d and c < b


def _equal(one: Block, other: Block) -> bool:
    return (one.kind, one.priority) == (other.kind, other.priority)
