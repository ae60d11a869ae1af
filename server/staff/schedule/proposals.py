"""Changes of the calendar: what each would do to which entries is said before it is saved.

Days from the form, from a file, or from the State Council's notice become a proposal.  If it moves
nothing it is saved at once; else the page lists entry by entry what comes and what goes, and asks.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta

import msgspec
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from msgspec import Struct

from manifest.model import Calendar
from scheduler.agenda import Agenda
from server.accounts.policy import Act, require
from server.errors import ApplicationError, Invalid, TooLarge
from server.programme.calendar_days import Imported, calendar_clear, calendar_set
from server.programme.calendar_file import MAX_CALENDAR_BYTES, CalendarError, Day, read_calendar
from server.programme.entries import window_of
from server.programme.models import CalendarDay, Entry
from server.programme.repetition_words import day_words
from server.programme.series import as_window
from server.programme.state_holidays import notice_of
from server.staff.refusals import sentence_of
from server.staff.requests import login_required, now, staff_of
from server.staff.toasts import say

__all__ = ["YEARS", "Effect", "Proposal", "apply", "clear", "effects_of", "load", "propose",
           "take", "undo"]  # fmt: skip

#: The years that have a calendar.
YEARS = range(2000, 2201)

#: So many days of one effect are named.
DAYS_NAMED = 6

_STEP = "calendar_step"
_ONE_DAY = timedelta(days=1)


class Proposal(Struct, frozen=True):
    """Days that would be something else, and days that would be what their weekday says again."""

    year: int
    days: list[Day] = []
    cleared: list[date] = []


class Effect(Struct, frozen=True):
    """What a proposal does to one entry: on which days it would come, and on which it would go."""

    entry: int
    name: str
    gains: tuple[str, ...]
    loses: tuple[str, ...]


def propose(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    """Save a proposal that moves nothing; else show what it does, and ask."""
    effects = list(effects_of(proposal))
    if not effects:
        return _saved(request, proposal)
    context = {
        "proposal": proposal, "effects": effects, "year": proposal.year,
        "body": msgspec.json.encode(proposal).decode(),
    }  # fmt: skip
    return render(request, "staff/schedule/proposal.html", context)


@login_required
@require_POST
def apply(request: HttpRequest) -> HttpResponse:
    """Save a proposal that was looked at."""
    require(staff_of(request), Act.MANAGE_SCREENS, None)
    try:
        proposal = msgspec.json.decode(request.POST.get("body", ""), type=Proposal)
    except msgspec.MsgspecError:
        return _refused(request, _("This is no change of the calendar: start again."))
    return _saved(request, proposal)


@login_required
@require_POST
def load(request: HttpRequest) -> HttpResponse:
    """Take the days of an iCalendar or CSV file."""
    require(staff_of(request), Act.MANAGE_SCREENS, None)
    file = request.FILES.get("file")
    try:
        if file is None or (file.size or 0) > MAX_CALENDAR_BYTES:
            raise TooLarge(
                "Choose a calendar file of at most %(most)s bytes.",
                values={"most": f"{MAX_CALENDAR_BYTES:,}"},
            )
        days = read_calendar(file.read())
    except CalendarError as mistake:
        return _refused(request, mistake.sentence.local())
    except ApplicationError as error:
        return _refused(request, sentence_of(error))
    return propose(request, Proposal(days[0].date.year, days))


@login_required
@require_POST
def take(request: HttpRequest, year: int) -> HttpResponse:
    """Take the days of the State Council's notice for a year."""
    require(staff_of(request), Act.MANAGE_SCREENS, None)
    notice = notice_of(year)
    if notice is None:
        raise Http404
    return propose(request, Proposal(year, list(notice.days)))


@login_required
@require_POST
def clear(request: HttpRequest, day: str) -> HttpResponse:
    """Let a day be what its weekday says again."""
    require(staff_of(request), Act.MANAGE_SCREENS, None)
    try:
        which = date.fromisoformat(day)
    except ValueError:
        raise Http404 from None
    return propose(request, Proposal(which.year, cleared=[which]))


@login_required
@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Take the last change of the calendar back."""
    require(staff_of(request), Act.MANAGE_SCREENS, None)
    kept = request.session.pop(_STEP, None)
    if kept is None:
        return _refused(request, _("This cannot be undone any more: change it by hand."))
    _write(request, msgspec.convert(kept, Proposal))
    say(request, _("Undone."))
    return redirect("staff:calendar", kept["year"])


def effects_of(proposal: Proposal) -> Iterator[Effect]:
    """What a proposal does to the entries that follow working days and days off."""
    touched = sorted({*(each.date for each in proposal.days), *proposal.cleared})
    before = _calendar(CalendarDay.objects.values_list("kind", "date"))
    after = _changed(before, proposal)
    for entry in Entry.objects.filter(enabled=True).exclude(days=Entry.Days.ANY).order_by("name"):
        gains: list[date] = []
        loses: list[date] = []
        window = as_window(window_of(entry))
        old, new = (Agenda(window, "UTC", each) for each in (before, after))
        for day in touched:
            was, will = _is_due(old, day), _is_due(new, day)
            if was != will:
                (gains if will else loses).append(day)
        if gains or loses:
            yield Effect(entry.pk, entry.name, _named(gains), _named(loses))


def _is_due(agenda: Agenda, day: date) -> bool:
    begin = datetime.combine(day, time(), UTC)
    found = agenda.between(begin, begin + _ONE_DAY)
    return any(each.start.date() == day for each in found)


def _named(days: list[date]) -> tuple[str, ...]:
    named = [day_words(each) for each in days[:DAYS_NAMED]]
    if len(days) > DAYS_NAMED:
        named.append(_("and %(more)d more") % {"more": len(days) - DAYS_NAMED})
    return tuple(named)


def _calendar(pairs: Iterable[tuple[str, date]]) -> Calendar:
    known = list(pairs)
    return Calendar(
        frozenset(day for kind, day in known if kind == "rest"),
        frozenset(day for kind, day in known if kind == "work"),
    )


def _changed(before: Calendar, proposal: Proposal) -> Calendar:
    touched = {*(each.date for each in proposal.days), *proposal.cleared}
    said = [(each.kind, each.date) for each in proposal.days]
    kept = [(kind, day) for kind, days in (("rest", before.rest), ("work", before.work))
            for day in days if day not in touched]  # fmt: skip
    return _calendar([*kept, *said])


def _saved(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    touched = {*(each.date for each in proposal.days), *proposal.cleared}
    known = {each.date: each for each in CalendarDay.objects.filter(date__in=touched)}
    way_back = Proposal(
        proposal.year,
        [Day(day, row.kind, row.name) for day, row in known.items()],
        [day for day in touched if day not in known],
    )
    try:
        made = _write(request, proposal)
    except ApplicationError as error:
        return _refused(request, sentence_of(error))
    request.session[_STEP] = msgspec.to_builtins(way_back)
    said = _("%(added)d days are new, %(changed)d changed, %(unchanged)d were there already.")
    if proposal.cleared:
        said = _("The day is what its weekday says again.")
    say(request, said % made._asdict(), undo=reverse("staff:calendar_undo"))
    return redirect("staff:calendar", proposal.year)


def _write(request: HttpRequest, proposal: Proposal) -> Imported:
    staff, at = staff_of(request), now()
    if any(each.kind not in CalendarDay.Kind.values for each in proposal.days):
        raise Invalid("A day of the calendar is a day off or a working day.", code="CALENDAR")
    with transaction.atomic():
        for day in proposal.cleared:
            calendar_clear(day=day, actor=staff, now=at)
        return calendar_set(days=proposal.days, actor=staff, now=at)


def _refused(request: HttpRequest, sentence: str) -> HttpResponse:
    say(request, sentence, tone="error")
    year = request.POST.get("year", "")
    is_year = year.isdigit() and len(year) == 4 and int(year) in YEARS
    return redirect("staff:calendar", int(year)) if is_year else redirect("staff:calendar")
