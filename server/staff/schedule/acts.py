"""Acts on the week itself: drag a block, copy it, copy the whole week, take the last step back."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from manifest.model import Calendar
from scheduler.agenda import Agenda
from server.accounts.policy import Act, require, require_somewhere
from server.errors import ApplicationError, Invalid
from server.programme.drafts import Where, WindowDraft
from server.programme.entries import window_of
from server.programme.models import Entry
from server.programme.occurrences import copied, occurrence_move, step_undo
from server.programme.repetition import written
from server.programme.repetition_words import words_of
from server.publishing.loader import load_facts
from server.staff.conflicts import is_overtaken
from server.staff.refusals import sentence_of
from server.staff.requests import login_required, now, staff_of
from server.staff.rows import visible
from server.staff.schedule.answers import done, gone, refused, step_of
from server.staff.schedule.entry_values import scope_of
from server.staff.schedule.place import Place, place_of
from server.staff.schedule.week import DAYS

__all__ = ["copy", "copy_week", "move", "undo"]

#: A block can be copied to so many days in one go.
MOST_COPIES = 60


@login_required
@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Move an occurrence, or make it longer or shorter: `at`, `to`, `minutes`, `scope`."""
    row = visible(request, Entry).filter(pk=pk).first()
    if row is None:
        return gone(request)
    require(staff_of(request), Act.ARRANGE, row.department_id)
    told = request.POST
    try:
        at, to = told.get("at", ""), _wall(told.get("to", ""))
        step = occurrence_move(
            entry=row, version=_number(told.get("version", "")), at=at, to=written(to),
            duration_s=60 * _number(told.get("minutes", "")),
            scope=scope_of(row, at, told.get("scope", "")), actor=staff_of(request), now=now(),
        )  # fmt: skip
    except ApplicationError as error:
        said = _both_sides(row, told) if is_overtaken(error) else sentence_of(error)
        return refused(request, said)
    return done(request, _("Moved.  Screens show it once it is published."), step)


def _both_sides(row: Entry, told: Mapping[str, str]) -> str:
    """What the other one has made of it, and where the reader wanted it: who has read both, moves
    it again."""
    row.refresh_from_db()
    to = _wall(told.get("to", ""))
    end = to + timedelta(minutes=_number(told.get("minutes", "")))
    return _(
        "Somebody else changed “%(name)s” meanwhile.  It is now: %(theirs)s.  You wanted: %(mine)s."
        "  Move it once more if yours shall count."
    ) % {
        "name": row.name,
        "theirs": words_of(window_of(row), with_first=True),
        "mine": f"{to:%Y-%m-%d %H:%M}–{end:%H:%M}",
    }


@login_required
@require_POST
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    """Copy an entry: to other days at its hours (`days`), or whole to other places (`to`)."""
    row = visible(request, Entry).filter(pk=pk).first()
    if row is None:
        return gone(request)
    require(staff_of(request), Act.ARRANGE, row.department_id)
    told = request.POST
    try:
        where = _where(told.getlist("to"))
        window = window_of(row)
        if days := sorted({_day(each) for each in told.getlist("days") if each}):
            hours = datetime.fromisoformat(told.get("at") or row.start).time()
            first, *others = [written(datetime.combine(each, hours)) for each in days[:MOST_COPIES]]
            window = WindowDraft(start=first, duration_s=row.duration_s, rdates=tuple(others))
        elif where is None:
            raise Invalid("Choose days, screens or groups to copy it to.", code="NOTHING")
        step = copied(copies=[(row, window, where)], actor=staff_of(request), now=now())
    except ApplicationError as error:
        return refused(request, sentence_of(error))
    return done(request, _("Copied.  Screens show it once it is published."), step)


@login_required
@require_POST
def copy_week(request: HttpRequest) -> HttpResponse:
    """Copy what is due in one week to another; what repeats by itself is not doubled."""
    require_somewhere(staff_of(request), Act.ARRANGE)
    place = place_of(request)
    try:
        if place is None:
            raise Invalid("There is no screen whose week could be copied.", code="NOTHING")
        monday, target = _day(request.POST.get("week", "")), _day(request.POST.get("target", ""))
        monday -= timedelta(days=monday.weekday())
        target -= timedelta(days=target.weekday())
        if monday == target:
            raise Invalid("Choose another week to copy this one to.", code="SAME_WEEK")
        copies = list(_copies(request, place, monday, target))
        step = copied(copies=copies, actor=staff_of(request), now=now())
    except ApplicationError as error:
        return refused(request, sentence_of(error))
    said = ngettext("%(n)d entry copied to the week of %(day)s.",
                    "%(n)d entries copied to the week of %(day)s.", len(copies))  # fmt: skip
    return done(request, said % {"n": len(copies), "day": f"{target:%Y-%m-%d}"}, step)


@login_required
@require_POST
def undo(request: HttpRequest, number: int) -> HttpResponse:
    """Take a step back."""
    try:
        step = step_of(request, number)
        step_undo(step=step, actor=staff_of(request), now=now())
    except ApplicationError as error:
        return refused(request, sentence_of(error))
    return done(request, _("Undone."))


def _copies(
    request: HttpRequest, place: Place, monday: date, target: date
) -> Iterator[tuple[Entry, WindowDraft, Where | None]]:
    """An entry of single dates for each whose occurrences the other week lacks."""
    facts = load_facts([each.pk for each in place.screens])
    calendar = Calendar(facts.rest_days, facts.work_days)
    rows = visible(request, Entry, Act.ARRANGE).in_bulk([each.pk for each in facts.entries])
    by = target - monday
    agendas = {each.pk: Agenda(each.window, place.clock.key, calendar) for each in facts.entries}
    there = {
        (each.layout, each.window.duration_s, start)
        for each in facts.entries
        for start in _starts(agendas[each.pk], target, place)
    }
    for each in facts.entries:
        wanted = [start + by for start in _starts(agendas[each.pk], monday, place)]
        same = each.layout, each.window.duration_s
        missing = [written(start) for start in wanted if (*same, start) not in there]
        if missing and each.pk in rows:
            window = WindowDraft(
                start=missing[0], duration_s=each.window.duration_s, rdates=tuple(missing[1:])
            )
            yield rows[each.pk], window, None


def _starts(agenda: Agenda, monday: date, place: Place) -> list[datetime]:
    begin = datetime.combine(monday, time(), place.clock)
    end = datetime.combine(monday + timedelta(days=DAYS), time(), place.clock)
    found_ones = agenda.between(begin, end)
    return [each.start for each in found_ones if monday <= each.start.date()]


def _where(to: list[str]) -> Where | None:
    """`screen-3`, `group-2` as primary keys; None: nothing was chosen."""
    pairs = [each.partition("-")[::2] for each in to]
    numbers = {
        kind: [int(pk) for name, pk in pairs if name == kind and pk.isdigit()]
        for kind in ("screen", "group")
    }
    if not any(numbers.values()):
        return None
    return Where(screens=numbers["screen"], groups=numbers["group"])


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 9:
        raise Invalid("This is no number that can be used here: load the page anew.", code="NUMBER")
    return int(text)


def _wall(text: str) -> datetime:
    try:
        wall = datetime.fromisoformat(text)
    except ValueError:
        wall = None
    if wall is None or wall.tzinfo is not None:
        raise Invalid("This is no date and time: %(text)s.", values={"text": text[:40]})
    return wall


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid("This is no date: %(text)s.", values={"text": text[:40]}) from None
