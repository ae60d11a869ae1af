"""The overview: every screen with its last picture and state, what is wrong, what waits."""

from datetime import datetime

from django.db.models import Max, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET
from msgspec import Struct

from server.library.models import Asset, AssetState
from server.publishing.selectors import told
from server.review.selectors import waiting_for
from server.screens.models import Screen
from server.screens.states import ScreenState
from server.staff.requests import login_required, now, staff_of
from server.staff.rows import visible
from server.staff.troubles import troubles_of
from server.telemetry.models import Screenshot
from server.telemetry.selectors import ScreenStanding, screen_standings

__all__ = ["Seen", "overview", "standings_of", "waiting"]

#: Troubles that are listed at once; there is a page for each screen.
TROUBLES_LISTED = 50


class Seen(Struct):
    """A screen, how it is, and the key of its newest picture of the glass (None: none)."""

    standing: ScreenStanding
    shot: int | None


def standings_of(screens: QuerySet[Screen], at: datetime) -> list[Seen]:
    """How each of these screens is, with its newest picture of the glass."""
    pks = [each.pk for each in screens]
    newest = {pk: each.version for pk, each in told(pks).items()}
    shots = Screenshot.objects.filter(screen__in=pks).values("screen").annotate(newest=Max("pk"))
    pictures = {each["screen"]: each["newest"] for each in shots}
    found = screen_standings(screens, newest, at)
    return [Seen(each, pictures.get(each.screen)) for each in found]


@login_required
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Show how everything is."""
    screens = visible(request, Screen).filter(retired_at=None)
    standings = standings_of(screens, now())
    assets = visible(request, Asset)
    each_is = [each.standing for each in standings]
    troubles = troubles_of(each_is, screens, now())
    context = {
        "standings": standings,
        "online": sum(each.state is ScreenState.ONLINE for each in each_is),
        "troubles": troubles[:TROUBLES_LISTED],
        "more": max(0, len(troubles) - TROUBLES_LISTED),
        "failed": assets.filter(state=AssetState.FAILED).count(),
        "moving": assets.filter(state__in=[AssetState.RECEIVED, AssetState.PROCESSING]).count(),
        "reviews": waiting_for(staff_of(request)),
        "behind": [each for each in each_is if each.is_behind and each.state is ScreenState.ONLINE],
    }
    return render(request, "staff/overview.html", context)


@login_required
@require_GET
def waiting(request: HttpRequest) -> HttpResponse:
    """How much waits on each page of the navigation: parts that put themselves in their places."""
    return render(request, "staff/waiting.html")
