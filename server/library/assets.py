"""What can be done with an asset: try again, withdraw, bring back, delete.  Writes `Asset`.

Withdrawing is the library's half of a take-down; `publishing.take_down` calls it and tells the
screens.  Nothing that is in use is deleted.  What is deleted lies in the bin for `BIN_KEEPS`; the
original stays until then, also when it could not be used.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from server.accounts.models import Staff
from server.accounts.policy import Act, require
from server.audit.services import record
from server.errors import Conflict
from server.library.models import Asset, AssetState
from server.library.uses import Use, uses_of
from server.sentences import Sentence, listed

__all__ = [
    "BIN_KEEPS",
    "asset_delete",
    "asset_restore",
    "asset_retry",
    "asset_undelete",
    "asset_withdraw",
    "bin_empty",
]

#: How long the bin keeps an asset.
BIN_KEEPS = timedelta(days=30)

#: Places that a refusal names at once.
USES_NAMED = 5


def asset_withdraw(*, asset: Asset, actor: Staff | None, reason: str, now: datetime) -> Asset:
    """Take `asset` out of use; withdrawing twice is one act.  The caller tells the screens."""
    _require(actor, Act.TAKE_DOWN, asset)
    with transaction.atomic():
        changed = (
            Asset.objects.filter(pk=asset.pk)
            .exclude(state=AssetState.WITHDRAWN)
            .update(state=AssetState.WITHDRAWN, withdrawn_at=now, version=F("version") + 1)
        )
        if changed:
            detail = {"reason": reason}
            record(actor=actor, action="asset.withdraw", subject=asset, detail=detail, now=now)
    asset.refresh_from_db()
    return asset


def asset_restore(*, asset: Asset, actor: Staff, now: datetime) -> Asset:
    """Bring a withdrawn asset back; it is shown again once it is published again."""
    _require(actor, Act.TAKE_DOWN, asset)
    with transaction.atomic():
        kept = Asset.objects.select_for_update().get(pk=asset.pk)
        if kept.state != AssetState.WITHDRAWN:
            raise Conflict("This item is not withdrawn.", code="ASSET_NOT_WITHDRAWN")
        finished = kept.original_id is None or kept.renditions.exists()
        state = AssetState.READY if finished else AssetState.RECEIVED
        _change(kept, state=state, withdrawn_at=None, attempts=0)
        if not finished:
            _enqueue(kept)
        record(actor=actor, action="asset.restore", subject=kept, now=now)
    asset.refresh_from_db()
    return asset


def asset_retry(*, asset: Asset, actor: Staff, now: datetime) -> Asset:
    """Prepare a failed asset anew (a program was installed, say), or a ready one for other walls.

    Screens keep what they have; it is published again once it is ready again.
    """
    _require(actor, Act.UPLOAD, asset)
    with transaction.atomic():
        kept = Asset.objects.select_for_update().get(pk=asset.pk)
        if kept.state not in {AssetState.FAILED, AssetState.READY} or kept.original_id is None:
            message = "This item is being prepared, withdrawn, or has no file: nothing to do again."
            raise Conflict(message, code="ASSET_NOT_RETRIED")
        _change(kept, state=AssetState.RECEIVED, attempts=0, failure_code="", failure_detail={})
        _enqueue(kept)
        record(actor=actor, action="asset.retry", subject=kept, now=now)
    asset.refresh_from_db()
    return asset


def asset_delete(*, asset: Asset, actor: Staff, now: datetime) -> None:
    """Put an asset that nothing uses into the bin.

    Raises `Conflict` (ASSET_IN_USE) with the list of where it is used, as far as the actor may see.
    """
    _require(actor, Act.UPLOAD, asset)
    with transaction.atomic():
        kept = Asset.objects.select_for_update().filter(pk=asset.pk).first()
        if kept is None:
            return  # somebody else was faster
        uses = uses_of(kept)
        if uses:
            raise _in_use(kept, uses, actor)
        record(actor=actor, action="asset.delete", subject=kept, now=now)
        Asset.objects.filter(pk=kept.pk).update(deleted_at=now, version=F("version") + 1)


def _in_use(asset: Asset, uses: list[Use], actor: Staff) -> Conflict:
    """The refusal; what the actor may not see is counted and not named."""
    seen = [use for use in uses if use.is_seen_by(actor)]
    hidden = len(uses) - len(seen)
    names = [use.name for use in seen[:USES_NAMED]]
    if len(seen) > USES_NAMED:
        names.append("…")
    if hidden:
        elsewhere = Sentence("%(n)d in other departments", {"n": hidden})
        names.append(elsewhere)
    return Conflict(
        "“%(title)s” is in use (%(places)s): take it out there first, or withdraw it"
        " to take it off the screens at once.",
        values={"title": asset.title, "places": listed(names)},
        code="ASSET_IN_USE",
        details={"uses": [use.as_json() for use in seen], "elsewhere": hidden},
    )


def asset_undelete(*, asset: Asset, actor: Staff, now: datetime) -> Asset:
    """Take an asset out of the bin again, as it was."""
    _require(actor, Act.UPLOAD, asset)
    with transaction.atomic():
        kept = Asset.with_bin.select_for_update().filter(pk=asset.pk).first()
        if kept is None or kept.deleted_at is None:
            raise Conflict("This item is not in the bin.", code="ASSET_NOT_DELETED")
        kept.deleted_at, kept.former_of, kept.replaces = None, None, None
        kept.version += 1
        kept.save(update_fields=["deleted_at", "former_of", "replaces", "version"])
        if kept.state in {AssetState.RECEIVED, AssetState.PROCESSING}:
            _change(kept, state=AssetState.RECEIVED, leased_by="", leased_until=None, attempts=0)
            _enqueue(kept)
        record(actor=actor, action="asset.undelete", subject=kept, now=now)
    return kept


def bin_empty(*, now: datetime) -> int:
    """Delete for good what has lain in the bin for `BIN_KEEPS`; return how many.

    Their files go with the next collection of orphans.
    """
    gone = 0
    for asset in Asset.with_bin.filter(deleted_at__lt=now - BIN_KEEPS):
        with transaction.atomic():
            record(actor=None, action="asset.delete-for-good", subject=asset, now=now)
            asset.delete()
        gone += 1
    return gone


def _require(actor: Staff | None, act: Act, asset: Asset) -> None:
    """The server itself (None) may do all of it."""
    if actor is not None:
        require(actor, act, asset.department_id)


def _change(asset: Asset, **values: object) -> None:
    values = {"progress_percent": 0, "progress_step": "", **values}
    Asset.objects.filter(pk=asset.pk).update(version=F("version") + 1, **values)


def _enqueue(asset: Asset) -> None:
    from server.library.ingest.tasks import enqueue

    enqueue(asset)
