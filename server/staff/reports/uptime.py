"""Uptime: of the hours in which screens were due, how many they are known to have been there."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from server.accounts.policy import Act, require_somewhere
from server.reports.charts import Point, chart_of
from server.reports.selectors import Hours, hours_by_day, hours_by_screen
from server.reports.sheets import Cell, Table
from server.screens.models import Screen
from server.staff.reports.asked import Asked
from server.staff.reports.plays import LISTED
from server.staff.reports.sheets import answer_with
from server.staff.requests import login_required, now, staff_of

__all__ = ["sheet", "uptime"]


@login_required
@require_GET
def uptime(request: HttpRequest) -> HttpResponse:
    """Show it by screen and by day."""
    require_somewhere(staff_of(request), Act.VIEW)
    asked, at = Asked(request), now()
    rows = _named(asked.screens, hours_by_screen(asked.screens, asked.period, at))
    days = hours_by_day(asked.screens, asked.period, at)
    whole = Hours(
        due=sum(each.due for each in days),
        heard=sum(each.heard for each in days),
        known=sum(each.known for each in days),
    )
    points = [
        Point(day, float(each.known), float(each.unknown))
        for day, each in zip(asked.period.each(), days, strict=True)
    ]
    context = asked.context | {
        "rows": rows[:LISTED], "more": max(0, len(rows) - LISTED), "whole": whole,
        "chart": chart_of(points),
    }  # fmt: skip
    return render(request, "staff/reports/uptime.html", context)


def _named(screens: QuerySet[Screen], hours: list[Hours]) -> list[tuple[Screen, Hours]]:
    by_pk = {each.pk: each for each in screens.select_related("site")}
    return [(by_pk[each.key], each) for each in hours if each.key in by_pk]


@login_required
@require_GET
def sheet(request: HttpRequest, form: str) -> HttpResponseBase:
    """The same as a file."""
    require_somewhere(staff_of(request), Act.VIEW)
    asked = Asked(request)
    rows = _named(asked.screens, hours_by_screen(asked.screens, asked.period, now()))
    columns = [_("Screen"), _("Place"), _("Hours due"), _("Hours heard of"), _("Hours known"),
               _("Hours unknown"), _("Share known")]  # fmt: skip
    table = Table(_("Uptime"), asked.about, columns, _cells(rows))
    return answer_with(table, form, f"uptime-{asked.period.first}-{asked.period.last}")


def _cells(rows: list[tuple[Screen, Hours]]) -> Iterator[list[Cell]]:
    for screen, each in rows:
        share = None if each.share is None else round(each.share, 4)
        yield [screen.name, screen.place, each.due, each.heard, each.known, each.unknown, share]
