"""Which pages of a document are shown: chosen by clicks, taken when it is added to a playlist."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from server.accounts.policy import Act, may, may_anywhere
from server.errors import ApplicationError, Invalid
from server.library import services
from server.library.details import page_numbers
from server.library.models import Asset, AssetKind
from server.programme.adding import items_of
from server.programme.models import Playlist
from server.staff.library.into_playlist import put_into, wanted_playlist
from server.staff.refusals import sentence_of
from server.staff.requests import login_required, now, staff_of
from server.staff.rows import found, visible

__all__ = ["pages"]


@login_required
@require_http_methods(["GET", "POST"])
def pages(request: HttpRequest, pk: int) -> HttpResponse:
    """Show all pages, keep which of them are taken, and add them to a playlist if one is chosen."""
    kept = found(visible(request, Asset), pk)
    if request.method == "POST":
        return _picked(request, kept)
    there = page_numbers(kept)
    context = {
        "asset": kept,
        "pages": there,
        "picked": kept.picked_pages or there,
        "can_change": may(staff_of(request), Act.UPLOAD, kept.department_id),
        "playlists": visible(request, Playlist, Act.ARRANGE).order_by("name"),
        "can_arrange": may_anywhere(staff_of(request), Act.ARRANGE),
        "is_document": kept.kind == AssetKind.DOCUMENT,
    }
    return render(request, "staff/library/pages.html", context)


def _picked(request: HttpRequest, kept: Asset) -> HttpResponse:
    wanted = [int(each) for each in request.POST.getlist("page") if each.isdigit()]
    staff, at = staff_of(request), now()
    try:
        services.pages_pick(asset=kept, pages=wanted, actor=staff, now=at)
        if not request.POST.get("playlist"):
            messages.success(request, _("Saved: these pages are taken when it is added."))
            return redirect("staff:asset_pages", kept.pk)
        wanted_list = wanted_playlist(request)
        kept.refresh_from_db(fields=["picked_pages"])
        items = items_of(kept, duration_ms=_duration_ms(request.POST.get("seconds", "")))
        row = put_into(request, wanted_list, items, kept.department)
    except ApplicationError as error:
        messages.error(request, sentence_of(error))
        return redirect("staff:asset_pages", kept.pk)
    return redirect("staff:playlist", row.pk)


def _duration_ms(typed: str) -> int | None:
    """Seconds a page as they were typed; None for ten."""
    if not typed.strip():
        return None
    try:
        return round(float(typed) * 1000)
    except (ValueError, OverflowError):
        raise Invalid("Write how many seconds each page is shown.") from None
