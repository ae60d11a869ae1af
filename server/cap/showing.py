"""From an alert to an emergency on the glass, and its end.

The words, the places and the end go to `emergency.services`, which knows how to do it safely; what
it refuses, a person is asked.  The new one begins before the old one ends, so that no screen shows
a poster in between.
"""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_noop as _

from server.accounts.models import Staff
from server.cap.document import alert_of
from server.cap.errors import AlreadyDecided
from server.cap.models import CapAlert, CapSource, Outcome
from server.cap.policy import Verdict, family_of, verdict_of
from server.cap.records import known_of, policy_of, rows_named, said_of, tell_waiting
from server.cap.words import words_of
from server.emergency import services as emergency
from server.emergency.models import Emergency
from server.emergency.words import CONFIRMING
from server.errors import ApplicationError
from server.programme.drafts import Where
from server.sentences import Sentence

__all__ = ["close", "look_at_ends", "prolong_due", "show", "show_due"]

#: Requests of emergencies are drawn from the names of alerts: shown twice, it begins once.
_REQUESTS = uuid.UUID("7a0c5d1e-3f52-4c0b-9d0f-6a2b1f0c9e25")


def show_due(row: CapAlert, now: datetime) -> None:
    """Show it if the policy says so and its time has come; what is refused waits for a person."""
    row.refresh_from_db()
    if row.outcome != Outcome.PLANNED or row.begins_at is None or row.begins_at > now:
        return
    typed = CONFIRMING[row.status != "Actual"][0]
    try:
        show(row, actor=row.source.policy_by, typed=typed, seen=_ours_running(now), now=now)
    except ApplicationError as error:
        if error.http_status >= 500:  # the chore comes again in a minute
            return
        _wait(row, error.message, now)


def _wait(row: CapAlert, why: Sentence, now: datetime) -> None:
    with transaction.atomic():
        said = said_of(Sentence(_("It could not be shown by itself: %(why)s"), {"why": why}))
        kept = CapAlert.objects.filter(pk=row.pk, outcome=Outcome.PLANNED)
        if kept.update(outcome=Outcome.WAITING, why=said):
            tell_waiting(row, now)


def show(
    row: CapAlert, *, actor: Staff, typed: str, seen: Iterable[int], now: datetime
) -> Emergency:
    """Begin the emergency, then end what the alert takes the place of.

    Raises what `emergency.services.begin` raises, and `AlreadyDecided` if it is over.
    """
    verdict = _verdict(row, now)
    if verdict.info is None or verdict.expires_at is None:
        raise AlreadyDecided(_("It cannot be shown: %(why)s"), values={"why": verdict.why})
    asked = emergency.Asked(
        request=uuid.uuid5(_REQUESTS, f"{row.source_id}:{row.name_sha256}"),
        words=words_of(verdict.info, row.source.name),
        where=Where(groups=verdict.groups),
        ends_at=min(verdict.expires_at, now + settings.EMERGENCY_LONGEST),
        is_drill=verdict.is_drill,
        typed=typed,
        seen=list(seen),
        reason=f"CAP {row.source}: {row.identifier}"[:500],
    )
    begun = emergency.begin(asked=asked, actor=actor, now=now)
    with transaction.atomic():
        CapSource.objects.select_for_update().get(pk=row.source_id)
        row.refresh_from_db()
        row.outcome, row.takeover = Outcome.SHOWN, begun.takeover
        row.expires_at = verdict.expires_at
        row.save(update_fields=["outcome", "takeover", "expires_at"])
        close(_before(row), Sentence(_("A later message of the sender took its place.")), now)
    return begun


def _verdict(row: CapAlert, now: datetime) -> Verdict:
    return verdict_of(alert_of(bytes(row.body)), policy_of(row.source), now)


def _before(row: CapAlert) -> list[CapAlert]:
    """What this message names, and what followed on that."""
    line = rows_named(row, family_of(row.references, known_of(row)))
    return [each for each in line if each.sent <= row.sent]


def _ours_running(now: datetime) -> list[int]:
    """The takeovers that alerts have begun: one may stand above the other."""
    rows = CapAlert.objects.filter(outcome=Outcome.SHOWN, takeover__ends_at__gt=now)
    return list(rows.values_list("takeover", flat=True))


def close(rows: Iterable[CapAlert], why: Sentence, now: datetime) -> int:
    """End what is on the glass, and what waits; returns how many were shown or waited.

    In the transaction of the message that ends them.
    """
    count = 0
    for row in rows:
        if row.outcome not in {Outcome.SHOWN, Outcome.WAITING, Outcome.PLANNED}:
            continue
        if row.takeover is not None and row.takeover.ends_at > now:
            emergency.end(takeover=row.takeover, actor=None, now=now)
        CapAlert.objects.filter(pk=row.pk).update(outcome=Outcome.ENDED, why=said_of(why))
        row.outcome = Outcome.ENDED
        count += 1
    return count


def look_at_ends(rows: Iterable[CapAlert], now: datetime) -> None:
    """What is not on the glass any more has ended: by itself, or by somebody's hand."""
    for row in rows:
        if row.takeover is None or row.takeover.ends_at > now:
            continue
        begun = Emergency.objects.filter(takeover=row.takeover).first()
        by = begun.ended_by if begun else None
        why = Sentence(_("Ended by %(who)s."), {"who": by}) if by else Sentence(_("It expired."))
        CapAlert.objects.filter(pk=row.pk, outcome=Outcome.SHOWN).update(
            outcome=Outcome.ENDED, why=said_of(why), decided_by=by,
            decided_at=begun.ended_at if begun else None,
        )  # fmt: skip


def prolong_due(rows: Iterable[CapAlert], now: datetime) -> None:
    """An alert may last longer than an emergency: it is prolonged before half of that is over."""
    for row in rows:
        takeover, until = row.takeover, row.expires_at
        if takeover is None or until is None or takeover.ends_at >= until:
            continue
        if now < takeover.ends_at <= now + settings.EMERGENCY_LONGEST / 2:
            ends_at = min(until, now + settings.EMERGENCY_LONGEST)
            emergency.prolong(takeover=takeover, ends_at=ends_at, actor=None, now=now)
