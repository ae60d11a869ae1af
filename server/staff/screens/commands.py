"""Commands to one box: given, taken back, and their results as they come."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from server.accounts.policy import Act, may
from server.errors import ApplicationError
from server.remote.models import Command
from server.remote.services import command_ask, command_cancel
from server.screens.models import Screen
from server.staff.refusals import sentence_of
from server.staff.requests import login_required, staff_of
from server.staff.rows import found, visible
from server.staff.screens.answers import who
from server.staff.toasts import say
from server.telemetry.models import LogTail, Screenshot

__all__ = ["cancel", "command", "commands", "live_of"]

#: Commands that the page of a screen shows.
LISTED = 12

#: Pictures of the glass that it shows.
SHOTS = 4


def live_of(request: HttpRequest, row: Screen) -> dict[str, Any]:
    """What changes on the page of a screen while somebody looks."""
    listed = list(
        Command.objects.filter(screen=row).select_related("asked_by").order_by("-pk")[:LISTED]
    )
    can_manage = may(staff_of(request), Act.MANAGE_SCREENS, row.department_id)
    kinds = [kind for kind in Command.Kind if can_manage or kind in ("screenshot", "log")]
    return {
        "screen": row,
        "commands": listed,
        "is_open": any(each.ended_at is None for each in listed),
        "kinds": [(kind.value, kind.label) for kind in kinds],
        "shots": Screenshot.objects.filter(screen=row)[:SHOTS],
        "log": LogTail.objects.filter(screen=row).first(),
        "can_manage": can_manage,
    }


@login_required
@require_GET
def commands(request: HttpRequest, pk: int) -> HttpResponse:
    """The live part of the page: results, pictures, the log."""
    row = found(visible(request, Screen), pk)
    return render(request, "staff/screens/live.html", live_of(request, row))


@login_required
@require_POST
def command(request: HttpRequest, pk: int) -> HttpResponse:
    """Have a box do something."""
    row = found(visible(request, Screen), pk)
    kind, minutes = request.POST.get("kind", ""), request.POST.get("minutes", "")
    is_panel = kind in (Command.Kind.PANEL_ON, Command.Kind.PANEL_OFF)
    if kind not in Command.Kind.values:
        say(request, _("Choose what the box is to do."), tone="error")
        return redirect("staff:screen", pk)
    try:
        command_ask(
            screens=[row],
            kind=Command.Kind(kind),
            minutes=int(minutes) if is_panel and minutes.isdigit() and len(minutes) < 6 else None,
            **who(request),
        )
    except ApplicationError as error:
        if error.http_status in {403, 404}:
            raise
        say(request, sentence_of(error), tone="error")
    if request.headers.get("HX-Request"):
        return render(request, "staff/screens/live.html", live_of(request, row))
    return redirect("staff:screen", pk)


@login_required
@require_POST
def cancel(request: HttpRequest, pk: int, command: int) -> HttpResponse:
    """Take a command back that no box has fetched."""
    row = found(visible(request, Screen), pk)
    told = found(Command.objects.filter(screen=row), command)
    if command_cancel(command=told, **who(request)):
        say(request, _("Taken back."))
    else:
        say(request, _("Too late: the box has it already."), tone="warning")
    return redirect("staff:screen", pk)
