"""Which part of a video is shown, and which frame stands for it.  Writes `Asset`.

The original is kept whole; a cut makes new renditions of it, and the walls keep what they have
until those are published.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from server.accounts.models import Staff
from server.accounts.policy import Act, require
from server.audit.services import record
from server.errors import Conflict, Invalid
from server.library.models import Asset, AssetKind, AssetState

__all__ = ["LEAST_MS", "asset_poster", "asset_trim"]

#: The shortest part of a video that can be shown, in milliseconds.
LEAST_MS = 500


def asset_trim(
    *, asset: Asset, from_ms: int | None, until_ms: int | None, actor: Staff, now: datetime
) -> Asset:
    """Show only a part of a video: milliseconds of the original; None is its beginning, its end.

    Raises `Invalid`, or `Conflict` while it is being prepared.
    """
    require(actor, Act.UPLOAD, asset.department_id)
    with transaction.atomic():
        kept = _locked_video(asset)
        length = kept.source_ms or 0
        begin, end = from_ms or 0, length if until_ms is None else until_ms
        if not 0 <= begin < end <= length:
            raise Invalid(
                "Begin and end lie within the video, which is %(seconds)s s long.",
                values={"seconds": f"{length / 1000:g}"},
            )
        if end - begin < LEAST_MS:
            raise Invalid("What is left is shorter than half a second.")
        kept.trim_from_ms, kept.trim_until_ms = begin or None, end if end < length else None
        kept.state, kept.attempts, kept.progress_percent = AssetState.RECEIVED, 0, 0
        kept.failure_code, kept.failure_detail, kept.version = "", {}, kept.version + 1
        kept.save()
        _enqueue(kept)
        detail = {"from_ms": begin, "until_ms": end, "of_ms": length}
        record(actor=actor, action="asset.cut", subject=kept, detail=detail, now=now)
    return kept


def asset_poster(*, asset: Asset, at_ms: int, actor: Staff, now: datetime) -> Asset:
    """Have the frame at `at_ms` of the original stand for a video in lists and pages."""
    from server.library.ingest.poster_task import poster

    require(actor, Act.UPLOAD, asset.department_id)
    with transaction.atomic():
        kept = _locked_video(asset)
        if not 0 <= at_ms <= (kept.source_ms or 0):
            raise Invalid(
                "Begin and end lie within the video, which is %(seconds)s s long.",
                values={"seconds": f"{(kept.source_ms or 0) / 1000:g}"},
            )
        Asset.objects.filter(pk=kept.pk).update(poster_ms=at_ms, version=F("version") + 1)
        poster.enqueue(kept.pk)
        detail = {"at_ms": at_ms}
        record(actor=actor, action="asset.poster", subject=kept, detail=detail, now=now)
    kept.refresh_from_db()
    return kept


def _locked_video(asset: Asset) -> Asset:
    kept = Asset.objects.select_for_update().get(pk=asset.pk)
    if kept.kind != AssetKind.VIDEO or not kept.source_ms or kept.original_id is None:
        raise Invalid(
            "“%(title)s” is no video that can be trimmed: make it ready again first.",
            values={"title": kept.title},
        )
    if kept.state not in {AssetState.READY, AssetState.FAILED}:
        message = "It is being made ready, or withdrawn: wait, or bring it back first."
        raise Conflict(message, code="ASSET_BUSY")
    return kept


def _enqueue(asset: Asset) -> None:
    from server.library.ingest.tasks import enqueue

    enqueue(asset)
