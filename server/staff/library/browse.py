"""The library's first page: what there is, found by words and filters, with its progress."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from server.accounts.policy import Act, may_anywhere
from server.library import services
from server.library.models import Asset, AssetState
from server.library.tagging import tags_among
from server.programme.models import Playlist
from server.staff.library.finding import KINDS, SHOWS, SORTS, Filters, assets_found
from server.staff.library.pictures import in_order
from server.staff.library.taking import take_files
from server.staff.requests import login_required, now, staff_of
from server.staff.rows import departments_for, page_of, visible
from server.staff.unplayable import unplayable_among

__all__ = ["library", "states"]

#: Assets whose progress is asked for at once.
STATES_LIMIT = 200

#: States that change by themselves.
_MOVING = frozenset({AssetState.RECEIVED, AssetState.PROCESSING})


@login_required
@require_http_methods(["GET", "POST"])
def library(request: HttpRequest) -> HttpResponse:
    """Show what there is, and take files (from a browser without script, whole)."""
    if request.method == "POST":
        return take_files(request)
    staff, filters = staff_of(request), Filters.of(request)
    page = page_of(request, assets_found(staff, filters, now()).only("pk"))
    assets = in_order(each.pk for each in page.object_list)
    mine = visible(request, Asset)
    query = filters.query
    context = {
        "page": page, "assets": assets, "page_query": f"{query}&" if query else "",
        "moving": [each for each in assets if each.state in _MOVING], "now": now(),
        "filters": filters, "kinds": KINDS, "shows": SHOWS, "sorts": SORTS,
        "unplayable": unplayable_among([each.pk for each in assets], now()),
        "tags": tags_among(mine), "owners": departments_for(request, Act.VIEW),
        "can_upload": may_anywhere(staff, Act.UPLOAD),
        "can_select": may_anywhere(staff, Act.UPLOAD),
        "can_take_down": may_anywhere(staff, Act.TAKE_DOWN),
        "departments": departments_for(request, Act.UPLOAD),
        "playlists": visible(request, Playlist, Act.ARRANGE).order_by("name"),
        "can_arrange": may_anywhere(staff, Act.ARRANGE), "added": _added(request),
        "has_arrived": "arrived" in request.GET,
        "unfinished": services.uploads_unfinished(actor=staff),
    }  # fmt: skip
    return render(request, "staff/library/library.html", context)


def _added(request: HttpRequest) -> Playlist | None:
    """The playlist to which something was added a moment ago: the next step is there."""
    wanted = request.GET.get("added", "")
    if not (wanted.isdigit() and len(wanted) < 19):
        return None
    return visible(request, Playlist, Act.ARRANGE).filter(pk=int(wanted)).first()


@login_required
@require_GET
def states(request: HttpRequest) -> HttpResponse:
    """The tiles that a page has seen moving, as they are now; those that still move ask again."""
    wanted = [int(each) for each in request.GET.get("assets", "").split(",") if each.isdigit()]
    rows = visible(request, Asset).filter(pk__in=wanted[:STATES_LIMIT])
    assets = in_order(rows.values_list("pk", flat=True))
    moving = [each for each in assets if each.state in _MOVING]
    context = {"assets": assets, "moving": moving, "now": now(), "is_swapped": True,
               "unplayable": unplayable_among([each.pk for each in assets], now()),
               "can_select": request.GET.get("select") == "1"}  # fmt: skip
    return render(request, "staff/library/parts/states.html", context)
