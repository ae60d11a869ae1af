"""Level 2: the urgent acts that no wall shows yet, because approvers have to sign them first.

For the overview and the page of emergencies.  Reads only; at level 1 it costs two queries.
"""

from collections.abc import Collection
from datetime import datetime

from msgspec import Struct

from server.emergency.models import EmergencyScreen
from server.library.models import Asset, AssetState
from server.programme.instants import whole_ms
from server.programme.models import Takeover
from server.publishing.models import Publication, Release
from server.publishing.selectors import Told, told
from server.publishing.standing import waiting_on

__all__ = ["Unsigned", "unsigned"]


class Unsigned(Struct, frozen=True):
    """A takeover (or its end), or a take-down, that waits on so many screens."""

    screens: int
    takeover: Takeover | None = None
    is_end: bool = False
    asset: Asset | None = None

    @property
    def department_id(self) -> int | None:
        """Whose it is."""
        of = self.takeover or self.asset
        return of.department_id if of else None


def unsigned(screens: Collection[int], now: datetime) -> list[Unsigned]:
    """What waits on these screens (primary keys), takeovers first."""
    waiting = waiting_on(screens)
    if not waiting:
        return []
    signed = told(waiting)
    return [*_takeovers(waiting, signed, now), *_take_downs(waiting, signed)]


def _is_unsigned(screen: int, version: int | None, signed: dict[int, Told]) -> bool:
    return version is not None and (screen not in signed or signed[screen].version < version)


def _takeovers(waiting: dict[int, Told], signed: dict[int, Told], now: datetime) -> list[Unsigned]:
    rows = EmergencyScreen.objects.filter(screen__in=waiting, emergency__until__gt=now)
    begun: dict[Takeover, int] = {}
    ended: dict[Takeover, int] = {}
    for row in rows.select_related("emergency__takeover"):
        takeover = row.emergency.takeover
        if takeover.ends_at > now and _is_unsigned(row.screen_id, row.version, signed):
            begun[takeover] = begun.get(takeover, 0) + 1
        elif (
            takeover.ends_at <= now
            and _is_unsigned(row.screen_id, row.end_version, signed)
            and not _is_unsigned(row.screen_id, row.version, signed)
        ):
            ended[takeover] = ended.get(takeover, 0) + 1
    return [
        *(Unsigned(n, each) for each, n in begun.items()),
        *(Unsigned(n, each, is_end=True) for each, n in ended.items()),
    ]


def _take_downs(waiting: dict[int, Told], signed: dict[int, Told]) -> list[Unsigned]:
    rows = Publication.objects.filter(
        screen__in=waiting, complete=False, release__kind=Release.Kind.TAKE_DOWN
    )
    screens: dict[datetime, set[int]] = {}
    for screen, version, at in rows.values_list("screen", "version", "release__at"):
        if _is_unsigned(screen, version, signed):
            screens.setdefault(at, set()).add(screen)
    gone = Asset.objects.filter(state=AssetState.WITHDRAWN, withdrawn_at__isnull=False)
    return [
        Unsigned(len(screens[whole_ms(each.withdrawn_at)]), asset=each)
        for each in gone
        if each.withdrawn_at and whole_ms(each.withdrawn_at) in screens
    ]
