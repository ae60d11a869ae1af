"""The first click: what is to be said; and what runs at this moment, before anything else."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from server.accounts.policy import Act, may_anywhere
from server.emergency.models import Hazard, PreparedCard
from server.emergency.prepared import missing_steps
from server.programme.models import Takeover
from server.staff.emergency.labels import HAZARDS, SIGNS
from server.staff.emergency.places import running_for
from server.staff.requests import login_required, now, staff_of
from server.staff.rows import visible
from server.staff.whom_to_ask import whom_to_ask

__all__ = ["emergency"]

#: So many of the last emergencies stand at the foot of the page.
LATEST = 5


@login_required
@require_GET
def emergency(request: HttpRequest) -> HttpResponse:
    """Show the prepared cards, what runs, and what was."""
    order = list(Hazard.values)
    cards = visible(request, PreparedCard).filter(archived_at=None)
    tiles = [
        {"card": each, "sign": SIGNS[each.hazard], "word": HAZARDS[each.hazard],
         "waits": bool(missing_steps(each))}
        for each in sorted(cards, key=lambda card: (order.index(card.hazard), card.name))
    ]  # fmt: skip
    at, staff = now(), staff_of(request)
    runs = running_for(request, at)
    past = visible(request, Takeover).filter(ends_at__lte=at).select_related("created_by")
    context = {
        "tiles": tiles,
        "running": runs,
        "past": past.order_by("-starts_at")[:LATEST],
        "is_drill": request.GET.get("drill") == "1",
        "can_take_over": may_anywhere(staff, Act.TAKE_OVER),
        "askable": whom_to_ask(Act.TAKE_OVER, staff.department),
        "now": at,
    }
    return render(request, "staff/emergency/choose.html", context)
