"""The approval record, for the file."""

from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET

from server.paper import pdf_of
from server.staff.requests import login_required, now
from server.staff.reviews.lists import submissions_for
from server.staff.reviews.submissions import context_of
from server.staff.rows import found

__all__ = ["paper", "record"]


@login_required
@require_GET
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """The approval record, for the file: one clean A4 page."""
    row = found(submissions_for(request), pk)
    return render(request, "staff/reviews/record.html", context_of(request, row) | {"at": now()})


@login_required
@require_GET
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as PDF."""
    row = found(submissions_for(request), pk)
    style = Path(__file__).parents[1] / "static" / "staff" / "record.css"
    context = context_of(request, row) | {"at": now(), "style": mark_safe(style.read_text())}  # noqa: S308  (our own file)
    html = render_to_string("staff/reviews/paper.html", context)
    answer = HttpResponse(pdf_of(html), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="review-{row.pk}.pdf"'
    return answer
