"""The bin: what was deleted in the last thirty days, and how it comes back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from server.accounts.policy import Act, in_reach
from server.errors import ApplicationError
from server.library import services
from server.library.assets import BIN_KEEPS
from server.library.models import Asset
from server.staff.library.pictures import with_thumbnail
from server.staff.refusals import sentence_of
from server.staff.requests import login_required, now, staff_of
from server.staff.rows import found, page_of

__all__ = ["deleted", "undelete"]


@login_required
@require_GET
def deleted(request: HttpRequest) -> HttpResponse:
    """Show the bin, what went last first."""
    rows = Asset.with_bin.filter(in_reach(staff_of(request), Act.VIEW), deleted_at__isnull=False)
    page = page_of(request, with_thumbnail(rows).order_by("-deleted_at", "-pk"))
    told = [(each, _days_left(each)) for each in page.object_list]
    context = {"page": page, "told": told, "days": BIN_KEEPS.days}
    return render(request, "staff/library/bin.html", context)


def _days_left(asset: Asset) -> int:
    assert asset.deleted_at is not None
    return max(0, (asset.deleted_at + BIN_KEEPS - now()).days)


@login_required
@require_POST
def undelete(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one asset out of the bin."""
    rows = Asset.with_bin.filter(in_reach(staff_of(request), Act.VIEW), deleted_at__isnull=False)
    kept = found(rows, pk)
    try:
        services.asset_undelete(asset=kept, actor=staff_of(request), now=now())
    except ApplicationError as error:
        messages.error(request, sentence_of(error))
        return redirect("staff:bin")
    messages.success(request, _("It is back."))
    return redirect("staff:asset", pk)
