"""撤播: off every screen at once, what each screen says of it, and back again where it was.

`publishing.urgent` takes it off; here is what is known afterwards, and the way back for whoever
did it by mistake.  A screen that is not heard of keeps it until it is back, and that is said.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.db.models import Min
from django.utils.translation import gettext_noop as _
from msgspec import Struct

from server.accounts.models import Staff
from server.accounts.policy import Act, require
from server.audit import services as audit
from server.errors import Conflict
from server.library.models import Asset, AssetState
from server.library.services import asset_restore
from server.programme.instants import whole_ms
from server.publishing import urgent
from server.publishing.models import Release
from server.publishing.selectors import told
from server.publishing.undoing import undo
from server.screens.models import Screen
from server.screens.states import ScreenState, state_of
from server.telemetry.models import Heartbeat, Receipt

__all__ = ["Gone", "GoneStage", "TakeDown", "put_back", "take_down", "take_down_of"]


class GoneStage(StrEnum):
    """How far the taking down is on one screen."""

    WAITING = "waiting"
    SENT = "sent"
    #: Not heard of: it keeps it until it is back.
    KEPT = "kept"
    GONE = "gone"


class Gone(Struct, frozen=True):
    """One screen that had it."""

    screen: Screen
    stage: GoneStage
    state: ScreenState
    heard_at: datetime | None
    gone_at: datetime | None


class TakeDown(Struct, frozen=True):
    """A taking down, and every screen that had the asset then."""

    release: Release | None
    screens: tuple[Gone, ...]

    @property
    def gone(self) -> int:
        """From how many screens it is gone for sure."""
        return sum(each.stage is GoneStage.GONE for each in self.screens)

    @property
    def is_settled(self) -> bool:
        """Is there nobody left to wait for who is heard of?"""
        return not any(each.stage in {GoneStage.SENT, GoneStage.WAITING} for each in self.screens)


def take_down(*, asset: Asset, actor: Staff, reason: str, now: datetime) -> Release | None:
    """Take it off every screen at once."""
    return urgent.take_down(asset=asset, actor=actor, reason=reason, now=now)


def take_down_of(asset: Asset, now: datetime) -> TakeDown:
    """What the screens say of the last time that this asset was taken down."""
    release = _release_of(asset)
    if release is None:
        return TakeDown(None, ())
    told_then = {
        each.screen_id: each for each in release.publications.select_related("screen__site")
    }
    versions = {pk: each.version for pk, each in told_then.items()}
    signed = told(versions)
    received, beats = _received(versions), Heartbeat.objects.in_bulk(list(versions))
    lines = []
    for pk, told_ in told_then.items():
        beat = beats.get(pk)
        state = state_of(beat.received_at if beat else None, now)
        gone_at = received.get(pk)
        if gone_at is not None:
            stage = GoneStage.GONE
        elif pk not in signed or signed[pk].version < told_.version:
            stage = GoneStage.WAITING
        else:
            stage = GoneStage.SENT if state is ScreenState.ONLINE else GoneStage.KEPT
        lines.append(Gone(told_.screen, stage, state, beat.received_at if beat else None, gone_at))
    order = [GoneStage.WAITING, GoneStage.KEPT, GoneStage.SENT, GoneStage.GONE]
    lines.sort(key=lambda line: (order.index(line.stage), line.screen.name))
    return TakeDown(release, tuple(lines))


def _release_of(asset: Asset) -> Release | None:
    """Both bear the same instant; only of what is withdrawn now."""
    if asset.state != AssetState.WITHDRAWN or asset.withdrawn_at is None:
        return None
    at = whole_ms(asset.withdrawn_at)
    found: Release | None = Release.objects.filter(kind=Release.Kind.TAKE_DOWN, at=at).first()
    return found


def _received(versions: Mapping[int, int]) -> dict[int, datetime]:
    """When each screen first activated this version, or a later one."""
    if not versions:
        return {}
    rows = Receipt.objects.filter(screen__in=versions, version__gte=min(versions.values()))
    pairs = rows.order_by().values_list("screen_id", "version").annotate(at=Min("activated_at"))
    found: dict[int, datetime] = {}
    for pk, version, at in pairs:
        if version >= versions[pk]:
            found[pk] = min(found.get(pk, at), at)
    return found


def put_back(*, asset: Asset, actor: Staff, now: datetime) -> int:
    """Bring it back to the library, and to the screens that were told nothing else since.

    Returns how many screens show it again.  Raises `Conflict` if it is back already.
    """
    require(actor, Act.TAKE_DOWN, asset.department_id)
    with transaction.atomic():
        asset.refresh_from_db()
        if asset.state != AssetState.WITHDRAWN:
            raise Conflict(_("“%(title)s” is back already."), values={"title": asset.title})
        release = _release_of(asset)
        asset_restore(asset=asset, actor=actor, now=now)
        if release is None:
            return 0
        before = Release.objects.filter(pk__lt=release.pk).order_by("-pk").first()
        mine = dict(release.publications.values_list("screen_id", "version"))
        newest = told(mine, waiting=True)
        same = [pk for pk, version in mine.items() if newest[pk].version == version]
        if before is None or not same:
            return 0
        screens = list(Screen.objects.filter(pk__in=same, retired_at=None))
        made = undo(
            release=before, screens=screens, actor=actor, reason=f"Brought back: {asset.title}",
            now=now, act=Act.TAKE_DOWN,
        )  # fmt: skip
        detail = {"screens": sorted(same)}
        audit.record(actor=actor, action="asset.put-back", subject=asset, detail=detail, now=now)
        return 0 if made is None else made.publications.count()
