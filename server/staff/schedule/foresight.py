"""What a form would do, while it is being filled in: in words, the next dates, who hides whom."""

from collections.abc import Collection
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST
from msgspec import Struct
from msgspec.structs import replace

from manifest.model import Calendar, Canvas
from scheduler.agenda import Agenda
from server.accounts.policy import Act, require_somewhere
from server.programme import checks
from server.programme.drafts import Where, WindowDraft
from server.programme.entries import window_of
from server.programme.models import Entry, Layout, Playlist
from server.programme.repetition import window
from server.programme.repetition_words import day_words, hours_words, words
from server.programme.series import as_window, split, without
from server.publishing.facts import EntryFacts, Facts, LayoutFacts, ZoneFacts
from server.publishing.loader import load_drawn, load_facts, load_layout
from server.screens.models import Screen
from server.staff.requests import login_required, now, staff_of
from server.staff.rows import found, visible
from server.staff.schedule.clashes import Clash, clashes
from server.staff.schedule.entry_form import PLAYLIST, EntryForm
from server.staff.schedule.entry_values import first_values, scope_of, values_of
from server.staff.schedule.standing import (
    Standing,
    standing_of,
    with_entry,
    with_layout,
    without_entry,
)

__all__ = ["Foreseen", "foreseen", "look"]

#: So many of the next dates are named.
DATES = 5

#: The number of an entry, or of its layout, that is not there yet.
NEW = 0


class Foreseen(Struct, frozen=True):
    """What would be: the sentence, the next dates, and what it does to others."""

    sentence: str
    dates: tuple[str, ...]
    clashes: tuple[Clash, ...]
    screens: int
    left_out: int = 0


@login_required
@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Say what the form would do; nothing is saved."""
    require_somewhere(staff_of(request), Act.ARRANGE)
    pk = request.POST.get("entry", "")
    row = found(visible(request, Entry), int(pk)) if pk.isdigit() and len(pk) < 18 else None
    initial = first_values(request) if row is None else values_of(row)
    form = EntryForm(request, initial)
    form.is_valid()
    context = {"foreseen": foreseen(request, form, row), "form": form}
    return render(request, "staff/schedule/parts/foreseen.html", context)


def foreseen(request: HttpRequest, form: EntryForm, row: Entry | None) -> Foreseen | None:
    """What a form would do, as far as it is filled in; None: not far enough."""
    if not form.is_bound:
        form = _as_if_sent(request, form)
    needed = {"first", "begins", "ends", "repeats", "weekdays", "rule", "until", "count"}
    if not form.is_valid() and needed & form.errors.keys():
        return None
    draft = window(form.repetition)
    if any(True for _mistake in checks.window(draft)):
        return None
    found_clashes: tuple[Clash, ...] = ()
    screens = _screens(request, form.cleaned_data)
    standing = None
    if "layout" in form.cleaned_data and form.cleaned_data.get("enabled") and screens:
        standing, found_clashes = _clashing(request, form, row, screens, draft)
    return Foreseen(
        sentence=words(form.repetition),
        dates=_dates(draft, screens),
        clashes=found_clashes,
        screens=len(screens),
        left_out=standing.left_out if standing is not None else 0,
    )


def _as_if_sent(request: HttpRequest, form: EntryForm) -> EntryForm:
    """The form as it would be sent untouched."""
    bound = EntryForm(request, form.initial)
    bound.fields = form.fields
    bound.is_bound = True
    bound.data = {
        name: field.prepare_value(form.get_initial_for_field(field, name))
        for name, field in form.fields.items()
    }
    bound.data = _Told(bound.data)
    return bound


class _Told(dict[str, Any]):
    """Values by name, with those of many choices as a list."""

    def getlist(self, name: str) -> list[Any]:
        value = self.get(name)
        return list(value) if isinstance(value, list | tuple) else [] if value is None else [value]


def _screens(request: HttpRequest, told: dict[str, Any]) -> list[Screen]:
    where = Where(screens=told.get("screens") or (), groups=told.get("groups") or ())
    rows = visible(request, Screen).filter(retired_at=None)
    on_screens = rows.filter(pk__in=where.screens) | rows.filter(groups__in=where.groups)
    return list(on_screens.distinct().order_by("pk"))


def _dates(draft: WindowDraft, screens: Collection[Screen]) -> tuple[str, ...]:
    facts = load_facts([])  # the calendar alone
    zone = next((each.timezone for each in screens), "Asia/Shanghai")
    agenda = Agenda(as_window(draft), zone, Calendar(facts.rest_days, facts.work_days))
    said = []
    for each in agenda.following(now(), DATES):
        finish = each.start + (each.until - each.since)
        later = (finish.date() - each.start.date()).days
        hours = hours_words(each.start.time(), finish.time(), later)
        said.append(f"{day_words(each.start.date())} {hours}")
    return tuple(said)


def _clashing(
    request: HttpRequest, form: EntryForm, row: Entry | None, screens: list[Screen],
    draft: WindowDraft,
) -> tuple[Standing, tuple[Clash, ...]]:  # fmt: skip
    at = now()
    standing = standing_of(screens, at)
    shown = _shown_by(request, form)
    if shown is None:
        return standing, ()
    layout, drawn = shown
    standing = with_layout(standing, drawn)
    pk = NEW
    if row is not None:
        told = form.cleaned_data
        scope = scope_of(row, told.get("at", ""), told.get("scope", ""))
        if scope == "all":
            pk = row.pk
            standing = without_entry(standing, pk)
        else:
            standing = _without_part(standing, row, told["at"], scope)
    where = form.where
    facts = EntryFacts(
        pk=pk, name=form.cleaned_data.get("name") or "", layout=layout,
        priority=form.importance, window=as_window(draft), turn_ms=row.turn_ms if row else None,
        screens=frozenset(where.screens), groups=frozenset(where.groups),
    )  # fmt: skip
    return standing, clashes(standing, with_entry(standing, facts), facts, at)


def _without_part(standing: Standing, row: Entry, at: str, scope: str) -> Standing:
    """The programme with a series that lacks the part that is being changed."""
    known = {each.pk: each for each in standing.facts.entries}.get(row.pk)
    draft = window_of(row)
    head = without(draft, at) if scope == "one" else split(draft, at)[0]
    if known is None or head is None:
        return without_entry(standing, row.pk)
    return with_entry(standing, replace(known, window=as_window(head)))


def _shown_by(request: HttpRequest, form: EntryForm) -> tuple[int, Facts] | None:
    """The layout that is chosen, with all that it plays; for a playlist the one that would be made.

    A list that no layout plays yet hides others as much as any: it is not to pass unseen.
    """
    chosen = form.cleaned_data["layout"]
    if not chosen.startswith(PLAYLIST):
        layout = visible(request, Layout).filter(pk=int(chosen)).first()
        return None if layout is None else (layout.pk, load_layout(layout.pk))
    playlist = visible(request, Playlist).filter(pk=int(chosen.removeprefix(PLAYLIST))).first()
    if playlist is None:
        return None
    canvas = Canvas(*form.canvas())
    zone = ZoneFacts("main", 0, 0, canvas.width, canvas.height, playlist.pk)
    return NEW, load_drawn(LayoutFacts(NEW, playlist.name, canvas, "#000000", (zone,)))
