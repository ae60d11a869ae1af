"""Proof of play: what was shown, how often and how long, by item, by screen, by day."""

import re
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from server.accounts.policy import Act, require_somewhere
from server.library.models import Asset
from server.reports.charts import Chart, Point, chart_of
from server.reports.selectors import (
    By,
    Hours,
    PlayRow,
    PlayTotals,
    hours_by_day,
    play_rows,
)
from server.reports.sheets import Cell, Table
from server.staff.reports.asked import Asked
from server.staff.reports.failures import failures_of
from server.staff.reports.sheets import answer_with
from server.staff.requests import login_required, now, staff_of
from server.staff.rows import visible

__all__ = ["reports", "sheet"]

#: Lines of the page; the files have all of them.
LISTED = 200

_BYS: dict[By, Any] = {
    "item": gettext_lazy("By item"), "screen": gettext_lazy("By screen"),
    "day": gettext_lazy("By day"),
}  # fmt: skip
_FIRST: dict[By, Any] = {
    "item": gettext_lazy("Item"), "screen": gettext_lazy("Screen"), "day": gettext_lazy("Day"),
}  # fmt: skip


@login_required
@require_GET
def reports(request: HttpRequest) -> HttpResponse:
    """Show proof of play of a period."""
    require_somewhere(staff_of(request), Act.VIEW)
    asked, by = Asked(request), _by(request)
    rows, is_fresh = play_rows(asked.screens, asked.period, by)
    days = rows if by == "day" else play_rows(asked.screens, asked.period, "day")[0]
    hours = hours_by_day(asked.screens, asked.period, now())
    context = asked.context | {
        "by": by,
        "bys": [(each, label, asked.query(by=each)) for each, label in _BYS.items()],
        "first": _FIRST[by],
        "rows": _with_unknown(rows, hours) if by == "day" else _linked(request, asked, rows, by),
        "more": max(0, len(rows) - LISTED) if by != "day" else 0,
        "totals": _totals(days),
        "unknown": sum(each.unknown for each in hours),
        "due": sum(each.due for each in hours),
        "chart": _chart(days, hours, asked),
        "failures": failures_of(asked.screens, asked.period),
        "is_fresh": is_fresh,
    }
    return render(request, "staff/reports/plays.html", context)


def _by(request: HttpRequest) -> By:
    wanted = request.GET.get("by", "item")
    return wanted if wanted in _BYS else "item"


def _totals(rows: list[PlayRow]) -> PlayTotals:
    totals = PlayTotals()
    for row in rows:
        totals.add(row.full, row.cut, row.other, row.ms)
    return totals


def _linked(
    request: HttpRequest, asked: Asked, rows: list[PlayRow], by: By
) -> list[tuple[PlayRow, str]]:
    """Each line with where more is told of it: an item's coverage, what one screen showed."""
    listed = rows[:LISTED]
    if by == "screen":
        address = reverse("staff:reports")
        return [
            (each, f"{address}?{asked.query(where=f'screen:{each.key}', by='item')}")
            for each in listed
        ]
    numbers = {each.key: _asset_in(str(each.key)) for each in listed}
    known = visible(request, Asset).filter(pk__in=[each for each in numbers.values() if each])
    there, address = set(known.values_list("pk", flat=True)), reverse("staff:coverage")
    return [
        (each, f"{address}?{asked.query(of=f'asset:{number}', by='')}" if number in there else "")
        for each in listed
        for number in [numbers[each.key]]
    ]


def _asset_in(key: str) -> int:
    """The primary key of the asset that a box reported: `a12`, or `a12.3` for its third page."""
    found = re.fullmatch(r"a(\d{1,18})(\.\d+)?", key, re.ASCII)
    return int(found[1]) if found else 0


def _with_unknown(rows: list[PlayRow], hours: list[Hours]) -> list[tuple[PlayRow, Hours]]:
    """Every day with its hours: one without plays is there too, as unknown or as nothing."""
    known = {row.key: row for row in rows}
    return [
        (known.get(each.key) or PlayRow(key=each.key, name=str(each.key)), each) for each in hours
    ]


def _chart(rows: list[PlayRow], hours: list[Hours], asked: Asked) -> Chart:
    """Hours on the glass by day; hours of which nothing is known stand above them, hatched."""
    shown = {row.key: row.hours for row in rows}
    unknown = {each.key: float(each.unknown) for each in hours}
    days = asked.period.each()
    return chart_of([Point(day, shown.get(day, 0.0), unknown.get(day, 0.0)) for day in days])


@login_required
@require_GET
def sheet(request: HttpRequest, form: str) -> HttpResponseBase:
    """The same as a file, with all lines."""
    require_somewhere(staff_of(request), Act.VIEW)
    asked, by = Asked(request), _by(request)
    rows, _is_fresh = play_rows(asked.screens, asked.period, by)
    columns = [str(_FIRST[by]), _("Times, whole"), _("Times, cut short"),
               _("Times, length not known"), _("Hours shown"), _("Screens")]  # fmt: skip
    table = Table(_("Proof of play"), asked.about, columns, _cells(rows))
    return answer_with(table, form, f"plays-by-{by}-{asked.period.first}-{asked.period.last}")


def _cells(rows: list[PlayRow]) -> Iterator[list[Cell]]:
    for row in rows:
        yield [row.name, row.full, row.cut, row.other, round(row.hours, 3), row.screens]
