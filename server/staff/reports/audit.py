"""The audit: who did what to what, newest first; whether its chain is whole; all as a file."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.utils.http import urlencode
from django.utils.timezone import get_current_timezone, make_aware
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from msgspec import json

from server.audit.models import AuditRow
from server.audit.selectors import verify_chain
from server.reports.audits import rows_for
from server.reports.sheets import Cell, Table
from server.staff.reports.sheets import answer_with
from server.staff.requests import login_required, staff_of
from server.staff.rows import page_of

__all__ = ["audit", "sheet"]

#: What the form narrows by; each is kept in links.
_FIELDS = ("who", "what", "thing", "from", "until")


@login_required
@require_GET
def audit(request: HttpRequest) -> HttpResponse:
    """List the rows, and verify the chain where somebody asks."""
    rows = _rows(request)
    typed = {name: request.GET.get(name, "").strip()[:100] for name in _FIELDS}
    kept = urlencode({name: value for name, value in typed.items() if value})
    context = {
        "page": page_of(request, rows.order_by("-number")),
        "page_query": f"{kept}&" if kept else "",
        "query": kept,
        "typed": typed,
        "actions": _actions(request),
        "verified": _verified() if "verify" in request.GET else None,
    }
    return render(request, "staff/reports/audit.html", context)


def _verified() -> dict[str, Any]:
    """What the chain is like, with the first row's time: since when it is unbroken."""
    first = AuditRow.objects.order_by("number").values_list("at", flat=True).first()
    return {"chain": verify_chain(), "since": first}


def _actions(request: HttpRequest) -> list[str]:
    rows = rows_for(staff_of(request)).order_by("action")
    return list(rows.values_list("action", flat=True).distinct()[:300])


def _rows(request: HttpRequest) -> QuerySet[AuditRow]:
    rows, asked = rows_for(staff_of(request)), request.GET
    if who := asked.get("who", "").strip()[:100]:
        rows = rows.filter(Q(actor__icontains=who) | Q(actor_name__icontains=who))
    if what := asked.get("what", "").strip()[:60]:
        rows = rows.filter(action=what)
    if thing := asked.get("thing", "").strip()[:100]:
        rows = rows.filter(Q(subject_name__icontains=thing) | Q(subject_id=thing))
    if first := _day(asked.get("from", "")):
        rows = rows.filter(at__gte=make_aware(datetime.combine(first, time())))
    if last := _day(asked.get("until", "")):
        rows = rows.filter(at__lt=make_aware(datetime.combine(last + timedelta(days=1), time())))
    return rows


def _day(text: str) -> date | None:
    try:
        found = parse_date(text.strip())
    except ValueError:
        return None
    return found if found and 2000 <= found.year <= 2200 else None


@login_required
@require_GET
def sheet(request: HttpRequest, form: str) -> HttpResponseBase:
    """The rows that are listed, as a file, with their digests."""
    columns = [_("Number"), _("When"), _("Who"), _("Name for logging in"), _("Address"), _("Act"),
               _("Kind"), _("Thing"), _("Detail"), _("Digest")]  # fmt: skip
    rows = _rows(request).order_by("number")
    table = Table(_("Audit"), "", columns, _cells(rows))
    return answer_with(table, form, "audit")


def _cells(rows: QuerySet[AuditRow]) -> Iterator[list[Cell]]:
    zone = get_current_timezone()
    for row in rows.iterator(chunk_size=1000):
        yield [
            row.number, row.at.astimezone(zone), row.actor_name, row.actor, row.address, row.action,
            row.subject_kind, row.subject_name,
            json.encode(row.detail).decode() if row.detail else "", row.sha256,
        ]  # fmt: skip
