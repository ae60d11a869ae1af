"""Which data sets may change what is on the walls without a review (ADR 0024)."""

from datetime import datetime

from django.db import transaction

from server.accounts.models import Staff
from server.accounts.policy import Act, require
from server.audit.services import record
from server.datasets.fed_cards import feed_of
from server.datasets.models import Dataset, FedCard
from server.errors import Conflict, Invalid
from server.library.models import Asset

__all__ = ["unreviewed_set"]


@transaction.atomic
def unreviewed_set(
    *, dataset: Dataset, is_unreviewed: bool, reason: str, actor: Staff, now: datetime
) -> Dataset:
    """Let new versions go out without review, or not any more.  For administrators, with a reason.

    A card that shows older rows than it should (they wait for a review) goes out with the next
    version, not with this act.
    """
    require(actor, Act.TRUST_DATA, dataset.department)
    if not reason.strip():
        raise Invalid("Say why: it stands in the audit.")
    kept = Dataset.objects.select_for_update().get(pk=dataset.pk, deleted_at=None)
    reviewed = kept.parts.select_related("part").filter(part__unreviewed_since=None)
    if is_unreviewed and (part := reviewed.first()):
        raise Conflict(
            "It collects from “%(part)s”, whose rows are reviewed: let those out unreviewed first.",
            values={"part": part.part.name},
        )
    kept.unreviewed_since = now if is_unreviewed else None
    kept.unreviewed_by = actor if is_unreviewed else None
    kept.save(update_fields=["unreviewed_since", "unreviewed_by"])
    _told_cards(kept)
    action = "dataset.unreviewed" if is_unreviewed else "dataset.reviewed"
    record(actor=actor, action=action, subject=kept, detail={"reason": reason.strip()}, now=now)
    if not is_unreviewed:  # nor may what collects from it pass its rows on
        for each in kept.wholes.exclude(whole__unreviewed_since=None).select_related("whole"):
            _reviewed_again(each.whole, reason, actor, now)
    return kept


def _reviewed_again(whole: Dataset, reason: str, actor: Staff, now: datetime) -> None:
    held = Dataset.objects.select_for_update().get(pk=whole.pk)
    held.unreviewed_since = held.unreviewed_by = None
    held.save(update_fields=["unreviewed_since", "unreviewed_by"])
    _told_cards(held)
    detail = {"reason": reason.strip()}
    record(actor=actor, action="dataset.reviewed", subject=held, detail=detail, now=now)


def _told_cards(kept: Dataset) -> None:
    """Let the cards of a data set say whether their rows are reviewed."""
    for fed in FedCard.objects.filter(dataset=kept).select_related("asset").order_by("pk"):
        fed.dataset = kept
        asset = Asset.with_bin.select_for_update().get(pk=fed.asset_id)
        asset.content |= {"feed": feed_of(fed)}
        asset.save(update_fields=["content"])
        FedCard.objects.filter(pk=fed.pk).update(is_owed=False)
