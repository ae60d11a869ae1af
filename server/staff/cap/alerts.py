"""Alerts as they came: what became of each and why; those that wait are decided on here."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from server.accounts.policy import Act, may, may_anywhere
from server.cap import deciding
from server.cap.document import Info, alert_of
from server.cap.models import CapAlert, CapSource, Outcome
from server.cap.policy import chosen_infos
from server.cap.records import why_of
from server.cap.words import words_of
from server.emergency.services import running
from server.emergency.words import CONFIRMING
from server.errors import ApplicationError
from server.staff.cap.labels import OUTCOMES, TONES, level_named
from server.staff.refusals import sentence_of
from server.staff.requests import login_required, now, staff_of
from server.staff.rows import found, visible

__all__ = ["alert", "decline", "listed", "show"]

#: Alerts that the list shows; the interface for scripts has all of them.
ALERTS_LISTED = 60


@login_required
@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """List sources, and the last alerts; those that wait come first."""
    sources = visible(request, CapSource).filter(closed_at=None).select_related("department")
    rows = visible(request, CapAlert, field="source__department").select_related("source")
    newest = list(rows.defer("body").order_by("-pk")[:ALERTS_LISTED])
    waiting = list(rows.defer("body").filter(outcome=Outcome.WAITING).order_by("-pk"))
    context = {
        "sources": [{"row": each} for each in sources],
        "waiting": [_line(each) for each in waiting],
        "alerts": [_line(each) for each in newest if each.outcome != Outcome.WAITING],
        "can_make": may_anywhere(staff_of(request), Act.MANAGE_SCREENS),
    }
    return render(request, "staff/cap/list.html", context)


def _line(row: CapAlert) -> dict[str, Any]:
    outcome = Outcome(row.outcome)
    return {
        "row": row, "outcome": OUTCOMES[outcome], "tone": TONES.get(outcome, ""),
        "why": why_of(row.why).local(),
    }  # fmt: skip


@login_required
@require_GET
def alert(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what it says, what the screens would say, and what became of it."""
    return _page(request, _row(request, pk), "")


def _row(request: HttpRequest, pk: int) -> CapAlert:
    rows = visible(request, CapAlert, field="source__department")
    return found(rows.select_related("source__department", "takeover", "decided_by"), pk)


def _page(request: HttpRequest, row: CapAlert, trouble: str) -> HttpResponse:
    told = alert_of(bytes(row.body))
    infos = chosen_infos(told.infos, row.source.language)
    is_drill = row.status != "Actual"
    zh, en = CONFIRMING[is_drill]
    context = {
        "line": _line(row), "alert": row, "told": told,
        "infos": [(each, _levels(each)) for each in infos],
        "words": words_of(infos[0], row.source.name) if infos else None,
        "word": zh if request.LANGUAGE_CODE.startswith("zh") else en,
        "can_decide": row.outcome == Outcome.WAITING
        and may(staff_of(request), Act.TAKE_OVER, row.source.department_id),
        "running": running(now()), "trouble": trouble,
        "raw": bytes(row.body).decode("utf-8", "replace")[:20_000],
    }  # fmt: skip
    status = 422 if trouble else 200
    return render(request, "staff/cap/alert.html", context, status=status)


def _levels(info: Info) -> str:
    words = (info.severity, info.urgency, info.certainty)
    return " · ".join(level_named(each) for each in words)


@login_required
@require_POST
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Show it on the screens of its places, at once."""
    row = _row(request, pk)
    seen = [int(each) for each in request.POST.getlist("seen") if each.isdigit() and len(each) < 19]
    try:
        begun = deciding.show_by_hand(
            alert=row, typed=request.POST.get("typed", ""), seen=seen, actor=staff_of(request),
            now=now(),
        )  # fmt: skip
    except ApplicationError as error:
        if error.http_status in {403, 404}:
            raise
        return _page(request, row, sentence_of(error))
    return redirect("staff:emergency_board", begun.pk)


@login_required
@require_POST
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    """Do not show it."""
    row = _row(request, pk)
    try:
        deciding.decline(
            alert=row, reason=request.POST.get("reason", ""), actor=staff_of(request), now=now()
        )
    except ApplicationError as error:
        if error.http_status in {403, 404}:
            raise
        return _page(request, row, sentence_of(error))
    messages.success(request, _("Kept off the screens."))
    return redirect("staff:cap")
