"""The week of a screen or of a group: what is due, what of it is shown, and what hides the rest."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from msgspec import Struct

from server.accounts.policy import Act, departments
from server.programme.entries import window_of
from server.programme.models import CalendarDay, Entry
from server.programme.repetition_words import hours_words, words_of
from server.publishing.facts import Facts
from server.screens.models import Screen, ScreenGroup
from server.staff.requests import login_required, now, staff_of
from server.staff.rows import departments_for, visible
from server.staff.schedule.answers import is_part
from server.staff.schedule.blocks import Block, Piece, blocks_of, levelled, reigns_of, slate_pieces
from server.staff.schedule.place import Place, place_of
from server.staff.schedule.proposals import YEARS
from server.staff.schedule.reminders import reminder_for
from server.staff.schedule.standing import Standing, standing_of
from server.staff.schedule.unpublished import Draft, drafts_of
from server.staff.way import last_word

__all__ = ["DAYS", "schedule"]

#: The columns of a week.
DAYS = 7

#: So many blocks are drawn in one column; what is hidden all day goes first.
MOST_BLOCKS = 60

#: The hours of the compact view.
DAY_BEGINS, DAY_ENDS = 6, 22

#: Which blocks matter most where there are too many.
_WEIGHT = {"shown": 0, "turns": 0, "partly": 1, "empty": 2, "hidden": 3}


class Drawn(Struct, frozen=True, kw_only=True):
    """A block with what is written on it."""

    block: Block
    name: str
    layout: str
    hours: str
    note: str
    address: str
    why: str
    pk: int = 0
    version: int = 0
    repeats: bool = False
    can_change: bool = False
    screens: str = ""
    draft: str = ""


class Column(Struct, frozen=True, kw_only=True):
    """A day: its blocks, where there is nothing at all, and what the calendar says of it."""

    day: date
    number: int
    blocks: list[Drawn]
    slate: list[Piece]
    special: CalendarDay | None
    is_rest: bool
    is_today: bool
    now: tuple[int, int] | None
    left_out: int
    early: int
    late: int


@login_required
@require_GET
def schedule(request: HttpRequest) -> HttpResponse:
    """Draw the week."""
    place = place_of(request)
    at = now()
    context: dict[str, Any] = {
        "place": place,
        "screens": visible(request, Screen).filter(retired_at=None).select_related("site"),
        "groups": visible(request, ScreenGroup),
        "hours": "all" if request.GET.get("hours") == "all" else "day",
        "can_arrange": departments_for(request, Act.ARRANGE).exists(),
        "reminder": reminder_for(request, at),
        "last_word": last_word(request),
    }
    if place is not None:
        today = at.astimezone(place.clock).date()
        monday = _monday(request.GET.get("on", ""), today)
        context |= {
            "monday": monday, "sunday": monday + timedelta(days=6), "today": today,
            "before": monday - timedelta(days=DAYS), "after": monday + timedelta(days=DAYS),
            "all_hours": range(24), "number": monday.isocalendar().week,
            **_drawn(request, place, monday, at),
        }  # fmt: skip
        request.session["schedule_place"] = [place.kind, place.pk]
    part = "staff/schedule/parts/week.html"
    whole = "staff/schedule/week.html"
    return render(request, part if is_part(request) and place else whole, context)


def _monday(text: str, today: date) -> date:
    """The Monday of the week that holds a day; of this week if the text is no day."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = today
    if day.year not in YEARS:
        day = today
    return day - timedelta(days=day.weekday())


def _drawn(request: HttpRequest, place: Place, monday: date, at: datetime) -> dict[str, Any]:
    clock = place.clock
    since = min(at, datetime.combine(monday, datetime.min.time(), clock))
    standing = standing_of(place.screens, since)
    columns: dict[int, list[Block]] = defaultdict(list)
    reigns = reigns_of(standing, monday, DAYS, clock)
    for block in blocks_of(standing, reigns, monday, DAYS, clock):
        columns[block.piece.column].append(block)
    kept = {number: _most(blocks) for number, blocks in columns.items()}
    drawn_ones = [each for one in kept.values() for each in one]
    writer = _Writer(request, place, standing, drawn_ones, monday)
    specials = {
        each.date: each
        for each in CalendarDay.objects.filter(date__range=(monday, monday + timedelta(days=6)))
    }
    slates = list(slate_pieces(reigns, monday, DAYS, clock))
    wall_now = at.astimezone(clock)
    drawn = []
    for number in range(DAYS):
        day, all_of_it = monday + timedelta(days=number), columns[number]
        special = specials.get(day)
        drawn.append(
            Column(
                day=day, number=number, special=special,
                blocks=[writer.write(each) for each in levelled(kept.get(number, []))],
                slate=[each for each in slates if each.column == number],
                is_rest=special.kind == "rest" if special else day.weekday() > 4,
                is_today=day == wall_now.date(),
                now=(wall_now.hour, wall_now.minute) if day == wall_now.date() else None,
                left_out=len(all_of_it) - len(kept.get(number, [])),
                early=sum(each.piece.end <= DAY_BEGINS * 60 for each in all_of_it),
                late=sum(each.piece.begin >= DAY_ENDS * 60 for each in all_of_it),
            )
        )  # fmt: skip
    return {
        "columns": drawn, "ground": _ground(standing), "left_out_screens": standing.left_out,
        "zones": sorted({each.timezone for each in place.screens}),
        "has_drafts": any(each.draft for one in drawn for each in one.blocks),
        "states": sorted({each.block.state for one in drawn for each in one.blocks}),
    }  # fmt: skip


def _most(blocks: Sequence[Block]) -> list[Block]:
    ranked = sorted(blocks, key=lambda each: (_WEIGHT[each.state], -each.priority))
    return ranked[:MOST_BLOCKS]


def _ground(standing: Standing) -> list[str]:
    """What stands there when nothing is due: the names of the fallback layouts."""
    facts = standing.facts
    defaults = {each.default_layout for each in facts.screens.values()}
    return sorted(_("The slate") if pk is None else facts.layouts[pk].name for pk in defaults)


class _Writer:
    """Writes what stands on blocks, in the reader's words."""

    def __init__(
        self, request: HttpRequest, place: Place, standing: Standing, blocks: Iterable[Block],
        monday: date,
    ) -> None:  # fmt: skip
        self._place, self._facts, self._monday = place, standing.facts, monday
        self._names = _names(standing.facts)
        pks = {int(each.id[1:]) for each in blocks if each.kind == "entry"}
        self._entries = Entry.objects.in_bulk(pks)
        self._seen = set(visible(request, Entry).filter(pk__in=pks).values_list("pk", flat=True))
        self._arranged = departments(staff_of(request), Act.ARRANGE)
        self._words = {pk: words_of(window_of(each)) for pk, each in self._entries.items()}
        self._on = _screens_of(standing.facts, pks)
        self._drafts = drafts_of(standing)

    def write(self, block: Block) -> Drawn:
        """One block."""
        pk = int(block.id[1:])
        later = (block.ends.date() - block.begins.date()).days
        hours = hours_words(block.begins.time(), block.ends.time(), later)
        why = self._why(block, pk)
        if block.kind == "takeover":
            return Drawn(block=block, name=self._names[block.id], layout="", hours=hours,
                         note=_("Takeover"), address="", why=why)  # fmt: skip
        row = self._entries[pk]
        address = reverse("staff:entry", args=[pk]) if pk in self._seen else ""
        may = self._arranged is None or row.department_id in self._arranged
        return Drawn(
            block=block, name=row.name, layout=self._facts.layouts[row.layout_id].name,
            hours=hours, note=self._note(block, pk), why=why, pk=pk, version=row.version,
            address=f"{address}?at={block.at}" if address else "", screens=self._screens(pk),
            repeats=bool(row.rrule or row.rdates), can_change=may and bool(address),
            draft=_draft_words(self._drafts.get(block.id)),
        )  # fmt: skip

    def _why(self, block: Block, pk: int) -> str:
        """Where it stands why just this is on screen; of what is hidden, where that begins."""
        on = self._on.get(pk) if block.kind == "entry" else None
        screen = next((each for each in self._place.screens if on is None or each.pk in on), None)
        if screen is None:
            return ""
        piece = block.covered[0] if block.covered else block.piece
        midnight = self._monday + timedelta(days=piece.column)
        wall = datetime.combine(midnight, datetime.min.time()) + timedelta(minutes=piece.begin)
        wall = max(wall, block.begins.replace(tzinfo=None))
        address = reverse("staff:moment", args=[screen.pk])
        return f"{address}?at={wall:%Y-%m-%dT%H:%M:%S}&of=programme"

    def _note(self, block: Block, pk: int) -> str:
        said = [self._words.get(pk, "")]
        by = _(", ").join(self._names.get(each, _("the fallback")) for each in block.by[:3])
        if block.state == "hidden":
            said.append(_("Not shown: “%(by)s” goes before it.") % {"by": by})
        elif block.state == "partly":
            said.append(_("Shown in part: “%(by)s” goes before it.") % {"by": by})
        elif block.state == "turns":
            said.append(_("Takes turns with others of its priority."))
        elif block.state == "empty":
            said.append(_("Nothing in its layout can be shown then."))
        return "\n".join(each for each in said if each)

    def _screens(self, pk: int) -> str:
        number, of = len(self._on.get(pk, ())), len(self._place.screens)
        if number >= of:
            return ""
        return _("On %(number)d of %(of)d screens") % {"number": number, "of": of}


def _draft_words(draft: Draft | None) -> str:
    """What stands on a block that is not published as it is drawn."""
    if draft is None:
        return ""
    return _("Not published") if draft == "new" else _("Change not published")


def _names(facts: Facts) -> dict[str, str]:
    found = {f"e{each.pk}": each.name for each in facts.entries}
    return found | {f"t{each.pk}": each.name for each in facts.takeovers}


def _screens_of(facts: Facts, entries: Collection[int]) -> dict[int, frozenset[int]]:
    """On which of the screens each of these entries is due."""
    in_group: dict[int, set[int]] = defaultdict(set)
    for pk, screen in facts.screens.items():
        for group in screen.groups:
            in_group[group].add(pk)
    found: dict[int, frozenset[int]] = {}
    for each in facts.entries:
        if each.pk in entries:
            named = each.screens & facts.screens.keys()
            found[each.pk] = named.union(*(in_group[group] for group in each.groups))
    return found
