"""One screen at one instant: the exact picture, what is in it until when, and why just that.

The address is the permalink: screen, instant, and of which programme.
"""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from manifest.model import Manifest
from server.errors import ApplicationError
from server.publishing.first_airing import first_airing
from server.publishing.preview import manifest_of, preview
from server.publishing.reels import neighbours
from server.publishing.why import seen_at
from server.review.models import Submission
from server.screens.models import Screen
from server.staff.full_size import picture_of
from server.staff.preview.asking import asked, line_of, names_of, of_which
from server.staff.refusals import sentence_of
from server.staff.requests import login_required, now
from server.staff.reviews.lists import submissions_for
from server.staff.rows import found, visible
from server.staff.templatetags.yingbi import wall

__all__ = ["any_screen", "moment", "screen_preview"]

#: How wide the picture on the page is drawn, in pixels.
WIDTH = 960


@login_required
@require_GET
def any_screen(request: HttpRequest) -> HttpResponse:
    """The first screen now; the form on the page leads to the address of what is chosen."""
    screens = _screens(request)
    wanted = request.GET.get("screen", "")
    chosen = screens.filter(pk=wanted).first() if wanted.isdigit() and len(wanted) < 19 else None
    if chosen is not None:
        query = urlencode(
            {name: request.GET[name] for name in ("at", "of", "submission") if name in request.GET}
        )
        return redirect(f"{reverse('staff:moment', args=[chosen.pk])}?{query}")
    first = screens.first()
    if first is None:
        return render(request, "staff/preview/nothing.html")
    return _shown(request, first)


@login_required
@require_GET
def moment(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what is on a screen at an instant, and why."""
    return _shown(request, found(visible(request, Screen).select_related("site"), pk))


def _shown(request: HttpRequest, row: Screen) -> HttpResponse:
    at, trouble = asked(request, row)
    of, reviewed = of_which(request), _reviewed(request)
    context: dict[str, Any] = {
        "screen": row, "of": of, "trouble": trouble, "screens": _screens(request),
        "submission": reviewed, "present": wall(now().astimezone(ZoneInfo(row.timezone))),
    }  # fmt: skip
    try:
        manifest = manifest_of(row, of, now())
    except ApplicationError as error:
        context |= {"at": at, "trouble": trouble or sentence_of(error)}
    else:
        if reviewed is not None and not request.GET.get("at"):
            at = _first_seen(reviewed, manifest, at)
        context["at"] = at
        before, after = neighbours(manifest, at)
        context |= {
            "seen": seen_at(manifest, at, names_of(manifest)),
            "before": wall(_whole_second(before.astimezone(at.tzinfo))),
            "after": wall(_whole_second(after.astimezone(at.tzinfo))),
        }
    return render(request, "staff/preview/moment.html", context, status=422 if trouble else 200)


@login_required
@require_GET
def screen_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The picture itself, as the stage draws it."""
    row = found(visible(request, Screen).select_related("site"), pk)
    at, _trouble = asked(request, row)
    of, line = of_which(request), line_of(request)
    return picture_of(lambda: preview(screen=row, at=at, now=now(), of=of, width=WIDTH, line=line))


def _reviewed(request: HttpRequest) -> Submission | None:
    """The submission that somebody came from."""
    key = request.GET.get("submission", "")
    if not key.isdigit() or len(key) > 18:
        return None
    return submissions_for(request).filter(pk=key).first()


def _first_seen(row: Submission, manifest: Manifest, at: datetime) -> datetime:
    """When something new of it is seen first, on the clock of `at`; else `at`."""
    found = first_airing(manifest, set(row.items.values_list("asset", flat=True)), at)
    return at if found is None else _whole_second(found.astimezone(at.tzinfo))


def _whole_second(at: datetime) -> datetime:
    """The first whole second from `at` on, which is in the picture that begins at `at`."""
    rest = timedelta(microseconds=at.microsecond)
    return at - rest + timedelta(seconds=1) if rest else at


def _screens(request: HttpRequest) -> Any:
    rows = visible(request, Screen).filter(retired_at=None)
    return rows.select_related("site").order_by("site__name", "name", "pk")
