"""A person decides on an alert that waits: it is shown now, or it is not."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop as _

from server.accounts.models import Staff
from server.accounts.policy import Act, require
from server.audit.services import record
from server.cap.errors import AlreadyDecided
from server.cap.models import CapAlert, Outcome
from server.cap.records import said_of
from server.cap.showing import show
from server.emergency.models import Emergency
from server.errors import Invalid
from server.sentences import Sentence

__all__ = ["decline", "show_by_hand"]


def show_by_hand(
    *, alert: CapAlert, typed: str, seen: Collection[int], actor: Staff, now: datetime
) -> Emergency:
    """Show it now; what it takes the place of ends.

    Raises what `emergency.services.begin` raises, and `AlreadyDecided`.
    """
    _require_waiting(alert, actor, now)
    begun = show(alert, actor=actor, typed=typed, seen=seen, now=now)
    with transaction.atomic():
        why = said_of(Sentence(_("Shown by %(who)s."), {"who": actor}))
        CapAlert.objects.filter(pk=alert.pk).update(decided_by=actor, decided_at=now, why=why)
        record(actor=actor, action="cap.show", subject=alert, now=now)
    return begun


@transaction.atomic
def decline(*, alert: CapAlert, reason: str, actor: Staff, now: datetime) -> None:
    """Do not show it.  What it would have taken the place of stays."""
    _require_waiting(alert, actor, now)
    if not reason.strip():
        raise Invalid(_("Say why it is not shown: it stands in the audit."))
    why = said_of(Sentence(_("Declined by %(who)s: %(why)s"),
                           {"who": actor, "why": reason.strip()[:200]}))  # fmt: skip
    waiting = CapAlert.objects.filter(pk=alert.pk, outcome=Outcome.WAITING)
    if not waiting.update(outcome=Outcome.DECLINED, why=why, decided_by=actor, decided_at=now):
        raise AlreadyDecided(_("Somebody else has decided on it meanwhile."))
    record(actor=actor, action="cap.decline", subject=alert, now=now,
           detail={"reason": reason.strip()[:500]})  # fmt: skip


def _require_waiting(alert: CapAlert, actor: Staff, now: datetime) -> None:
    require(actor, Act.TAKE_OVER, alert.source.department)
    alert.refresh_from_db()
    if alert.outcome != Outcome.WAITING or (alert.expires_at and alert.expires_at <= now):
        raise AlreadyDecided(_("Somebody else has decided on it meanwhile, or it has expired."))
