"""What was: all emergencies, and the report of one for the file."""

from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET

from server.paper import pdf_of
from server.programme.models import Takeover
from server.staff.emergency.boards import context_of
from server.staff.requests import login_required, now
from server.staff.rows import found, page_of, visible

__all__ = ["history", "paper", "report"]

#: What may be asked for: all, or only one kind.
_KINDS = {"real": False, "drill": True}


@login_required
@require_GET
def history(request: HttpRequest) -> HttpResponse:
    """List all of them, the newest first."""
    rows = visible(request, Takeover).select_related("created_by", "emergency")
    kind = request.GET.get("kind", "")
    if kind in _KINDS:
        rows = rows.filter(is_drill=_KINDS[kind])
    page = page_of(request, rows.order_by("-starts_at", "-pk"))
    at = now()
    context = {
        "page": page,
        "past": [(each, min(each.ends_at, at) - each.starts_at) for each in page.object_list],
        "kind": kind,
        "now": at,
        "page_query": f"kind={kind}&" if kind else "",
    }
    return render(request, "staff/emergency/history.html", context)


def _row(request: HttpRequest, pk: int) -> Takeover:
    rows = visible(request, Takeover).select_related("created_by", "asset", "layout", "department")
    return found(rows, pk)


@login_required
@require_GET
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """The report of one: what, where, who, how long, and what every screen said."""
    return render(request, "staff/emergency/report.html", context_of(request, _row(request, pk)))


@login_required
@require_GET
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as PDF."""
    row = _row(request, pk)
    style = Path(__file__).parents[1] / "static" / "staff" / "record.css"
    context = context_of(request, row) | {"style": mark_safe(style.read_text())}  # noqa: S308  (our own file)
    html = render_to_string("staff/emergency/paper.html", context)
    answer = HttpResponse(pdf_of(html), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="emergency-{row.pk}.pdf"'
    return answer
