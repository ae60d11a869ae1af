"""Public notices (公示): publishing keeps what their periods promise, and who may end one early.

`make_release` asks `require_kept` inside its transaction, so that no way of publishing passes by.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

import msgspec
from django.db import transaction
from django.utils.translation import gettext_noop as _
from msgspec import Struct

from cards.public_notice import PUBLIC_NOTICE, PublicNotice, guarantee_of
from manifest.model import Manifest
from server.accounts.models import Staff
from server.accounts.policy import Act, require
from server.audit.services import record
from server.errors import Conflict, Invalid
from server.library.models import Asset, AssetKind
from server.publishing.compile import Body
from server.publishing.errors import NoticeBinds
from server.publishing.models import NoticeEnd
from server.publishing.promises import Broken, broken_promises
from server.publishing.selectors import manifests_of, told
from server.screens.models import Screen

__all__ = ["Period", "end_notice", "is_public_notice", "period_of", "periods_of", "require_kept"]

#: How much of a reason is kept, in characters.
REASON_LIMIT = 500


def require_kept(bodies: Mapping[Screen, Body], now: datetime, *, shares: bool) -> None:
    """Raise `NoticeBinds` if these screens would break what a public notice is promised.

    Without `shares` only what stands is kept: what is taken down for a reason waits for no
    reckoning.  Screens that show the same now and would show the same then share the reckoning.
    """
    before = told([each.pk for each in bodies], waiting=True)
    one_each = {each.content_sha256: each.pk for each in before.values()}
    stood = manifests_of(one_each.values())
    ended = frozenset(NoticeEnd.objects.values_list("asset", flat=True))
    looked_at: set[tuple[str, str]] = set()
    for screen, body in bodies.items():
        known = before.get(screen.pk)
        key = known.content_sha256 if known else "", body.sha256
        if key in looked_at:
            continue
        looked_at.add(key)
        shown: Manifest | None = stood[one_each[key[0]]] if known else None
        for broken in broken_promises(shown, body.manifest, now, ended, shares=shares):
            raise _refusal(broken, screen)


def _refusal(broken: Broken, screen: Screen) -> NoticeBinds:
    details = {"asset": broken.asset, "screen": screen.slug}
    if broken.hour is None:
        return NoticeBinds(
            _(
                "“%(title)s” is a public notice that stands on %(screen)s until %(last)s: leave it "
                "there unchanged, or let an administrator end it, with a reason."
            ),
            values={
                "title": broken.title,
                "screen": screen.name,
                "last": broken.last.isoformat(),
            },
            details=details,
        )
    return NoticeBinds(
        _(
            "“%(title)s” would have %(minutes)d of the %(owed)d minutes that a public notice is "
            "owed on %(screen)s in the hour from %(hour)s: show it more often then."
        ),
        values={
            "title": broken.title,
            "screen": screen.name,
            "minutes": broken.minutes,
            "owed": broken.owed,
            "hour": f"{broken.hour:%Y-%m-%d %H:%M}",
        },
        details=details,
    )


def is_public_notice(asset: Asset) -> bool:
    """Is it a card of the template that binds?"""
    return asset.kind == AssetKind.CARD and asset.content.get("template") == PUBLIC_NOTICE.name


class Period(Struct, frozen=True):
    """The period of a public notice, for people; `ended`: an administrator has ended it early."""

    first: date
    last: date
    minutes: int
    ended: NoticeEnd | None


def period_of(asset: Asset) -> Period | None:
    """The period of a public notice; None for everything else."""
    return periods_of([asset]).get(asset)


def periods_of(assets: Iterable[Asset]) -> dict[Asset, Period]:
    """The periods of those that are public notices."""
    notices = [asset for asset in assets if is_public_notice(asset)]
    ends = NoticeEnd.objects.filter(asset__in=[each.pk for each in notices]).select_related("by")
    ended = {each.asset: each for each in ends} if notices else {}
    found = {}
    for asset in notices:
        owed = guarantee_of(msgspec.convert(asset.content["data"], PublicNotice))
        found[asset] = Period(owed.first, owed.last, owed.minutes, ended.get(asset.pk))
    return found


@transaction.atomic
def end_notice(*, asset: Asset, reason: str, actor: Staff, now: datetime) -> NoticeEnd:
    """End the period of a public notice before its last day; it stays until it is taken out.

    For administrators, with a reason that stands in the audit; it cannot be taken back.
    """
    require(actor, Act.END_NOTICE, asset.department)
    if not is_public_notice(asset):
        raise Invalid("“%(title)s” is no public notice.", values={"title": asset.title})
    if not reason.strip():
        raise Invalid("Say why it ends early: it stands in the audit and on the certificate.")
    kept = Asset.objects.select_for_update().get(pk=asset.pk)
    if NoticeEnd.objects.filter(asset=kept.pk).exists():
        raise Conflict("“%(title)s” was ended already.", values={"title": kept.title})
    why = reason.strip()[:REASON_LIMIT]
    made = NoticeEnd.objects.create(asset=kept.pk, title=kept.title, reason=why, by=actor, at=now)
    record(actor=actor, action="public-notice.end", subject=kept, detail={"reason": why}, now=now)
    return made
