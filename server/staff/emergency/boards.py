"""The live board of one emergency: what each screen says, prolong it, end it with one click."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRefresh

from server.accounts.policy import Act, may
from server.emergency import services
from server.emergency.board import Board, board_of
from server.emergency.lines import Stage
from server.errors import ApplicationError
from server.programme.models import Takeover
from server.staff.emergency.forms import LENGTHS
from server.staff.emergency.labels import shown
from server.staff.refusals import sentence_of
from server.staff.requests import login_required, now, staff_of
from server.staff.rows import found, visible
from server.telemetry.models import Wanted
from server.telemetry.services import wanted_ask

__all__ = [
    "PATIENT_POLL_S", "POLL_S", "ask", "board", "context_of", "end", "lines", "part", "prolong"
]  # fmt: skip

#: How often an open page asks, in seconds; after the end until everybody has answered.
POLL_S = 2

#: The same while only screens are left that are not heard of.
PATIENT_POLL_S = 15

#: What htmx takes as: ask no more.
_NO_MORE = 286


def _row(request: HttpRequest, pk: int) -> Takeover:
    rows = visible(request, Takeover).select_related("created_by", "asset", "layout", "department")
    return found(rows, pk)


@login_required
@require_GET
def board(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole page."""
    return render(request, "staff/emergency/board.html", context_of(request, _row(request, pk)))


def context_of(request: HttpRequest, row: Takeover) -> dict[str, Any]:
    """What the board, its moving part and the report are made of."""
    at = now()
    found_ = board_of(row, at)
    until = found_.emergency.until if found_.emergency else row.ends_at
    return {
        "takeover": row,
        "board": found_,
        "lines": [shown(each) for each in found_.lines],
        "now": at,
        "until": until,
        "length": min(row.ends_at, at) - row.starts_at,
        "poll": _poll_of(found_, at),
        "can_end": may(staff_of(request), Act.TAKE_OVER, row.department_id),
        "lengths": LENGTHS[:3],
    }


def _poll_of(board: Board, at: datetime) -> int:
    """How often to ask, in seconds; 0: never, as a day after the end nobody waits for it."""
    if board.takeover.ends_at < at - timedelta(days=1):
        return 0
    if not board.is_settled:
        return POLL_S
    return PATIENT_POLL_S if board.count(Stage.ENDING_UNREACHED) else 0


@login_required
@require_GET
def lines(request: HttpRequest, pk: int) -> HttpResponse:
    """The part that moves; the whole page anew when it began or ended to run meanwhile."""
    context = context_of(request, _row(request, pk))
    was_running = request.GET.get("running") == "1"
    if was_running != context["board"].is_running:
        return HttpResponseClientRefresh()
    return part(request, "staff/emergency/parts/lines.html", context)


def part(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """A part of a page that asks for itself; once nothing more is to come, the last one."""
    status = 200 if context["poll"] else _NO_MORE
    return render(request, template, context | {"is_part": True}, status=status)


@login_required
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End it, with one click."""
    row = _row(request, pk)
    try:
        services.end(takeover=row, actor=staff_of(request), now=now())
    except ApplicationError as error:
        messages.error(request, sentence_of(error))
    return redirect("staff:emergency_board", pk)


@login_required
@require_POST
def prolong(request: HttpRequest, pk: int) -> HttpResponse:
    """Let it go on for some minutes more than it would."""
    row = _row(request, pk)
    minutes = request.POST.get("minutes", "")
    more = int(minutes) if minutes.isdigit() and len(minutes) < 5 else LENGTHS[0]
    try:
        services.prolong(
            takeover=row, ends_at=row.ends_at + timedelta(minutes=more), actor=staff_of(request),
            now=now(),
        )  # fmt: skip
    except ApplicationError as error:
        messages.error(request, sentence_of(error))
    else:
        messages.success(request, _("Prolonged: the screens are told at once."))
    return redirect("staff:emergency_board", pk)


@login_required
@require_POST
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the screens for new pictures of their glass."""
    row = _row(request, pk)
    for line in board_of(row, now()).lines:
        if may(staff_of(request), Act.VIEW, line.screen.department_id):
            wanted_ask(
                screen=line.screen, kind=Wanted.Kind.SCREENSHOT, actor=staff_of(request), now=now()
            )
    messages.success(request, _("Asked: pictures come with the next sign of life of each box."))
    return redirect("staff:emergency_board", pk)
