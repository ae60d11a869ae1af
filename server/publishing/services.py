"""Publishing: the programme as it is now becomes what screens are told, signed and for the record.

Each service is one transaction: all its manifests or none (S08).  Screens that would be told what
they were told already are left alone, so publishing twice is publishing once (S07), and a change
elsewhere touches nobody.  `plan` is the same without writing.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction

from server.accounts.models import Staff
from server.accounts.policy import Act
from server.library.models import Blob
from server.publishing.compile import Body
from server.publishing.models import Release
from server.publishing.preparation import prepare, require_files
from server.publishing.releases import (
    check_clock,
    lock_screens,
    make_release,
    require_right,
)
from server.publishing.signing import signing
from server.screens.models import Screen

__all__ = ["publish"]


def publish(
    *, screens: Iterable[Screen], actor: Staff | None, reason: str, now: datetime
) -> Release | None:
    """Tell the screens what the programme says now; the release, or None if nothing changed."""
    with transaction.atomic():
        locked = lock_screens(each.pk for each in screens)
        require_right(actor, Act.PUBLISH, locked)
        check_clock(now)
        prepared = prepare([each.pk for each in locked], now, waiting=True)
        bodies = {each: prepared.bodies[each.pk] for each in locked if each.pk in prepared.changed}
        if not bodies:
            return None
        require_files(bodies.values(), intact_files(bodies.values()))
        return make_release(
            kind=Release.Kind.PUBLISH,
            bodies=bodies,
            signing=signing(),
            actor=actor,
            reason=reason,
            now=now,
        )


def intact_files(bodies: Collection[Body]) -> dict[str, int]:
    """Size by digest of the files that these bodies name and that are not known as damaged."""
    named = {sha256 for body in bodies for sha256 in body.manifest.files()}
    found = Blob.objects.filter(pk__in=named, damaged_at=None)
    return dict(found.values_list("sha256", "bytes"))
