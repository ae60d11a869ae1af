"""Whose week it is: a screen, or the screens of a group; without a name the one looked at last."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import Http404, HttpRequest
from msgspec import Struct

from server.programme.drafts import Where
from server.screens.models import Screen, ScreenGroup
from server.staff.rows import found, visible

__all__ = ["Place", "look_at", "place_of"]


class Place(Struct, frozen=True):
    """Whose week it is: one screen, or the screens of a group."""

    kind: str
    pk: int
    name: str
    screens: tuple[Screen, ...]

    @property
    def query(self) -> str:
        """How addresses name it."""
        return f"{self.kind}={self.pk}"

    @property
    def clock(self) -> ZoneInfo:
        """The clock of its (first) screen."""
        return ZoneInfo(self.screens[0].timezone if self.screens else settings.TIME_ZONE)


def place_of(request: HttpRequest) -> Place | None:
    """The screen or group that is asked for, or looked at last, or the first there is."""
    kind_chosen, _dash, pk_chosen = request.GET.get("place", "").partition("-")
    for kind in ("screen", "group"):
        text = request.GET.get(kind) or request.POST.get(kind)
        if text := pk_chosen if kind == kind_chosen else text:
            if not (text.isascii() and text.isdigit()) or len(text) > 18:
                raise Http404
            return _place(request, kind, int(text))
    kind, pk = request.session.get("schedule_place", ("screen", 0))
    try:
        return _place(request, kind, pk)
    except Http404:
        pass
    screen = visible(request, Screen).filter(retired_at=None).first()
    return None if screen is None else _place(request, "screen", screen.pk)


def look_at(request: HttpRequest, where: Where) -> None:
    """Let the next week be one in which an entry for `where` stands, so that it is found there."""
    kind, pk = request.session.get("schedule_place", ("screen", 0))
    if kind == "group":
        is_there = pk in where.groups
    else:
        of_group = ScreenGroup.objects.filter(pk__in=where.groups, screens=pk)
        is_there = pk in where.screens or of_group.exists()
    if not is_there:
        places = [("screen", each) for each in where.screens]
        places += [("group", each) for each in where.groups]
        request.session["schedule_place"] = places[0]


def _place(request: HttpRequest, kind: str, pk: int) -> Place:
    if kind == "screen":
        screen = found(visible(request, Screen).select_related("site"), pk)
        return Place(kind, pk, screen.name, (screen,))
    group = found(visible(request, ScreenGroup), pk)
    screens = group.screens.filter(retired_at=None).select_related("site").order_by("pk")
    return Place("group", pk, group.name, tuple(screens))
