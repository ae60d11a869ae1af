"""The list of screens: found by words and 拼音, narrowed, as a table or as pictures."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET
from msgspec import Struct

from server.accounts.policy import Act, may
from server.library.search import search_text, terms_of
from server.plans.models import FloorPlan
from server.remote.models import Command
from server.screens.models import Screen, ScreenGroup, ScreenTag, Site
from server.screens.states import ScreenState
from server.staff.overview.seen import Seen, standings_of
from server.staff.requests import login_required, now, staff_of
from server.staff.rows import departments_for, visible

__all__ = ["Wish", "screens"]

#: The states by which the list is narrowed, in the order of their urgency.
STATES = (ScreenState.OFFLINE, ScreenState.LATE, ScreenState.ONLINE, ScreenState.NEVER)


class Wish(Struct, frozen=True):
    """What somebody looks for; "" is anything."""

    query: str = ""
    state: str = ""
    site: str = ""
    group: str = ""
    tag: str = ""
    level: str = ""
    view: str = "table"

    @classmethod
    def of(cls, request: HttpRequest) -> "Wish":
        """As the address says; nonsense is anything."""
        told = request.GET
        keys = {name: told.get(name, "")[:60] for name in ("state", "site", "group", "tag")}
        for name in ("site", "group"):
            if not (keys[name].isdigit() and len(keys[name]) < 19):
                keys[name] = ""
        view = "tiles" if told.get("view") == "tiles" else "table"
        return cls(told.get("q", "")[:100], level=told.get("level", "")[:20], view=view, **keys)

    def address(self, **changes: str) -> str:
        """The query of the same wish with something changed."""
        told = {
            "q": self.query, "state": self.state, "site": self.site, "group": self.group,
            "tag": self.tag, "level": self.level, "view": self.view,
        } | changes  # fmt: skip
        return "?" + urlencode({key: value for key, value in told.items() if value})

    @property
    def is_narrow(self) -> bool:
        """Is anything looked for at all?"""
        return any((self.query, self.state, self.site, self.group, self.tag, self.level))


class Row(Struct, frozen=True):
    """One screen of the list."""

    screen: Screen
    seen: Seen
    tags: Sequence[str]
    groups: Sequence[str]


@login_required
@require_GET
def screens(request: HttpRequest) -> HttpResponse:
    """List screens and groups."""
    wish = Wish.of(request)
    everything = visible(request, Screen).filter(retired_at=None)
    rows = _rows(_narrowed(everything, wish))
    rows = [each for each in rows if _matches(each, terms_of(wish.query))]
    counts = {state: sum(each.seen.standing.state is state for each in rows) for state in STATES}
    shown = [each for each in rows if wish.state in {"", each.seen.standing.state.value}]
    context = {
        "wish": wish, "rows": shown, "total": everything.count(), "any": everything.exists(),
        "states": [(each.value, counts[each], wish.address(state=each.value)) for each in STATES],
        "all_address": wish.address(state=""), "all_count": len(rows),
        "table_address": wish.address(view="table"), "tiles_address": wish.address(view="tiles"),
        "tags": ScreenTag.objects.filter(screens__in=everything).distinct(),
        "groups": visible(request, ScreenGroup).prefetch_related("screens"),
        "sites": Site.objects.all(),
        "plans": visible(request, FloorPlan).select_related("site"),
        "kinds": _kinds(), **_rights(request),
    }  # fmt: skip
    return render(request, "staff/screens/screens.html", context)


def _kinds() -> list[tuple[str, Any]]:
    """The commands for many at once."""
    return [(kind.value, kind.label) for kind in Command.Kind if kind is not Command.Kind.LOG]


def _rights(request: HttpRequest) -> dict[str, Any]:
    return {
        "can_manage": departments_for(request, Act.MANAGE_SCREENS).exists(),
        "can_make_sites": may(staff_of(request), Act.MANAGE_SCREENS, None),
    }


def _narrowed(rows: QuerySet[Screen], wish: Wish) -> QuerySet[Screen]:
    if wish.site:
        rows = rows.filter(site=int(wish.site))
    if wish.group:
        rows = rows.filter(groups=int(wish.group))
    if wish.tag:
        rows = rows.filter(tags__name=wish.tag)
    if wish.level in Screen.Level.values:
        rows = rows.filter(level=wish.level)
    return rows


def _rows(screens: QuerySet[Screen]) -> list[Row]:
    found = screens.select_related("site").prefetch_related("tags", "groups")
    by_pk = {each.pk: each for each in found}
    return [
        Row(
            by_pk[seen.standing.screen],
            seen,
            [each.name for each in by_pk[seen.standing.screen].tags.all()],
            [each.name for each in by_pk[seen.standing.screen].groups.all()],
        )
        for seen in standings_of(screens, now())
        if seen.standing.screen in by_pk
    ]


def _matches(row: Row, terms: list[str]) -> bool:
    if not terms:
        return True
    screen = row.screen
    text = search_text(
        screen.name, screen.slug, [screen.place, screen.site.name, *row.tags, *row.groups]
    )
    return all(term in text for term in terms)
