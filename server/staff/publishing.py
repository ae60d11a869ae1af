"""Publishing: what is now and what will be, screen by screen; then yes; and back again."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from server.accounts.models import Staff
from server.accounts.policy import Act, in_reach, may_anywhere, require, require_somewhere
from server.errors import ApplicationError
from server.publishing import services
from server.publishing.models import Release
from server.publishing.planning import Plan
from server.screens.models import Screen
from server.staff.refusals import sentence_of
from server.staff.requests import login_required, now, staff_of
from server.staff.rows import found, page_of, visible
from server.staff.seen_screens import require_some, seen_digest, seen_screens
from server.staff.whom_to_ask import whom_to_ask

__all__ = ["publish", "undo"]


@login_required
@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest) -> HttpResponse:
    """Show the dry run, and publish just what it showed."""
    staff = staff_of(request)
    may_publish = visible(request, Screen, Act.PUBLISH).filter(retired_at=None)
    trouble, reason = "", request.POST.get("reason", "")[:500]
    if request.method == "POST":
        require_somewhere(staff, Act.PUBLISH)
        wanted = seen_screens(request)
        chosen = list(may_publish.filter(pk__in=wanted))
        for pk in {each.department_id for each in Screen.objects.filter(pk__in=wanted)}:
            require(staff, Act.PUBLISH, pk)
        try:
            require_some(wanted)
            release = services.publish(
                screens=chosen, actor=staff, reason=reason, now=now(),
                confirmed="confirmed" in request.POST,
                expected=seen_digest(request, wanted),
                urgent="urgent" in request.POST,
            )  # fmt: skip
        except ApplicationError as error:
            trouble = sentence_of(error)
        else:
            said = _("Published.") if release else _("Every screen was told just this already.")
            messages.success(request, said)
            return redirect("staff:publish")
    return _page(request, may_publish.exists(), trouble, reason)


def _page(request: HttpRequest, can_publish: bool, trouble: str, reason: str) -> HttpResponse:
    reach = Act.PUBLISH if can_publish else Act.VIEW
    screens = visible(request, Screen, reach).filter(retired_at=None)
    plan: Plan | None = None
    try:
        plan = services.plan(screens, now())
    except ApplicationError as error:
        trouble = trouble or sentence_of(error)
    releases = visible(request, Release, field="publications__screen__department").distinct()
    context = _forms(staff_of(request), plan) | {
        "plan": plan, "trouble": trouble, "reason": reason, "can_publish": can_publish,
        "publishers": [] if can_publish else _publishers(request),
        "page": page_of(request, releases.select_related("by", "restores").order_by("-pk")),
    }  # fmt: skip
    return render(request, "staff/publish.html", context, status=422 if trouble else 200)


def _publishers(request: HttpRequest) -> list[str]:
    """Who may publish what this reader may only look at."""
    return whom_to_ask(Act.PUBLISH, staff_of(request).department)


def _forms(staff: Staff, plan: Plan | None) -> dict[str, Any]:
    """What may be submitted, published, or shown before its review; of the changed screens."""
    if plan is None:
        return {}
    return {
        "to_publish": plan.only("none", "approved"),
        "to_submit": plan.only("needed"),
        "unreviewed": plan.only("needed", "in-review"),
        "can_submit": may_anywhere(staff, Act.ARRANGE),
        "can_take_over": may_anywhere(staff, Act.TAKE_OVER),
    }


@login_required
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring back what stood on the screens when this release was made."""
    releases = visible(request, Release, field="publications__screen__department").distinct()
    row, staff = found(releases, pk), staff_of(request)
    reach = in_reach(staff, Act.VIEW)
    screens = Screen.objects.filter(reach, publications__release=row, retired_at=None).distinct()
    try:
        made = services.undo(
            release=row, screens=screens, actor=staff, now=now(),
            reason=request.POST.get("reason", "")[:500] or _("Brought back."),
        )  # fmt: skip
    except ApplicationError as error:
        messages.error(request, sentence_of(error))
    else:
        said = _("Brought back.") if made else _("Every screen was told just this already.")
        messages.success(request, said)
    return redirect("staff:publish")
