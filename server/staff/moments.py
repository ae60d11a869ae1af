"""One screen at one instant: the exact picture, what is in it until when, and why just that."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from manifest.model import Manifest
from server.errors import ApplicationError
from server.publishing.compile import EMPTY_LAYOUT
from server.publishing.facts import Facts
from server.publishing.naming import names_in
from server.publishing.preview import Of, manifest_of, preview
from server.screens.models import Screen
from server.staff.full_size import picture_of
from server.staff.requests import login_required, now
from server.staff.rows import found, visible
from server.staff.why import seen_at

__all__ = ["moment", "screen_preview"]

#: How wide the picture on the page is drawn, in pixels.
WIDTH = 960


@login_required
@require_GET
def moment(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what is on a screen at an instant, and why."""
    row = found(visible(request, Screen).select_related("site"), pk)
    at, trouble = _asked(request, row)
    context = {"screen": row, "at": at, "of": _of(request), "trouble": trouble}
    try:
        manifest = manifest_of(row, _of(request), now())
    except ApplicationError as error:
        context["trouble"] = trouble or error.message.local()
    else:
        context["seen"] = seen_at(manifest, at, _names(manifest))
    return render(request, "staff/moment.html", context, status=422 if trouble else 200)


@login_required
@require_GET
def screen_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The picture itself, as the stage draws it."""
    row = found(visible(request, Screen).select_related("site"), pk)
    at, _trouble = _asked(request, row)
    of = _of(request)
    return picture_of(lambda: preview(screen=row, at=at, now=now(), of=of, width=WIDTH))


def _names(manifest: Manifest) -> dict[str, str]:
    return names_in(Facts(), [manifest]) | {EMPTY_LAYOUT: _("The slate")}


def _of(request: HttpRequest) -> Of:
    return "programme" if request.GET.get("of") == "programme" else "published"


def _asked(request: HttpRequest, screen: Screen) -> tuple[datetime, str]:
    """The instant that is asked for, a wall time of the screen; and what is wrong with it."""
    text, clock = request.GET.get("at", ""), ZoneInfo(screen.timezone)
    if not text:
        return now().astimezone(clock).replace(microsecond=0), ""
    try:
        asked = parse_datetime(text)
    except ValueError:
        asked = None
    if asked is None or not 2000 <= asked.year <= 2200:
        return now().astimezone(clock).replace(microsecond=0), _("This is no date and time.")
    return (asked.replace(tzinfo=clock) if asked.tzinfo is None else asked), ""
