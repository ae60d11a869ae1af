"""Is it on the wall?  After a claim: the box is waited for until its first picture has come."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from server.screens.models import Screen
from server.screens.states import ScreenState, state_of
from server.staff.requests import login_required, now
from server.staff.rows import found, visible
from server.telemetry.models import Screenshot

__all__ = ["wall"]


@login_required
@require_GET
def wall(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a box is that was claimed: let in, heard, shown."""
    row = found(visible(request, Screen).select_related("heartbeat", "site"), pk)
    beat = getattr(row, "heartbeat", None)
    token = row.tokens.filter(revoked_at=None).order_by("-pk").first()
    since = token.created_at if token is not None else None
    is_heard = beat is not None and since is not None and beat.received_at >= since
    shots = Screenshot.objects.filter(screen=row)
    shot = shots.filter(received_at__gte=since).first() if since is not None else None
    state = state_of(beat.received_at if beat else None, now())
    context = {
        "screen": row,
        "is_in": token is not None and token.used_at is not None,
        "is_heard": is_heard and state is ScreenState.ONLINE,
        "shot": shot,
        "is_done": shot is not None,
    }
    part = request.GET.get("part") == "steps"
    page = "staff/screens/wall_steps.html" if part else "staff/screens/wall.html"
    return render(request, page, context)
