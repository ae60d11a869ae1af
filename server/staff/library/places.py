"""Where an asset is used, told to one reader: with links to what they may see, the rest counted."""

from collections.abc import Sequence

from django.urls import reverse
from msgspec import Struct

from server.accounts.models import Staff
from server.accounts.policy import Act, in_reach, may
from server.library.models import Asset
from server.library.uses import Use, uses_of
from server.programme.models import Playlist
from server.publishing.on_air import screens_showing
from server.screens.models import Screen

__all__ = ["Place", "Places", "places_of"]

_PAGES = {"playlist": "staff:playlist", "asset": "staff:asset"}


class Place(Struct, frozen=True):
    """A place with its page: a playlist, a stream, a screen."""

    kind: str
    name: str
    url: str
    is_mine: bool = False


class Places(Struct, frozen=True):
    """Where an asset is used; `elsewhere` and `screens_elsewhere` count what one may not see."""

    uses: Sequence[Place]
    elsewhere: int
    screens: Sequence[Place]
    screens_elsewhere: int
    #: May all of them be cleared by the reader: playlists that they may change, and nothing else?
    can_be_taken_out: bool

    @property
    def is_used(self) -> bool:
        """Is it used at all?"""
        return bool(self.uses or self.elsewhere)

    @property
    def is_on_air(self) -> bool:
        """Is it on a wall?"""
        return bool(self.screens or self.screens_elsewhere)


def places_of(asset: Asset, staff: Staff) -> Places:
    """Where the asset stands, and on which screens it is now."""
    uses = uses_of(asset)
    seen = [use for use in uses if use.is_seen_by(staff)]
    mine = {use.key for use in seen if use.kind == "playlist" and _is_mine(use, staff)}
    showing = screens_showing(asset.pk)
    screens = Screen.objects.filter(in_reach(staff, Act.VIEW), pk__in=showing).order_by("name")
    told = [Place("screen", row.name, reverse("staff:screen", args=[row.pk])) for row in screens]
    return Places(
        uses=[_place(use, is_mine=use.key in mine) for use in seen],
        elsewhere=len(uses) - len(seen),
        screens=told,
        screens_elsewhere=len(showing) - len(told),
        can_be_taken_out=len(mine) == len(uses),
    )


def _is_mine(use: Use, staff: Staff) -> bool:
    row = Playlist.objects.filter(pk=use.key).first()
    return row is not None and may(staff, Act.ARRANGE, row.department_id)


def _place(use: Use, *, is_mine: bool) -> Place:
    page = _PAGES.get(use.kind)
    address = reverse(page, args=[use.key]) if page else ""
    return Place(use.kind, use.name, address, is_mine)
