"""Publishing: the programme as it is now becomes what screens are told, signed and for the record.

Each service is one transaction: all its manifests or none (S08).  Screens that would be told what
they were told already are left alone, so publishing twice is publishing once (S07), and a change
elsewhere touches nobody.  `plan` is the same without writing.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop as _

from server.accounts.models import Department, Staff
from server.accounts.policy import Act
from server.errors import Invalid
from server.library.models import Asset
from server.programme.drafts import Where
from server.programme.models import Layout, Takeover
from server.programme.services import takeover_create
from server.programme.versions import hold_still
from server.publishing.cautions import cautions
from server.publishing.compile import sheet_of
from server.publishing.errors import NotConfirmed, NotCurrent
from server.publishing.files import require_files, with_files_read
from server.publishing.models import Release
from server.publishing.planning import plan
from server.publishing.preparation import Preparation, prepare
from server.publishing.releases import (
    check_clock,
    lock_screens,
    make_release,
    require_right,
)
from server.publishing.reviewing import require_reviewed, review_later
from server.publishing.signing import signing
from server.publishing.telling import tell_published
from server.publishing.undoing import undo
from server.publishing.urgent import (
    end_takeover,
    prolong_takeover,
    put_above,
    renew,
    take_down,
    take_over,
)
from server.publishing.words import Sentence
from server.review.models import Submission
from server.review.telling import tell_on_air
from server.screens.models import Screen

__all__ = [
    "end_takeover",
    "plan",
    "prolong_takeover",
    "publish",
    "renew",
    "start_takeover",
    "take_down",
    "take_over",
    "undo",
]


def publish(
    *,
    screens: Iterable[Screen],
    actor: Staff | None,
    reason: str,
    now: datetime,
    confirmed: bool = False,
    expected: str | None = None,
    urgent: bool = False,
) -> Release | None:
    """Tell the screens what the programme says now; the release, or None if nothing changed.

    Where the rules ask for a review, only what was approved is told (`NotReviewed`); `urgent` tells
    it at once and has it reviewed afterwards, for which it takes the right to take over.
    Without `confirmed` a programme that would leave a wall or a zone empty is `NotConfirmed`.
    `expected` is the digest of the plan that was looked at; another programme is `NotCurrent`.
    A file that is missing or damaged is `BlobMissing`: what nobody has read lately is read first.
    """
    pks = [each.pk for each in screens]

    def attempt(read: Collection[str]) -> Release | None:
        with transaction.atomic():
            locked = lock_screens(pks)
            require_right(actor, Act.PUBLISH, locked)
            check_clock(now)
            prepared = prepare([each.pk for each in locked], now, waiting=True)
            _require_expected(prepared, expected)
            bodies = {s: prepared.bodies[s.pk] for s in locked if s.pk in prepared.changed}
            if not bodies:
                return None
            approved: list[Submission] = []
            if urgent:
                _tell_first(prepared, bodies, actor, reason, now)
            else:
                approved = require_reviewed(prepared, now)
            if not confirmed:
                _require_confirmation(prepared, now)
            tell_published(bodies, actor, reason, now)
            for each in approved:
                tell_on_air(each, now)
            different = {each.sha256: each.manifest for each in bodies.values()}
            require_files(different.values(), read, now)
            return make_release(
                kind=Release.Kind.PUBLISH,
                bodies=bodies,
                signing=signing(),
                actor=actor,
                reason=reason,
                now=now,
            )

    return with_files_read(attempt, now)


def _tell_first(
    prepared: Preparation,
    screens: Collection[Screen],
    actor: Staff | None,
    reason: str,
    now: datetime,
) -> None:
    """The urgent way: whoever may take these screens over may, and the review comes afterwards."""
    require_right(actor, Act.TAKE_OVER, screens)
    if not reason.strip():
        raise Invalid(_("Say why this cannot wait for its review; the record keeps it."))
    review_later(prepared=prepared, screens=screens, title=reason[:100], actor=actor, now=now)


def _require_expected(prepared: Preparation, expected: str | None) -> None:
    if expected is not None and prepared.digest != expected:
        raise NotCurrent(_("The programme was changed after you looked at it: look again."))


def _require_confirmation(prepared: Preparation, now: datetime) -> None:
    facts, asked = prepared.facts, dict[str, list[str]]()
    known: dict[str, list[Sentence]] = {}
    for pk in prepared.changed:
        screen, body = facts.screens[pk], prepared.bodies[pk]
        if body.sha256 not in known:
            sheet = sheet_of(facts, screen, now)
            known[body.sha256] = cautions(facts, sheet, body.manifest, now)
        for each in known[body.sha256]:
            if each.needs_confirmation:
                asked.setdefault(str(each), []).append(screen.name)
    if asked:
        first, on = next(iter(asked.items()))
        raise NotConfirmed(
            _("%(caution)s (%(screen)s) If this is meant, confirm it and publish again."),
            values={"caution": first, "screen": on[0]},
            details={"cautions": asked},
        )


def start_takeover(
    *,
    name: str,
    department: Department,
    shows: Layout | Asset,
    where: Where,
    starts_at: datetime,
    ends_at: datetime,
    priority: int = 0,
    actor: Staff,
    reason: str,
    now: datetime,
) -> tuple[Takeover, Release | None]:
    """Make a takeover and publish it at once; both or neither."""

    def attempt(read: Collection[str]) -> tuple[Takeover, Release | None]:
        with transaction.atomic():
            hold_still()
            takeover = takeover_create(
                name=name,
                department=department,
                shows=shows,
                where=where,
                starts_at=starts_at,
                ends_at=ends_at,
                priority=priority,
                actor=actor,
                now=now,
            )
            return takeover, put_above(takeover, actor, reason, now, read)

    return with_files_read(attempt, now)
