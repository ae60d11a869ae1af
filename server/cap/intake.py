"""An alert comes in: kept once, in its order, and judged by the policy of its source.

Whatever order messages come in, the screens end where the sender meant: an Update or a Cancel that
comes before what it names is kept, and what it names is then only recorded.  Everything here can be
done twice: a message has its name, an emergency its request.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop as _
from msgspec import structs

from server.accounts.models import Staff
from server.audit.services import record
from server.cap.document import Alert, alert_of
from server.cap.models import CapAlert, CapSource, Outcome
from server.cap.policy import Verdict, family_of, overtaken_by, verdict_of
from server.cap.records import (
    as_known,
    digest_of,
    known_of,
    policy_of,
    rows_named,
    said_of,
    tell_waiting,
)
from server.cap.showing import close, look_at_ends, show_due
from server.sentences import Sentence

__all__ = ["settle", "take"]


def take(
    *, source: CapSource, data: bytes, came_from: str, actor: Staff | None, now: datetime
) -> CapAlert:
    """Keep an alert and do what the policy says; the same message again changes nothing.

    Raises `CapRefused`.
    """
    alert = alert_of(data)
    digest = digest_of(alert.name)
    with transaction.atomic():
        CapSource.objects.select_for_update().get(pk=source.pk)
        row = CapAlert.objects.filter(source=source, name_sha256=digest).first()
        if row is None:
            row = _row(source, alert, digest)
            row.body, row.came_from, row.received_at = data, came_from[:500], now
            row.save()
            detail = {"kind": alert.kind, "status": alert.status, "sender": alert.name.sender}
            record(actor=actor, action="cap.receive", subject=row, detail=detail, now=now)
    settle(row, now)
    row.refresh_from_db()
    return row


def _row(source: CapSource, alert: Alert, digest: str) -> CapAlert:
    first = alert.infos[0] if alert.infos else None
    return CapAlert(
        source=source,
        name_sha256=digest,
        sender=alert.name.sender,
        identifier=alert.name.identifier,
        sent=alert.sent,
        status=alert.status,
        kind=alert.kind,
        references=sorted({digest_of(each) for each in alert.references}),
        headline=(first.headline or first.event) if first else "",
        severity=first.severity if first else "",
    )


def settle(row: CapAlert, now: datetime) -> None:
    """Decide what becomes of a message that nobody has decided on; show what is to be shown."""
    with transaction.atomic():
        CapSource.objects.select_for_update().get(pk=row.source_id)
        row.refresh_from_db()
        if row.outcome == Outcome.NEW:
            look_at_ends(row.source.alerts.filter(outcome=Outcome.SHOWN), now)
            _decide(row, alert_of(bytes(row.body)), now)
    show_due(row, now)


def _decide(row: CapAlert, alert: Alert, now: datetime) -> None:
    others = known_of(row)
    if later := overtaken_by(as_known(row), others):
        said = Sentence(_("A later message (%(kind)s) had come before it."), {"kind": later.kind})
        _put(row, Verdict(Outcome.RECORDED, said), now)
        return
    line = rows_named(row, family_of(row.references, others))
    if row.kind in {"Ack", "Error"}:
        said = Sentence(_("It is an answer between systems (%(kind)s)."), {"kind": row.kind})
        _put(row, Verdict(Outcome.RECORDED, said), now)
    elif row.kind == "Cancel":
        ended = close(line, Sentence(_("It was cancelled by the sender.")), now)
        said = Sentence(_("It ends what it names; here that was %(n)d."), {"n": ended})
        _put(row, Verdict(Outcome.RECORDED, said), now)
    else:
        _judge(row, alert, line, now)


def _judge(row: CapAlert, alert: Alert, line: list[CapAlert], now: datetime) -> None:
    verdict = verdict_of(alert, policy_of(row.source), now)
    if verdict.outcome is Outcome.PLANNED and _was_ended_by_hand(line):
        said = Sentence(_("Somebody ended by hand what it updates."))
        verdict = structs.replace(verdict, outcome=Outcome.WAITING, why=said)
    if verdict.outcome is Outcome.RECORDED:
        close(line, Sentence(_("A later message of the sender took its place.")), now)
    _put(row, verdict, now)


def _was_ended_by_hand(line: Iterable[CapAlert]) -> bool:
    """Did a person end, or decline, what this message carries on?"""
    return any(
        each.outcome == Outcome.DECLINED or (each.outcome == Outcome.ENDED and each.decided_by_id)
        for each in line
    )


def _put(row: CapAlert, verdict: Verdict, now: datetime) -> None:
    row.outcome, row.why = verdict.outcome, said_of(verdict.why)
    row.begins_at, row.expires_at = verdict.begins_at, verdict.expires_at
    row.save(update_fields=["outcome", "why", "begins_at", "expires_at"])
    if verdict.outcome is Outcome.WAITING:
        tell_waiting(row, now)
