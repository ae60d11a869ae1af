"""Coverage of a campaign: a playlist, a tag or one asset, against what the schedule had due."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from server.accounts.policy import Act, require_somewhere
from server.library.models import Asset, AssetTag
from server.programme.models import Playlist
from server.reports.coverage import (
    Covered,
    CoveredDay,
    coverage,
    coverage_by_day,
    of_campaign,
)
from server.reports.models import PlayDay
from server.reports.sheets import Cell, Table
from server.staff.reports.asked import Asked
from server.staff.reports.plays import LISTED
from server.staff.reports.sheets import answer_with
from server.staff.requests import login_required, now, staff_of
from server.staff.rows import visible

__all__ = ["campaign", "sheet"]

#: Assets that the page offers by themselves; tags and playlists reach the others.
OFFERED = 200

_BYS = {"screen": gettext_lazy("By screen"), "day": gettext_lazy("By day")}


@login_required
@require_GET
def campaign(request: HttpRequest) -> HttpResponse:
    """Show how far a campaign was covered, screen by screen."""
    require_somewhere(staff_of(request), Act.VIEW)
    asked, of = Asked(request), request.GET.get("of", "")[:60]
    name, sums = _campaign(request, of)
    by = _by(request)
    rows = _rows(asked, by, sums)
    planned, shown = sum(each.planned_ms for each in rows), sum(each.ms for each in rows)
    context = asked.context | {
        "by": by, "bys": [(each, label, asked.query(by=each)) for each, label in _BYS.items()],
        "of": of, "name": name, "campaigns": _campaigns(request),
        "rows": rows[:LISTED], "more": max(0, len(rows) - LISTED),
        "planned": planned / 3_600_000, "shown": shown / 3_600_000,
        "share": min(1.0, shown / planned) if planned else None,
        "unknown": sum(each.hours.unknown for each in rows),
    }  # fmt: skip
    return render(request, "staff/reports/coverage.html", context)


def _by(request: HttpRequest) -> str:
    return "day" if request.GET.get("by") == "day" else "screen"


def _rows(
    asked: Asked, by: str, sums: QuerySet[PlayDay] | None
) -> Sequence[Covered] | Sequence[CoveredDay]:
    if sums is None:
        return []
    reckoned = coverage_by_day if by == "day" else coverage
    return reckoned(asked.screens, asked.period, sums, now())


def _campaign(request: HttpRequest, of: str) -> tuple[str, QuerySet[PlayDay] | None]:
    """What is asked for, by name, if the reader may see it; and its sums."""
    kind, _colon, key = of.partition(":")
    number = int(key) if key.isascii() and key.isdigit() and len(key) < 10 else 0
    if kind == "playlist":
        playlist = visible(request, Playlist).filter(pk=number).first()
        return (str(playlist), of_campaign("playlist", [number])) if playlist else ("", None)
    if kind == "asset":
        asset = visible(request, Asset).filter(pk=number).first()
        return (asset.title, of_campaign("asset", [number])) if asset else ("", None)
    tagged = visible(request, Asset).filter(tags__name=key) if kind == "tag" and key else None
    if tagged is None or not tagged.exists():
        return "", None
    return key, of_campaign("asset", list(tagged.order_by("-pk").values_list("pk", flat=True)))


def _campaigns(request: HttpRequest) -> list[tuple[str, list[tuple[str, str]]]]:
    assets = visible(request, Asset)
    tags = AssetTag.objects.filter(asset__in=assets).order_by("name")
    names = tags.values_list("name", flat=True).distinct()[:OFFERED]
    newest = assets.order_by("-pk").values_list("pk", "title")[:OFFERED]
    playlists = visible(request, Playlist).order_by("name").values_list("pk", "name")
    return [
        (_("Playlists"), [(f"playlist:{pk}", name) for pk, name in playlists]),
        (_("Tags"), [(f"tag:{name}", name) for name in names]),
        (_("Newest items"), [(f"asset:{pk}", title) for pk, title in newest]),
    ]


@login_required
@require_GET
def sheet(request: HttpRequest, form: str) -> HttpResponseBase:
    """The same as a file."""
    require_somewhere(staff_of(request), Act.VIEW)
    asked = Asked(request)
    by = _by(request)
    name, sums = _campaign(request, request.GET.get("of", "")[:60])
    rows = _rows(asked, by, sums)
    first = _("Day") if by == "day" else _("Screen")
    columns = [first, _("Hours due"), _("Hours shown"), _("Share covered"), _("Times"),
               _("Hours unknown")]  # fmt: skip
    table = Table(_("Coverage"), f"{name} · {asked.about}", columns, _cells(rows))
    return answer_with(table, form, f"coverage-by-{by}-{asked.period.first}-{asked.period.last}")


def _cells(rows: Iterable[Covered | CoveredDay]) -> Iterator[list[Any | Cell]]:
    for each in rows:
        share = None if each.share is None else round(each.share, 4)
        first = each.day.isoformat() if isinstance(each, CoveredDay) else each.name
        yield [first, round(each.planned_ms / 3_600_000, 3), round(each.ms / 3_600_000, 3),
               share, each.times, each.hours.unknown]  # fmt: skip
