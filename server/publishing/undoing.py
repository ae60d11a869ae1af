"""Undo: what stood on screens when a release was made stands there again, as one transaction.

Like `urgent` it publishes nothing that editors are still working on.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop as _

from manifest.model import Manifest
from server.accounts.models import Staff
from server.accounts.policy import Act
from server.errors import Conflict
from server.publishing.amend import body_in, with_takeovers_of, without_ended_takeovers
from server.publishing.compile import Body, body_of
from server.publishing.errors import NothingToUndo
from server.publishing.files import require_files, with_files_read
from server.publishing.models import Publication, Release
from server.publishing.releases import lock_screens, require_right
from server.publishing.selectors import manifests_of
from server.publishing.standing import Standing
from server.publishing.urgent import payloads, released, without_withdrawn
from server.screens.models import Screen

__all__ = ["undo"]


def undo(
    *,
    release: Release,
    actor: Staff | None,
    reason: str,
    now: datetime,
    screens: Iterable[Screen] | None = None,
    act: Act = Act.PUBLISH,
) -> Release | None:
    """Bring back what stood on the screens (of the release, or these) when `release` was made.

    The bytes are those of then, but for version and dates, without assets that were taken down
    since, and with the takeovers of now: who undoes ends no alarm, and begins none again.  None if
    all of it is on the walls already; raises `NothingToUndo` if no screen had anything then,
    `BlobMissing` if a file of then is not there any more, or not whole.  `act` is the right that it
    takes.
    """
    pks = [each.pk for each in (_screens_of(release) if screens is None else screens)]

    def attempt(read: Collection[str]) -> Release | None:
        with transaction.atomic():
            locked = lock_screens(pks)
            require_right(actor, act, locked)
            bodies = _brought_back(release, locked, now)
            different = {each.sha256: each.manifest for each in bodies.values()}
            require_files(different.values(), read, now)
            return released(Release.Kind.UNDO, bodies, actor, reason, now, restores=release)

    return with_files_read(attempt, now)


def _brought_back(release: Release, screens: list[Screen], now: datetime) -> dict[Screen, Body]:
    """What stood on the screens when `release` was made, where they show something else now."""
    then = _then(release, screens)
    if not then:
        raise NothingToUndo(
            _(
                "Nothing was published on these screens up to release %(release)d: "
                "choose a later release, or publish."
            ),
            values={"release": release.pk},
        )
    standing = Standing([each.pk for each in then])
    one_each = {each.content_sha256: each.pk for each in standing.current.values()}
    manifests = manifests_of(one_each.values())
    found = {}
    for screen, body in without_withdrawn(then):
        shown = manifests[one_each[standing.current[screen.pk].content_sha256]]
        base = standing.base_of(screen.pk, shown)
        left = _under_takeovers(screen, body.manifest, base, now)
        wanted = body if left == body.manifest else body_of(left)
        newest = standing.newest(screen.pk)
        if newest is None or wanted.sha256 != newest.content_sha256:
            found[screen] = wanted
    return found


def _under_takeovers(screen: Screen, then: Manifest, current: Manifest, now: datetime) -> Manifest:
    try:
        return with_takeovers_of(then, without_ended_takeovers(current, now))
    except ValueError as error:
        raise Conflict(
            "“%(screen)s” had another size then, and a takeover stands on it: end that first.",
            values={"screen": screen.name},
        ) from error


def _screens_of(release: Release) -> list[Screen]:
    return list(Screen.objects.filter(publications__release=release))


def _then(release: Release, screens: list[Screen]) -> dict[Screen, Body]:
    """What was the newest of each screen when `release` was made."""
    by_pk = {each.pk: each for each in screens}
    newest: dict[int, tuple[int, int]] = {}
    rows = Publication.objects.filter(screen__in=by_pk, release__lte=release.pk, complete=True)
    for screen, version, pk in rows.values_list("screen", "version", "pk"):
        newest[screen] = max(newest.get(screen, (0, 0)), (version, pk))
    envelopes = payloads([pk for _version, pk in newest.values()])
    return {by_pk[screen]: body_in(payload) for screen, payload in envelopes}
