"""Public notices 公示: which stand and until when, what is proved of them; their certificates."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from cards.public_notice import PUBLIC_NOTICE
from server.accounts.policy import Act, require_somewhere
from server.library.models import Asset, AssetKind
from server.reports.public_notices import NoticeState, Standing, standings
from server.reports.sheets import Cell, Table
from server.staff.reports.asked import Asked
from server.staff.reports.sheets import answer_with
from server.staff.requests import login_required, staff_of
from server.staff.rows import visible

__all__ = ["public_notices", "sheet"]

#: How a state is said, and the look of its badge.
STATES: dict[NoticeState, tuple[Any, str]] = {
    "running": (gettext_lazy("Running"), "badge-good"),
    "coming": (gettext_lazy("Coming"), ""),
    "over": (gettext_lazy("Period over"), ""),
    "ended": (gettext_lazy("Ended early"), "badge-warn"),
}


def _rows(request: HttpRequest, asked: Asked) -> list[Standing]:
    require_somewhere(staff_of(request), Act.VIEW)
    notices = visible(request, Asset).filter(
        kind=AssetKind.CARD, content__template=PUBLIC_NOTICE.name
    )
    return standings(notices, asked.screens, asked.period, asked.today)


@login_required
@require_GET
def public_notices(request: HttpRequest) -> HttpResponse:
    """Show them; a period counts if it touches the days that are asked for."""
    asked = Asked(request)
    rows = [(each, *STATES[each.state]) for each in _rows(request, asked)]
    return render(request, "staff/reports/public_notices.html", asked.context | {"rows": rows})


@login_required
@require_GET
def sheet(request: HttpRequest, form: str) -> HttpResponseBase:
    """The same as a file."""
    asked = Asked(request)
    columns = [_("Public notice"), _("Department"), _("First day"), _("Last day"), _("State"),
               _("Minutes an hour"), _("Screens"), _("Times"), _("Shown (min)"),
               _("Missing (min)"), _("Reason")]  # fmt: skip
    table = Table(_("Public notices"), asked.about, columns, _cells(_rows(request, asked)))
    return answer_with(table, form, f"public-notices-{asked.period.first}-{asked.period.last}")


def _cells(rows: list[Standing]) -> Iterator[list[Cell]]:
    for each in rows:
        period = each.period
        yield [
            each.asset.title, str(each.asset.department), period.first, period.last,
            str(STATES[each.state][0]), period.minutes, each.screens, each.times,
            round(each.minutes, 1), round(each.gap, 1), period.ended.reason if period.ended else "",
        ]  # fmt: skip
