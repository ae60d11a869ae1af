"""A day of a screen as pictures: a slider over 24 hours, and the list of what changes when."""

from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from msgspec import Struct

from manifest.model import Manifest
from scheduler.agenda import Tenure, tenures
from scheduler.picture import Picture
from scheduler.timeline import Timeline
from server.errors import ApplicationError
from server.publishing.compile import EMPTY_LAYOUT
from server.publishing.facts import Facts
from server.publishing.naming import names_in
from server.publishing.preview import Of, manifest_of
from server.publishing.why import seen_at
from server.screens.models import Screen
from server.staff.requests import login_required, now
from server.staff.rows import found, visible
from server.staff.schedule.proposals import YEARS

__all__ = ["day", "day_at"]

#: So many changes of who has the screen are listed with their pictures.
MOST_CHANGES = 96

#: So many changes of the picture get a tick on the slider.
MOST_TICKS = 400

_DAY = timedelta(days=1)


class Change(Struct, frozen=True):
    """At `at` another takes the screen: who, and until when."""

    at: datetime
    until: datetime
    names: tuple[str, ...]
    kind: str

    @property
    def begin(self) -> int:
        """The minute of the day at which it begins."""
        return self.at.hour * 60 + self.at.minute

    @property
    def length(self) -> int:
        """How many minutes of this day it lasts."""
        ends = self.until.hour * 60 + self.until.minute
        return (ends if self.until.date() == self.at.date() else 1_440) - self.begin


@login_required
@require_GET
def day(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the day."""
    row = found(visible(request, Screen).select_related("site"), pk)
    clock = ZoneInfo(row.timezone)
    on = _on(request.GET.get("on", ""), now().astimezone(clock).date())
    of = _of(request)
    at = _at(request.GET.get("at", ""), on, clock)
    context: dict[str, Any] = {
        "screen": row, "on": on, "of": of, "at": at,
        "before": on - _DAY, "after": on + _DAY, "all_hours": range(0, 25, 3),
    }  # fmt: skip
    try:
        manifest = manifest_of(row, of, now())
    except ApplicationError as error:
        context["trouble"] = error.message.local()
    else:
        begin = datetime.combine(on, time(), clock)
        end = datetime.combine(on + _DAY, time(), clock)
        names = _names(manifest)
        spans = islice(tenures(manifest, begin, end), MOST_CHANGES)
        context["changes"] = [_change(each, names, clock) for each in spans]
        context["minute"] = at.hour * 60 + at.minute
        context["ticks"] = _ticks(manifest, begin, end)
        context |= _moment(manifest, at, names)
    return render(request, "staff/schedule/day.html", context)


@login_required
@require_GET
def day_at(request: HttpRequest, pk: int) -> HttpResponse:
    """What stands beside the picture of one instant."""
    row = found(visible(request, Screen), pk)
    clock = ZoneInfo(row.timezone)
    try:
        asked = request.GET.get("at", "")
        wall = datetime.fromisoformat(asked) if asked else now().astimezone(clock)
        manifest = manifest_of(row, _of(request), now())
    except ValueError:
        raise Http404 from None
    except ApplicationError as error:
        return HttpResponse(error.message.local(), status=error.http_status)
    if wall.year not in YEARS:
        raise Http404
    at = wall.replace(tzinfo=clock)
    context = {"screen": row, "of": _of(request), "at": at}
    context |= _moment(manifest, at, _names(manifest))
    return render(request, "staff/schedule/parts/day_moment.html", context)


def _moment(manifest: Manifest, at: datetime, names: dict[str, str]) -> dict[str, Any]:
    seen = seen_at(manifest, at, names)
    picture = Timeline.of(manifest).picture_at(at)
    since = _since(picture, at)
    winner = next((each for each in seen.reasons if each.won), None)
    return {
        "seen": seen, "winner": winner, "since": since,
        "earlier": _since(Timeline.of(manifest).picture_at(since - timedelta(milliseconds=1)),
                          since - timedelta(milliseconds=1)),
    }  # fmt: skip


def _since(picture: Picture, at: datetime) -> datetime:
    """Since when this picture stands, as far as it says so; on the clock of `at`."""
    known = [each.since for each in picture.zones.values() if each is not None]
    if picture.because is not None:
        known.append(picture.because.anchor)
    since = max(known, default=at).astimezone(at.tzinfo)
    return max(since, at - _DAY)


def _change(tenure: Tenure, names: dict[str, str], clock: ZoneInfo) -> Change:
    holders = tenure.holders
    said = tuple(names.get(each.id, each.id) if each.id else _("the fallback") for each in holders)
    kind = holders[0].kind if holders else "slate"
    return Change(
        tenure.since.astimezone(clock), tenure.until.astimezone(clock),
        said or (_("The slate"),), kind,
    )  # fmt: skip


def _ticks(manifest: Manifest, begin: datetime, end: datetime) -> list[int]:
    """The minutes of the day at which the picture changes; none if it changes all the time."""
    spans = list(islice(Timeline.of(manifest).pictures(begin, end), MOST_TICKS + 1))
    if len(spans) > MOST_TICKS:
        spans = []
    clock = begin.tzinfo
    walls = (each.since.astimezone(clock) for each in spans)
    return sorted({each.hour * 60 + each.minute for each in walls})


def _names(manifest: Manifest) -> dict[str, str]:
    return names_in(Facts(), [manifest]) | {EMPTY_LAYOUT: _("The slate")}


def _of(request: HttpRequest) -> Of:
    return "published" if request.GET.get("of") == "published" else "programme"


def _on(text: str, today: date) -> date:
    try:
        on = date.fromisoformat(text)
    except ValueError:
        return today
    return on if on.year in YEARS else today


def _at(text: str, on: date, clock: ZoneInfo) -> datetime:
    """The instant that is looked at first: as asked, or the working day's beginning."""
    try:
        at = time.fromisoformat(text)
    except ValueError:
        at = time(9)
    return datetime.combine(on, at.replace(tzinfo=None), clock)
