"""Another file in the place of an asset's, everywhere: uploaded, looked at, then put there."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from server.accounts.policy import Act, may, require
from server.errors import ApplicationError
from server.library import services
from server.library.details import page_numbers
from server.library.models import Asset, AssetState
from server.programme.models import PlaylistItem
from server.staff.library.pictures import with_thumbnail
from server.staff.library.places import places_of
from server.staff.library.taking import take_files
from server.staff.refusals import sentence_of
from server.staff.requests import login_required, now, staff_of
from server.staff.rows import found, visible

__all__ = ["replace"]

_MOVING = frozenset({AssetState.RECEIVED, AssetState.PROCESSING})


@login_required
@require_http_methods(["GET", "POST"])
def replace(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a new file, show it beside the old one and where it will change; put it there."""
    kept = found(with_thumbnail(visible(request, Asset)), pk)
    if request.method == "POST":
        require(staff_of(request), Act.UPLOAD, kept.department_id)
        return _posted(request, kept)
    return render(request, "staff/library/replace.html", _context(request, kept))


def _context(request: HttpRequest, kept: Asset) -> dict[str, Any]:
    staff = staff_of(request)
    waiting = with_thumbnail(Asset.objects.filter(replaces=kept)).order_by("-pk").first()
    former = with_thumbnail(Asset.with_bin.filter(former_of=kept, deleted_at__isnull=False))
    return {
        "asset": kept,
        "waiting": waiting,
        "is_moving": waiting is not None and waiting.state in _MOVING,
        "is_ready": waiting is not None and waiting.state == AssetState.READY,
        "missing": [] if waiting is None else _missing_pages(kept, waiting),
        "former": former.order_by("-deleted_at", "-pk"),
        "places": places_of(kept, staff),
        "replaces": kept,
        "drop_address": request.path,
        "departments": [kept.department],
        "can_change": may(staff, Act.UPLOAD, kept.department_id),
        "has_file": kept.original_id is not None,
    }


def _missing_pages(kept: Asset, new: Asset) -> list[int]:
    """The pages that stand in playlists on their own and that the new file has not."""
    rows = PlaylistItem.objects.filter(asset=kept, page__isnull=False)
    wanted = set(rows.values_list("page", flat=True))
    return sorted(page for page in wanted - set(page_numbers(new)) if page is not None)


def _posted(request: HttpRequest, kept: Asset) -> HttpResponse:
    act = request.POST.get("act", "")
    if act not in {"put", "drop", "back"}:
        return take_files(request, replaces=kept)
    pk = request.POST.get("file", "")
    files = Asset.with_bin.filter(replaces=kept) | Asset.with_bin.filter(former_of=kept)
    file = found(files, int(pk) if pk.isdigit() else 0)
    staff = staff_of(request)
    try:
        if act == "drop":
            services.asset_delete(asset=file, actor=staff, now=now())
            return redirect("staff:asset_replace", kept.pk)
        services.asset_replace(asset=kept, by=file, actor=staff, now=now())
    except ApplicationError as error:
        messages.error(request, sentence_of(error))
        return redirect("staff:asset_replace", kept.pk)
    messages.success(request, _("The file is replaced.  Screens show it once it is published."))
    return redirect("staff:asset", kept.pk)
