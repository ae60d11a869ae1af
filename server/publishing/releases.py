"""Making a release: versions, signatures and rows, all of it or none (S08).

For the services of this app, inside their transaction.  This is the only code that adds
publications; what they hold was decided by the caller.  Nothing here is ever changed later, but
for approvals that a waiting publication still needs.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext_noop as _

from manifest import times
from server import news
from server.accounts import policy
from server.accounts.models import Staff
from server.accounts.policy import Act
from server.audit import services as audit
from server.library.models import Asset
from server.programme.instants import whole_ms
from server.programme.versions import hold_still
from server.publishing.compile import Body, head
from server.publishing.errors import ClockBehind
from server.publishing.models import FreshnessFloor, FreshnessRound, Publication, Release
from server.publishing.notices import require_kept
from server.publishing.selectors import told
from server.publishing.signing import Signing
from server.screens.models import Screen

__all__ = [
    "LIFE",
    "LIFE_WITH_APPROVAL",
    "check_clock",
    "lock_screens",
    "make_release",
    "require_right",
]

#: How long a manifest may be new.  What is on a wall plays on when it is over (docs/trust.md, 5).
LIFE = timedelta(days=30)

#: The same where approvers sign it: they cannot be asked every few weeks for what has not changed.
LIFE_WITH_APPROVAL = timedelta(days=365)

#: How far the clock may be behind the last publication: what a time server takes back by slewing.
CLOCK_TOLERANCE = timedelta(minutes=1)

#: What must keep the promises of public notices; takeovers are above them, renewals change nothing.
BOUND = frozenset(
    {Release.Kind.PUBLISH, Release.Kind.UNDO, Release.Kind.TAKE_DOWN, Release.Kind.DATA}
)

#: Publications that are written at once; their envelopes are in memory together.
BATCH = 100


def lock_screens(screens: Iterable[int]) -> list[Screen]:
    """The screens that are not retired, locked until the transaction ends: one release at a time.

    Always in one order, so that two releases wait for one another and never for each other.
    """
    hold_still()
    rows = Screen.objects.select_for_update(of=("self",)).select_related("site").order_by("pk")
    return list(rows.filter(pk__in=list(screens), retired_at=None))


def require_right(actor: Staff | None, act: Act, things: Iterable[Screen | Asset]) -> None:
    """Raise `Forbidden` or `NotFound` unless `actor` may do this to all of them; None is us."""
    if actor is not None:
        for department in {each.department_id for each in things}:
            policy.require(actor, act, department)


def check_clock(now: datetime) -> None:
    """Refuse to publish while the clock is before the last publication (W09)."""
    last = Release.objects.aggregate(at=Max("at"))["at"]
    if last is not None and now < last - CLOCK_TOLERANCE:
        raise ClockBehind(
            _(
                "The server's clock says %(now)s, and something was published at %(last)s already: "
                "set the server's clock, then publish again."
            ),
            values={"now": times.write(whole_ms(now)), "last": times.write(last)},
        )


def make_release(
    *,
    kind: Release.Kind,
    bodies: Mapping[Screen, Body],
    signing: Signing,
    actor: Staff | None,
    reason: str,
    now: datetime,
    restores: Release | None = None,
) -> Release:
    """Sign a manifest for each of the (locked) screens and write the release.

    Players hear of it when the transaction is committed.  Raises `NoticeBinds` where a public
    notice would have less than it is promised.
    """
    now = whole_ms(now)
    if kind in BOUND:
        require_kept(bodies, now, shares=kind != Release.Kind.TAKE_DOWN)
    release = Release.objects.create(kind=kind, at=now, by=actor, reason=reason, restores=restores)
    digests: dict[str, str] = {}
    publications = _publications(release, bodies, signing, now)
    while batch := list(islice(publications, BATCH)):
        Publication.objects.bulk_create(batch)
        digests.update({_name(each.screen): each.payload_sha256 for each in batch})
    audit.record(
        actor=actor,
        action=f"publishing.{kind}",
        subject=release,
        detail={"reason": reason, "manifests": digests} | _restored(restores),
        now=now,
    )
    news.tell()
    return release


def _publications(
    release: Release, bodies: Mapping[Screen, Body], signing: Signing, now: datetime
) -> Iterator[Publication]:
    life = LIFE_WITH_APPROVAL if signing.needs_approval else LIFE
    versions = _versions([screen.pk for screen in bodies], now)
    for screen, body in bodies.items():
        version = versions[screen.pk]
        payload = head(screen.site.slug, screen.slug, version, now, now + life) + body.tail
        yield Publication(
            release=release,
            screen=screen,
            version=version,
            issued_at=now,
            expires_at=now + life,
            payload_sha256=hashlib.sha256(payload).hexdigest(),
            content_sha256=body.sha256,
            payload_bytes=len(payload),
            envelope=signing.signer.sign_manifest(payload),
            complete=not signing.needs_approval,
        )


def _versions(screens: list[int], now: datetime) -> dict[int, int]:
    """Unix milliseconds, but above everything that the screen may have heard of before.

    Freshness has versions of the same row (`publishing.freshness`): a new manifest must not meet
    an old freshness that has its version.
    """
    before = {pk: each.version for pk, each in told(screens, waiting=True).items()}
    floors = dict(FreshnessFloor.objects.filter(screen__in=screens).values_list("pk", "version"))
    round_ = FreshnessRound.objects.aggregate(version=Max("version"))["version"] or 0
    least = max(times.unix_ms(now), round_ + 1)
    return {pk: max(least, before.get(pk, 0) + 1, floors.get(pk, 0) + 2) for pk in screens}


def _name(screen: Screen) -> str:
    return f"{screen.site.slug}/{screen.slug}"


def _restored(release: Release | None) -> dict[str, Any]:
    return {} if release is None else {"restores": release.pk}
