"""What one button does to one asset: withdraw, bring back, prepare anew, delete."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from server.accounts.policy import Act, require
from server.errors import ApplicationError
from server.library import services
from server.library.models import Asset
from server.library.uses import uses_of
from server.publishing.notices import end_notice
from server.publishing.services import take_down
from server.staff.library.undoing import remember
from server.staff.refusals import sentence_of
from server.staff.requests import login_required, now, staff_of
from server.staff.rows import found, visible
from server.staff.toasts import say

__all__ = ["asset_act", "asset_end_notice"]


@login_required
@require_POST
def asset_act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Withdraw, bring back, prepare anew, or delete."""
    kept = found(visible(request, Asset), pk)
    require(staff_of(request), _RIGHTS.get(act, Act.UPLOAD), kept.department_id)
    if act not in _ACTS:
        raise Http404
    try:
        return _ACTS[act](request, kept)
    except ApplicationError as error:
        messages.error(request, sentence_of(error))
    return redirect("staff:asset", pk)


def _withdraw(request: HttpRequest, kept: Asset) -> HttpResponse:
    reason = request.POST.get("reason", "")[:500]
    take_down(asset=kept, actor=staff_of(request), reason=reason, now=now())
    undo_at = reverse("staff:take_down_undo", args=[kept.pk])
    say(request, _("Withdrawn: every screen is told at once."), undo=undo_at)
    return redirect("staff:take_down", kept.pk)


def _restore(request: HttpRequest, kept: Asset) -> HttpResponse:
    services.asset_restore(asset=kept, actor=staff_of(request), now=now())
    messages.success(request, _("It is back.  Screens show it once it is published."))
    return redirect("staff:asset", kept.pk)


def _retry(request: HttpRequest, kept: Asset) -> HttpResponse:
    services.asset_retry(asset=kept, actor=staff_of(request), now=now())
    return redirect("staff:asset", kept.pk)


def _delete(request: HttpRequest, kept: Asset) -> HttpResponse:
    """Into the bin; what is in use goes by the page that says where."""
    if uses_of(kept):
        return redirect(f"{reverse('staff:assets_remove')}?assets={kept.pk}")
    services.asset_delete(asset=kept, actor=staff_of(request), now=now())
    remember(request, "delete", _("“%(title)s” is in the bin.") % {"title": kept.title},
             {str(kept.pk): ""})  # fmt: skip
    return redirect("staff:library")


@login_required
@require_POST
def asset_end_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """End the period of a public notice before its last day."""
    kept = found(visible(request, Asset), pk)
    reason = request.POST.get("reason", "")
    require(staff_of(request), Act.END_NOTICE, kept.department_id)
    try:
        end_notice(asset=kept, reason=reason, actor=staff_of(request), now=now())
    except ApplicationError as error:
        messages.error(request, sentence_of(error))
    else:
        messages.success(request, _("The period is ended.  Take the notice out, then publish."))
    return redirect("staff:asset", pk)


_ACTS: dict[str, Callable[[HttpRequest, Asset], HttpResponse]] = {
    "withdraw": _withdraw, "restore": _restore, "retry": _retry, "delete": _delete,
}  # fmt: skip
_RIGHTS = {"withdraw": Act.TAKE_DOWN, "restore": Act.TAKE_DOWN}
