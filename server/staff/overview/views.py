"""The overview: every screen with its last picture, what is wrong, what waits, what is on today."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from server.accounts.policy import Act, may
from server.programme.models import Takeover
from server.publishing.selectors import told
from server.screens.models import Screen, ScreenGroup
from server.staff.overview.duties import duties
from server.staff.overview.seen import Care, Seen, counted, narrowed, standings_of
from server.staff.overview.today import day_of
from server.staff.overview.wrongs import all_wrong, wrongs
from server.staff.requests import login_required, now, staff_of
from server.staff.rows import found, visible
from server.staff.way import way_of

__all__ = ["overview", "peek", "state", "waiting", "wall", "wallboard"]

#: Screens on the first view; the others come when somebody scrolls to them.
FIRST = 48

#: Sentences about what is wrong that are listed at once.
WRONGS_LISTED = 12

#: The filters, in words.
CARES: tuple[tuple[str, Any], ...] = (
    ("", gettext_lazy("All")),
    (Care.NEEDED, gettext_lazy("Needs care")),
    (Care.ONLINE, gettext_lazy("Online")),
    (Care.LATE, gettext_lazy("Late")),
    (Care.OFFLINE, gettext_lazy("Offline")),
    (Care.DIFFERENT, gettext_lazy("Wrong picture")),
)


@login_required
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Show how everything is."""
    screens = _screens(request)
    seen = standings_of(screens, now())
    context = _wall(request, seen) | _state(request, seen)
    context |= {"groups": visible(request, ScreenGroup).order_by("name"), "way": way_of(request)}
    return render(request, "staff/overview/overview.html", context)


@login_required
@require_GET
def wall(request: HttpRequest) -> HttpResponse:
    """The tiles alone: those from `from` on, or the first `upto` again."""
    is_board = "board" in request.GET
    context = _wall(request, standings_of(_screens(request), now()))
    context |= {"is_part": True, "is_board": is_board}
    if is_board:
        context["takeovers"] = _takeovers(request, now())
    return render(request, "staff/overview/parts/tiles.html", context)


@login_required
@require_GET
def state(request: HttpRequest) -> HttpResponse:
    """What is wrong, what waits and what is on today, without the wall."""
    seen = standings_of(_screens(request), now())
    return render(request, "staff/overview/parts/state.html", _state(request, seen))


@login_required
@require_GET
def peek(request: HttpRequest, pk: int) -> HttpResponse:
    """One screen: what stands on it beside what should."""
    row = found(visible(request, Screen).select_related("site"), pk)
    (seen,) = standings_of(Screen.objects.filter(pk=row.pk), now())
    context = {
        "screen": row,
        "seen": seen,
        "now": now(),
        "wrongs": wrongs(all_wrong([seen], Screen.objects.filter(pk=row.pk), now())),
        "may_see": may(staff_of(request), Act.VIEW, row.department_id),
    }
    return render(request, "staff/overview/parts/peek.html", context)


@login_required
@require_GET
def wallboard(request: HttpRequest) -> HttpResponse:
    """The wall alone, for the duty office: dark, no frame, always as it is now."""
    seen = standings_of(_screens(request), now())
    context = _wall(request, seen) | {"is_board": True, "takeovers": _takeovers(request, now())}
    return render(request, "staff/overview/wallboard.html", context)


@login_required
@require_GET
def waiting(request: HttpRequest) -> HttpResponse:
    """How much waits on each page of the navigation: parts that put themselves in their places."""
    return render(request, "staff/waiting.html")


def _screens(request: HttpRequest) -> QuerySet[Screen]:
    """The screens that the query asks for: of a group, with a word in name or place."""
    rows = visible(request, Screen).filter(retired_at=None)
    group, word = request.GET.get("group", ""), request.GET.get("q", "").strip()[:100]
    if group.isdigit():
        rows = rows.filter(groups__in=visible(request, ScreenGroup).filter(pk=int(group)))
    if word:
        rows = rows.filter(Q(name__icontains=word) | Q(place__icontains=word))
    return rows.distinct()


def _wall(request: HttpRequest, seen: list[Seen]) -> dict[str, Any]:
    asked = {name: request.GET.get(name, "").strip()[:100] for name in ("state", "group", "q")}
    chosen = narrowed(seen, asked["state"])
    begin, end = _number(request, "from"), max(FIRST, _number(request, "upto"))
    counts: Mapping[str, int] = counted(seen)
    return {
        "asked": asked,
        "query": urlencode({name: value for name, value in asked.items() if value}),
        "cares": [(care, label, counts.get(care, len(seen))) for care, label in CARES],
        "counts": counts,
        "all": len(seen),
        "now": now(),
        "tiles": chosen[begin : begin + end],
        "next": begin + end if len(chosen) > begin + end else None,
    }


def _takeovers(request: HttpRequest, at: datetime) -> QuerySet[Takeover]:
    """What stands above the programme at this moment, the newest first."""
    running = visible(request, Takeover).filter(starts_at__lte=at, ends_at__gt=at)
    return running.order_by("-starts_at")


def _number(request: HttpRequest, name: str) -> int:
    text = request.GET.get(name, "")
    return min(int(text), 100_000) if text.isdigit() and len(text) < 7 else 0


def _state(request: HttpRequest, seen: list[Seen]) -> dict[str, Any]:
    at = now()
    every = visible(request, Screen).filter(retired_at=None)
    listed = [each.standing for each in seen]
    gathered = wrongs(all_wrong(seen, every, at))
    return {
        "standings": seen,
        "wrongs": gathered[:WRONGS_LISTED],
        "fetching": sum(each.fetches for each in seen),
        "wrongs_more": max(0, len(gathered) - WRONGS_LISTED),
        "duties": duties(request, seen, at),
        "day": day_of(told([each.screen for each in listed]), at),
        "takeovers": _takeovers(request, at),
        "state_query": urlencode(
            [(name, request.GET[name]) for name in ("group", "q") if request.GET.get(name)]
        ),
    }
