"""撤播: where an item is now, off everywhere with a reason, receipts as they come, and undo."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRefresh

from server.accounts.policy import Act, may, require
from server.emergency import takedowns
from server.emergency.takedowns import GoneStage, TakeDown
from server.errors import ApplicationError
from server.library.models import Asset, AssetState
from server.publishing.on_air import screens_showing
from server.screens.models import Screen
from server.staff.emergency.boards import PATIENT_POLL_S, POLL_S, part
from server.staff.refusals import sentence_of
from server.staff.requests import login_required, now, staff_of
from server.staff.rows import found, visible
from server.staff.toasts import say

__all__ = ["lines", "take_down", "undo"]

#: A word, the class of its badge, and what to expect.
_WORDS: dict[GoneStage, tuple[Promise, str, Promise]] = {
    GoneStage.WAITING: (
        gettext_lazy("Waits for signatures"), "warn",
        gettext_lazy("The approvers have to sign it first: it stands there until they do."),
    ),
    GoneStage.KEPT: (
        gettext_lazy("Offline"), "bad",
        gettext_lazy(
            "Keeps it until it is back: check its network, or send somebody to switch the panel"
            " off."
        ),
    ),
    GoneStage.SENT: (
        gettext_lazy("Waiting for its receipt"), "warn",
        gettext_lazy("The box has not answered yet."),
    ),
    GoneStage.GONE: (
        gettext_lazy("Gone"), "good", gettext_lazy("Shows it no more."),
    ),
}  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def take_down(request: HttpRequest, pk: int) -> HttpResponse:
    """Show where it is; take it off everywhere; show what the screens say."""
    row = found(visible(request, Asset), pk)
    trouble = ""
    if request.method == "POST":
        require(staff_of(request), Act.TAKE_DOWN, row.department_id)
        reason = request.POST.get("reason", "").strip()[:500]
        try:
            if not reason:
                trouble = _("Say why; the record keeps it.")
            else:
                takedowns.take_down(asset=row, actor=staff_of(request), reason=reason, now=now())
        except ApplicationError as error:
            trouble = sentence_of(error)
        if not trouble:
            undo_at = reverse("staff:take_down_undo", args=[pk])
            say(request, _("Taken down: every screen on line is told at once."), undo=undo_at)
            return redirect("staff:take_down", pk)
    context = _context(request, row) | {"trouble": trouble}
    status = 422 if trouble else 200
    return render(request, "staff/emergency/take_down.html", context, status=status)


def _context(request: HttpRequest, row: Asset) -> dict[str, Any]:
    is_down = row.state == AssetState.WITHDRAWN
    state = takedowns.take_down_of(row, now())
    shown: list[Screen] = []
    if not is_down:
        pks = screens_showing(row.pk)
        shown = list(visible(request, Screen).filter(pk__in=pks).select_related("site"))
    return {
        "asset": row,
        "is_down": is_down,
        "take_down": state,
        "lines": [(each, *_WORDS[each.stage]) for each in state.screens],
        "shown": shown,
        "poll": _poll_of(state) if is_down else 0,
        "can_take_down": may(staff_of(request), Act.TAKE_DOWN, row.department_id),
    }


def _poll_of(state: TakeDown) -> int:
    """How often to ask, in seconds: until it is gone from the last screen."""
    if not state.is_settled:
        return POLL_S
    return PATIENT_POLL_S if state.gone < len(state.screens) else 0


@login_required
@require_GET
def lines(request: HttpRequest, pk: int) -> HttpResponse:
    """The part that moves; the whole page anew when somebody brought it back meanwhile."""
    row = found(visible(request, Asset), pk)
    if row.state != AssetState.WITHDRAWN:
        return HttpResponseClientRefresh()
    return part(request, "staff/emergency/parts/gone.html", _context(request, row))


@login_required
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring it back where it was; its own page follows, not the one whose button takes it down."""
    row = found(visible(request, Asset), pk)
    require(staff_of(request), Act.TAKE_DOWN, row.department_id)
    try:
        n = takedowns.put_back(asset=row, actor=staff_of(request), now=now())
    except ApplicationError as error:
        say(request, sentence_of(error), tone="error")
        return redirect("staff:take_down", pk)
    say(request, _("It is back, on %(n)d screens at once.") % {"n": n})
    return redirect("staff:asset", pk)
