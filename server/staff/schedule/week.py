"""The week of a screen or of a group: what is due, what of it is shown, and what hides the rest."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from msgspec import Struct

from server.accounts.policy import Act, departments
from server.programme.entries import window_of
from server.programme.models import CalendarDay, Entry
from server.publishing.facts import Facts
from server.screens.models import Screen, ScreenGroup
from server.staff.requests import login_required, now, staff_of
from server.staff.rows import departments_for, found, visible
from server.staff.schedule.answers import is_part
from server.staff.schedule.blocks import Block, Piece, blocks_of, levelled, reigns_of, slate_pieces
from server.staff.schedule.proposals import YEARS
from server.staff.schedule.reminders import reminder_for
from server.staff.schedule.standing import Standing, standing_of
from server.staff.schedule.words import hours_words, words_of

__all__ = ["Place", "place_of", "schedule"]

#: The columns of a week.
DAYS = 7

#: So many blocks are drawn in one column; what is hidden all day goes first.
MOST_BLOCKS = 60

#: The hours of the compact view.
DAY_BEGINS, DAY_ENDS = 6, 22

#: Which blocks matter most where there are too many.
_WEIGHT = {"shown": 0, "turns": 0, "partly": 1, "empty": 2, "hidden": 3}


class Place(Struct, frozen=True):
    """Whose week it is: one screen, or the screens of a group."""

    kind: str
    pk: int
    name: str
    screens: tuple[Screen, ...]

    @property
    def query(self) -> str:
        """How addresses name it."""
        return f"{self.kind}={self.pk}"

    @property
    def clock(self) -> ZoneInfo:
        """The clock of its (first) screen."""
        return ZoneInfo(self.screens[0].timezone if self.screens else settings.TIME_ZONE)


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


def place_of(request: HttpRequest) -> Place | None:
    """The screen or group that is asked for, or looked at last, or the first there is."""
    kind_chosen, _dash, pk_chosen = request.GET.get("place", "").partition("-")
    for kind in ("screen", "group"):
        text = request.GET.get(kind) or request.POST.get(kind)
        if text := pk_chosen if kind == kind_chosen else text:
            if not (text.isascii() and text.isdigit()) or len(text) > 18:
                raise Http404
            return _place(request, kind, int(text))
    kind, pk = request.session.get("schedule_place", ("screen", 0))
    try:
        return _place(request, kind, pk)
    except Http404:
        pass
    screen = visible(request, Screen).filter(retired_at=None).first()
    return None if screen is None else _place(request, "screen", screen.pk)


def _place(request: HttpRequest, kind: str, pk: int) -> Place:
    if kind == "screen":
        screen = found(visible(request, Screen).select_related("site"), pk)
        return Place(kind, pk, screen.name, (screen,))
    group = found(visible(request, ScreenGroup), pk)
    screens = group.screens.filter(retired_at=None).select_related("site").order_by("pk")
    return Place("group", pk, group.name, tuple(screens))


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
    writer = _Writer(request, place, standing, [each for one in kept.values() for each in one])
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
        self, request: HttpRequest, place: Place, standing: Standing, blocks: Iterable[Block]
    ) -> None:
        self._place, self._facts = place, standing.facts
        self._names = _names(standing.facts)
        pks = {int(each.id[1:]) for each in blocks if each.kind == "entry"}
        self._entries = Entry.objects.in_bulk(pks)
        self._seen = set(visible(request, Entry).filter(pk__in=pks).values_list("pk", flat=True))
        self._arranged = departments(staff_of(request), Act.ARRANGE)
        self._words = {pk: words_of(window_of(each)) for pk, each in self._entries.items()}
        self._on = {each.pk: _screens_of(each, standing.facts) for each in standing.facts.entries}

    def write(self, block: Block) -> Drawn:
        """One block."""
        pk = int(block.id[1:])
        later = (block.ends.date() - block.begins.date()).days
        hours = hours_words(block.begins.time(), block.ends.time(), later)
        why = ""
        if self._place.kind == "screen":
            moment = max(block.begins, block.begins.replace(microsecond=0))
            why = reverse("staff:moment", args=[self._place.pk])
            why += f"?at={moment:%Y-%m-%dT%H:%M:%S}&of=programme"
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
        )  # fmt: skip

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
        number, of = self._on.get(pk, 0), len(self._place.screens)
        if number >= of:
            return ""
        return _("On %(number)d of %(of)d screens") % {"number": number, "of": of}


def _names(facts: Facts) -> dict[str, str]:
    found = {f"e{each.pk}": each.name for each in facts.entries}
    return found | {f"t{each.pk}": each.name for each in facts.takeovers}


def _screens_of(entry: Any, facts: Facts) -> int:
    return sum(
        pk in entry.screens or bool(each.groups & entry.groups)
        for pk, each in facts.screens.items()
    )
