"""The certificate of a public notice, for the file: what stood where and when, as PDF."""

from datetime import datetime
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET

from server.library.models import Asset
from server.paper import pdf_of
from server.reports.certificates import Certificate, certificate_of
from server.screens.models import Screen
from server.staff.requests import login_required, now
from server.staff.rows import found, visible

__all__ = ["certificate", "certificate_html"]


@login_required
@require_GET
def certificate(request: HttpRequest, pk: int) -> HttpResponse:
    """Set the certificate; what is no public notice has none, and its own page says what it is."""
    told = certificate_of(found(visible(request, Asset), pk), visible(request, Screen), now())
    if told is None:
        return redirect("staff:asset", pk)
    answer = HttpResponse(pdf_of(certificate_html(told, now())), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="public-notice-{pk}.pdf"'
    return answer


def certificate_html(told: Certificate, at: datetime) -> str:
    """The page that is set."""
    style = Path(__file__).parents[1] / "static" / "staff" / "record.css"
    context = {"told": told, "at": at, "style": mark_safe(style.read_text())}  # noqa: S308  (our own file)
    return render_to_string("staff/library/certificate.html", context)
