"""Deleting what is in use: says where, and takes it out of there in one go, if that is wanted."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from server.accounts.policy import Act, may, require
from server.errors import ApplicationError
from server.library import services
from server.library.models import Asset
from server.programme.models import PlaylistItem
from server.programme.taking_out import assets_take_out
from server.publishing.services import take_down
from server.staff.library.pictures import with_thumbnail
from server.staff.library.places import Places, places_of
from server.staff.refusals import sentence_of
from server.staff.requests import login_required, now, staff_of
from server.staff.rows import visible
from server.staff.undo.ways import kept, leave

__all__ = ["assets_remove"]

#: The most assets that are asked about at once.
ASSETS_LIMIT = 100


@login_required
@require_http_methods(["GET", "POST"])
def assets_remove(request: HttpRequest) -> HttpResponse:
    """Show where some assets are used; take them out, off the walls if wanted, and delete them."""
    sent = request.POST if request.method == "POST" else request.GET
    wanted = [int(each) for each in sent.getlist("assets") if each.isdigit()]
    rows = with_thumbnail(visible(request, Asset)).filter(pk__in=wanted[:ASSETS_LIMIT])
    assets = list(rows.order_by("-created_at", "-pk"))
    if request.method == "POST":
        if not assets:
            messages.error(request, _("Choose some assets first."))
            return redirect("staff:library")
        try:
            _remove(request, assets)
        except ApplicationError as error:
            messages.error(request, sentence_of(error))
        else:
            return redirect("staff:library")
    return render(request, "staff/library/remove.html", _context(request, assets))


def _context(request: HttpRequest, assets: list[Asset]) -> dict[str, Any]:
    staff = staff_of(request)
    told: list[tuple[Asset, Places]] = [(each, places_of(each, staff)) for each in assets]
    stuck = [each for each, places in told if places.is_used and not places.can_be_taken_out]
    mine = all(may(staff, Act.UPLOAD, each.department_id) for each in assets)
    return {
        "told": told,
        "stuck": stuck,
        "can_remove": bool(assets) and mine and not stuck,
        "is_on_air": any(places.is_on_air for _each, places in told),
        "can_take_down": all(may(staff, Act.TAKE_DOWN, each.department_id) for each in assets),
    }


def _remove(request: HttpRequest, assets: list[Asset]) -> None:
    staff, at = staff_of(request), now()
    for each in assets:
        require(staff, Act.UPLOAD, each.department_id)
    is_taken_down = request.POST.get("walls") == "at-once"
    with transaction.atomic():
        facts = _facts(assets, is_taken_down)
        assets_take_out(assets=assets, actor=staff, now=at)
        for each in assets:
            if is_taken_down:
                take_down(asset=each, actor=staff, reason=request.POST.get("reason", "")[:500],
                          now=at)  # fmt: skip
            services.asset_delete(asset=each, actor=staff, now=at)
    said = ngettext("%(n)d asset is in the bin.", "%(n)d assets are in the bin.", len(assets))
    leave(request, said % {"n": len(assets)}, "remove", facts)


def _facts(assets: list[Asset], is_taken_down: bool) -> dict[str, Any] | None:
    """Where the assets stood, for the way back."""
    items = list(PlaylistItem.objects.filter(asset__in=[each.pk for each in assets]))
    orders = {
        playlist: list(
            PlaylistItem.objects.filter(playlist=playlist)
            .order_by("position", "pk")
            .values_list("pk", flat=True)
        )
        for playlist in {each.playlist_id for each in items}
    }
    return {
        "assets": [each.pk for each in assets],
        "taken_down": is_taken_down,
        "items": (kept(*items) if items else None) or {"rows": [], "freed": []},
        "orders": orders,
    }
