"""Prepared cards (预案): written in quiet hours, looked at by others, and gone in two clicks.

Where the rules ask for reviews of a department's screens, its cards need as many yeses beforehand,
each of another person with the right for that step, none of whom wrote it.  A change of the words
asks for all of them anew.  Writes `PreparedCard` and `PreparedApproval`.
"""

import hashlib
from datetime import datetime

import msgspec
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_noop as _

from server.accounts.models import Department, Staff
from server.accounts.policy import Act, may, may_anywhere, require
from server.audit import services as audit
from server.emergency.models import PreparedApproval, PreparedCard
from server.emergency.words import Words, blanks_in, card_data, filled
from server.errors import Conflict, NotFound
from server.review.errors import NotReviewed, OwnWork, SamePerson
from server.review.rules import steps_of_department
from server.review.services import REVIEW_ACTS
from server.validation import cleaned

__all__ = [
    "approve",
    "archive",
    "can_approve",
    "cards_for",
    "digest_of",
    "missing_steps",
    "require_usable",
    "save",
    "words_of",
]

#: What stands in a blank while the length of a card is judged.
SAMPLE = "三号楼东"


def save(
    *,
    card: PreparedCard | None,
    name: str,
    department: Department,
    words: Words,
    version: int = 0,
    actor: Staff,
    now: datetime,
) -> PreparedCard:
    """Write a card, or write it anew.  Raises `NotLegible`, `Conflict` if somebody else did."""
    require(actor, Act.TAKE_OVER, department)
    sample = dict.fromkeys(blanks_in(words.title, words.body), SAMPLE)
    trial = Words(filled(words.title, sample), filled(words.body, sample), words.issuer)
    card_data(trial, is_drill=False, since=now)
    with transaction.atomic():
        row = PreparedCard() if card is None else _locked(card, version)
        row.name, row.department, row.hazard = name.strip(), department, words.hazard
        row.title, row.body, row.issuer = words.title.strip(), words.body.strip(), words.issuer
        row.changed_by, row.changed_at = actor, now
        row.version = 1 if card is None else row.version + 1
        cleaned(row).save()
        detail = {"name": row.name, "title": row.title, "sha256": digest_of(row)}
        audit.record(actor=actor, action="prepared-card.save", subject=row, detail=detail, now=now)
    return row


def _locked(card: PreparedCard, version: int) -> PreparedCard:
    row = PreparedCard.objects.select_for_update().filter(pk=card.pk, archived_at=None).first()
    if row is None:
        raise NotFound(_("This card was put away meanwhile."))
    if row.version != version:
        raise Conflict(
            _("Somebody else saved “%(name)s” meanwhile: compare the two, then save again."),
            values={"name": row.name},
            details={"version": row.version},
        )
    return row


@transaction.atomic
def archive(*, card: PreparedCard, actor: Staff, now: datetime) -> None:
    """Put a card away, or (if it is away) bring it back; what was begun with it stays told."""
    require(actor, Act.TAKE_OVER, card.department)
    row = PreparedCard.objects.select_for_update().get(pk=card.pk)
    row.archived_at = now if row.archived_at is None else None
    cleaned(row).save(update_fields=["archived_at"])
    action = "prepared-card.archive" if row.archived_at else "prepared-card.restore"
    audit.record(actor=actor, action=action, subject=row, now=now)


def words_of(card: PreparedCard) -> Words:
    """What it says, with its blanks."""
    return Words(card.title, card.body, card.issuer, card.hazard)


def digest_of(card: PreparedCard) -> str:
    """Over all that it says: what an approval is of."""
    said = [card.hazard, card.title, card.body, card.issuer]
    return hashlib.sha256(msgspec.json.encode(said)).hexdigest()


def missing_steps(card: PreparedCard) -> tuple[int, ...]:
    """The steps that nobody has done for just these words."""
    needed = steps_of_department(card.department_id)
    done = set(card.approvals.filter(sha256=digest_of(card)).values_list("step", flat=True))
    return tuple(step for step in range(1, needed + 1) if step not in done)


def require_usable(card: PreparedCard, *, is_drill: bool) -> None:
    """Raise `NotReviewed` for a card that still wants somebody's yes; a drill may use any."""
    if not is_drill and missing_steps(card):
        raise NotReviewed(
            _(
                "“%(name)s” was not reviewed yet: write the words yourself (they are reviewed "
                "afterwards), or have it reviewed."
            ),
            values={"name": card.name},
        )


def can_approve(card: PreparedCard, staff: Staff) -> bool:
    """May this person do the next step?"""
    missing = missing_steps(card)
    if not missing or card.changed_by_id == staff.pk:
        return False
    said = card.approvals.filter(sha256=digest_of(card), staff=staff).exists()
    return not said and may(staff, REVIEW_ACTS[missing[0]], card.department_id)


def cards_for(staff: Staff, cards: QuerySet[PreparedCard]) -> list[PreparedCard]:
    """Those of these cards whose next step `staff` may do."""
    if not any(may_anywhere(staff, act) for act in REVIEW_ACTS.values()):
        return []
    return [each for each in cards.exclude(changed_by=staff) if can_approve(each, staff)]


@transaction.atomic
def approve(*, card: PreparedCard, expected: str, actor: Staff, now: datetime) -> None:
    """Say yes to the words with this digest, in the next step."""
    row = PreparedCard.objects.select_for_update().get(pk=card.pk)
    missing = missing_steps(row)
    if digest_of(row) != expected or not missing:
        raise Conflict(_("The card was changed, or needs no more: look at it again."))
    require(actor, REVIEW_ACTS[missing[0]], row.department)
    if row.changed_by_id == actor.pk:
        raise OwnWork(_("You wrote this card: somebody else has to look at it."))
    if row.approvals.filter(sha256=expected, staff=actor).exists():
        raise SamePerson(_("You have done a step of this already: the next one is for another."))
    PreparedApproval.objects.create(card=row, step=missing[0], staff=actor, sha256=expected, at=now)
    detail = {"step": missing[0], "sha256": expected}
    audit.record(actor=actor, action="prepared-card.approve", subject=row, detail=detail, now=now)
