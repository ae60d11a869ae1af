"""Acts that start from what is on the walls: take-down, takeovers, renewal (and `undoing`).

None of them publishes what editors are still working on: the manifests of now (or of then) are
amended, not compiled anew, and those acts that still wait for approvers come along (`standing`).
Each is one transaction.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_noop as _

from manifest.model import Manifest
from server.accounts.models import Staff
from server.accounts.policy import Act
from server.errors import Conflict
from server.library.models import Asset, AssetState
from server.library.services import asset_withdraw
from server.programme.instants import whole_ms
from server.programme.models import Takeover
from server.publishing.amend import (
    body_in,
    names_asset,
    with_later_end,
    with_takeover,
    without_assets,
    without_ended_takeovers,
    without_takeover,
)
from server.publishing.compile import Body, Sheet, body_of, compiled
from server.publishing.facts import Facts, ScreenFacts
from server.publishing.files import require_files, with_files_read
from server.publishing.loader import load_facts
from server.publishing.models import Publication, Release
from server.publishing.releases import (
    check_clock,
    lock_screens,
    make_release,
    require_right,
)
from server.publishing.reviewing import review_takeover
from server.publishing.selectors import BATCH, payload_in
from server.publishing.signing import signing
from server.publishing.standing import Standing
from server.publishing.telling import tell_takeover
from server.screens.models import Screen

__all__ = [
    "amended",
    "end_takeover",
    "payloads",
    "prolong_takeover",
    "put_above",
    "released",
    "renew",
    "take_down",
    "take_over",
    "without_withdrawn",
]

#: A change to what is on a screen.
Change = Callable[[Screen, Manifest], Manifest]


def without_withdrawn(bodies: dict[Screen, Body]) -> Iterator[tuple[Screen, Body]]:
    """The bodies, without assets that were taken down."""
    gone = frozenset(Asset.objects.filter(state=AssetState.WITHDRAWN).values_list("pk", flat=True))
    for screen, body in bodies.items():
        left = without_assets(body.manifest, gone)
        yield screen, body if left == body.manifest else body_of(left)


def take_down(*, asset: Asset, actor: Staff | None, reason: str, now: datetime) -> Release | None:
    """Withdraw an asset and take it off every screen at once; the walls show the rest.

    None if no screen had it.
    """
    with transaction.atomic():
        locked = lock_screens(Screen.objects.values_list("pk", flat=True))
        require_right(actor, Act.TAKE_DOWN, [asset])
        asset_withdraw(asset=asset, actor=actor, reason=reason, now=now)
        bodies = amended(
            locked,
            lambda _screen, manifest: without_assets(manifest, {asset.pk}),
            now,
            touches=lambda payload: names_asset(payload, asset.pk),
        )
        return released(Release.Kind.TAKE_DOWN, bodies, actor, reason, now)


def take_over(
    *, takeover: Takeover, actor: Staff | None, reason: str, now: datetime
) -> Release | None:
    """Put a takeover above what its screens show, at once; what they show else stays as it is.

    Raises `BlobMissing` if a file of it is not there, or not whole: no wall could show it.
    """
    return with_files_read(lambda read: put_above(takeover, actor, reason, now, read), now)


def put_above(
    takeover: Takeover,
    actor: Staff | None,
    reason: str,
    now: datetime,
    read: Collection[str],
) -> Release | None:
    """The same, for `files.with_files_read`."""
    with transaction.atomic():
        locked = lock_screens(_where(takeover))
        require_right(actor, Act.TAKE_OVER, locked)
        facts = load_facts([each.pk for each in locked])
        parts: dict[Sheet, Manifest] = {}

        def alike(screen: Screen) -> Sheet:
            return _takeover_sheet(facts.screens[screen.pk], takeover)

        def above(screen: Screen, manifest: Manifest) -> Manifest:
            sheet = alike(screen)
            if sheet not in parts:
                parts[sheet] = compiled(facts, sheet)
            return with_takeover(manifest, parts[sheet])

        bodies = amended(locked, above, now, alike=alike, facts=facts)
        require_files(parts.values(), read, now)
        shown = {
            each: body_of(parts[_takeover_sheet(facts.screens[each.pk], takeover)])
            for each in bodies
        }
        review_takeover(takeover=takeover, shown=shown, actor=actor, now=now)
        tell_takeover(takeover, actor, begins=True, now=now)
        return released(Release.Kind.TAKEOVER, bodies, actor, reason, now)


def end_takeover(
    *, takeover: Takeover, actor: Staff | None, reason: str, now: datetime
) -> Release | None:
    """End a takeover before its time, on all its screens at once."""
    with transaction.atomic():
        locked = lock_screens(_where(takeover))
        require_right(actor, Act.TAKE_OVER, locked)
        ends_at = max(takeover.starts_at, whole_ms(now))
        Takeover.objects.filter(pk=takeover.pk, ends_at__gt=ends_at).update(ends_at=ends_at)
        tell_takeover(takeover, actor, begins=False, now=now)
        bodies = amended(
            locked, lambda _screen, manifest: without_takeover(manifest, takeover.pk), now
        )
        return released(Release.Kind.TAKEOVER, bodies, actor, reason, now)


def prolong_takeover(
    *, takeover: Takeover, ends_at: datetime, actor: Staff | None, reason: str, now: datetime
) -> Release | None:
    """Let a takeover that runs go on until `ends_at`; what it shows stays as it is.

    Raises `Conflict` if it has ended meanwhile.
    """
    until = whole_ms(ends_at)
    with transaction.atomic():
        locked = lock_screens(_where(takeover))
        require_right(actor, Act.TAKE_OVER, locked)
        running = Takeover.objects.filter(pk=takeover.pk, ends_at__gt=now, ends_at__lt=until)
        if not running.update(ends_at=until):
            raise Conflict(
                _("“%(name)s” has ended meanwhile, or goes on as long already: look again."),
                values={"name": takeover.name},
            )
        bodies = amended(
            locked, lambda _screen, shown: with_later_end(shown, takeover.pk, until), now
        )
        return released(Release.Kind.TAKEOVER, bodies, actor, reason, now)


def _where(takeover: Takeover) -> set[int]:
    on = Screen.objects.filter(Q(takeovers=takeover) | Q(groups__takeovers=takeover))
    return set(on.values_list("pk", flat=True))


def _takeover_sheet(screen: ScreenFacts, takeover: Takeover) -> Sheet:
    """What a screen would show if the takeover were all there is."""
    return Sheet(screen.canvas, screen.timezone, None, (), (takeover.pk,), None, screen.allows_4k)


def renew(*, screens: Iterable[int], reason: str, now: datetime) -> Release | None:
    """Publish what is on these screens (primary keys) anew: its dates, its version, its keys."""
    with transaction.atomic():
        by_pk = {each.pk: each for each in lock_screens(screens)}
        standing = Standing(by_pk)
        current = payloads([each.pk for each in standing.current.values()])
        bodies = dict(
            without_withdrawn(
                {by_pk[pk]: _with_what_waits(standing, pk, each) for pk, each in current}
            )
        )
        return released(Release.Kind.RENEWAL, bodies, None, reason, now)


def _with_what_waits(standing: Standing, screen: int, payload: bytes) -> Body:
    shown = body_in(payload)
    base = standing.base_of(screen, shown.manifest)
    return shown if base == shown.manifest else body_of(base)


# --- shared ------------------------------------------------------------------------------------


def amended(
    screens: list[Screen],
    change: Change,
    now: datetime,
    *,
    touches: Callable[[bytes], bool] = lambda _payload: True,
    alike: Callable[[Screen], Hashable] = lambda _screen: None,
    facts: Facts | None = None,
) -> dict[Screen, Body]:
    """What the screens are to show after a change of what they show, where that is another thing.

    Screens that show the same and are `alike` share the work.  With `facts`, screens that were told
    nothing yet begin with the slate.
    """
    by_pk = {each.pk: each for each in screens}
    standing = Standing(by_pk)
    known: dict[Hashable, Body] = {}
    found: dict[Screen, Body] = {}

    def amended(screen: Screen, shown: Manifest) -> Body:
        base = without_ended_takeovers(standing.base_of(screen.pk, shown), now)
        return body_of(change(screen, base))

    for screen_pk, payload in payloads([each.pk for each in standing.current.values()]):
        if not touches(payload) and not touches(standing.payload_waiting(screen_pk)):
            continue
        screen, before = by_pk[screen_pk], standing.newest(screen_pk)
        key = (standing.key(screen_pk), alike(screen))
        if key not in known:
            known[key] = amended(screen, body_in(payload).manifest)
        if before is None or known[key].sha256 != before.content_sha256:
            found[screen] = known[key]
    if facts is not None:
        for screen in screens:
            if screen.pk not in standing.current:
                found[screen] = amended(screen, _slate(facts, screen))
    return found


def _slate(facts: Facts, screen: Screen) -> Manifest:
    known = facts.screens[screen.pk]
    return compiled(facts, Sheet(known.canvas, known.timezone, None, (), (), known.panel, False))


def payloads(publications: list[int]) -> Iterator[tuple[int, bytes]]:
    """Screen and payload of some publications, a batch of envelopes in memory at a time."""
    for start in range(0, len(publications), BATCH):
        rows = Publication.objects.filter(pk__in=publications[start : start + BATCH])
        for screen, envelope in rows.values_list("screen", "envelope"):
            yield screen, payload_in(envelope)


def released(
    kind: Release.Kind,
    bodies: dict[Screen, Body],
    actor: Staff | None,
    reason: str,
    now: datetime,
    *,
    restores: Release | None = None,
) -> Release | None:
    """The release of these bodies, in the caller's transaction; None if there are none."""
    if not bodies:
        return None
    check_clock(now)
    return make_release(
        kind=kind,
        bodies=bodies,
        signing=signing(),
        actor=actor,
        reason=reason,
        now=now,
        restores=restores,
    )
