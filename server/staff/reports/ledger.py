"""The screen ledger 台账: every screen with all that an inventory asks for; prints as A4."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from server.accounts.policy import Act, require_somewhere
from server.paper import pdf_of
from server.reports.ledger import LedgerRow, ledger_rows
from server.reports.sheets import Cell, Table
from server.staff.labels import word
from server.staff.reports.asked import Asked
from server.staff.reports.sheets import answer_with
from server.staff.requests import login_required, now, staff_of

__all__ = ["ledger", "paper", "sheet"]


def _context(request: HttpRequest) -> dict[str, Any]:
    require_somewhere(staff_of(request), Act.VIEW)
    asked = Asked(request)
    rows = ledger_rows(asked.screens.filter(retired_at=None))
    return asked.context | {"rows": rows, "at": now()}


@login_required
@require_GET
def ledger(request: HttpRequest) -> HttpResponse:
    """Show the ledger."""
    return render(request, "staff/reports/ledger.html", _context(request))


@login_required
@require_GET
def paper(request: HttpRequest) -> HttpResponse:
    """The same as PDF, A4 across."""
    style = Path(__file__).parents[1] / "static" / "staff" / "record.css"
    context = _context(request) | {"style": mark_safe(style.read_text())}  # noqa: S308  (our own file)
    html = render_to_string("staff/reports/ledger_paper.html", context)
    answer = HttpResponse(pdf_of(html), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="screens-{context["today"]}.pdf"'
    return answer


@login_required
@require_GET
def sheet(request: HttpRequest, form: str) -> HttpResponseBase:
    """The same as a file."""
    context = _context(request)
    columns = [_("Screen"), _("Short name"), _("Site"), _("Place"), _("Department"), _("Level"),
               _("Groups of screens"), _("Size"), _("Box"), _("Address"), _("Version"),
               _("Paired"), _("Heard"), _("Who answers for it")]  # fmt: skip
    table = Table(_("Screen ledger"), str(context["about"]), columns, _cells(context["rows"]))
    return answer_with(table, form, f"screens-{context['today']}")


def _cells(rows: list[LedgerRow]) -> Iterator[list[Cell]]:
    for row in rows:
        screen = row.screen
        yield [
            screen.name, screen.slug, str(screen.site), screen.place, str(screen.department),
            word(screen.level), row.groups, row.size, row.box, row.address, row.version,
            _local(row.paired_at), _local(row.heard_at), row.answers,
        ]  # fmt: skip


def _local(at: datetime | None) -> datetime | None:
    return at.astimezone(get_current_timezone()) if at else None
