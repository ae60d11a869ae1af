"""Puts another file in the place of an asset's, everywhere at once; the former one is kept.

The new file is an asset of its own until then, made ready and looked at; so nothing that cannot be
shown ever takes a place.  Items keep their ids, walls what they have until it is published, and an
approval is void because the digests are others.
"""

from datetime import datetime

from django.db import transaction

from server.accounts.models import Staff
from server.accounts.policy import Act, require
from server.audit.services import record
from server.errors import Conflict, Invalid
from server.library.models import Asset, AssetKind, AssetState, Purpose, Rendition, Upload
from server.library.tagging import refresh_search

__all__ = ["asset_replace"]

#: What an asset has of its file.
_OF_THE_FILE = (
    "kind", "original_id", "original_name", "remarks", "source_ms", "trim_from_ms",
    "trim_until_ms", "poster_ms", "uploaded_by_id", "content",
)  # fmt: skip
_WITH_FILES = frozenset({AssetKind.IMAGE, AssetKind.VIDEO, AssetKind.DOCUMENT})


def asset_replace(*, asset: Asset, by: Asset, actor: Staff, now: datetime) -> Asset:
    """Give `asset` the file of `by`; what it had before goes into the bin, from where it can be put
    back in the same way.

    A `by` that was uploaded for this, or lay in the bin as a former file, is used up.
    Raises `Invalid`, `Conflict` (ASSET_BUSY), `Forbidden`, `NotFound`.
    """
    require(actor, Act.UPLOAD, asset.department_id)
    require(actor, Act.UPLOAD, by.department_id)
    with transaction.atomic():
        rows = Asset.with_bin.select_for_update().filter(pk__in=[asset.pk, by.pk])
        found = {each.pk: each for each in rows}
        kept, new = found.get(asset.pk), found.get(by.pk)
        if kept is None or new is None or kept.pk == new.pk:
            raise Conflict("The new file is not there any more: upload it again.")
        _check(kept, new)
        former = _set_aside(kept, now)
        _take_over(kept, new)
        before, after = former.original_id, kept.original_id
        if kept.pk in {new.replaces_id, new.former_of_id}:
            Upload.objects.filter(asset=new).update(asset=kept)
            new.delete()
        detail = {"before": before, "after": after, "former": former.pk}
        record(actor=actor, action="asset.replace", subject=kept, detail=detail, now=now)
    return kept


def _check(kept: Asset, new: Asset) -> None:
    if not (_has_a_file(kept) and _has_a_file(new)) or kept.original_id is None:
        raise Invalid("Only pictures, videos, documents and music have a file to be replaced.")
    if kept.is_music != new.is_music:
        raise Invalid("Music is replaced by music, and what is seen by what is seen.")
    if kept.deleted_at is not None or (new.deleted_at is not None and new.former_of_id != kept.pk):
        raise Conflict("It lies in the bin: bring it back first.", code="ASSET_BUSY")
    if new.state != AssetState.READY or not new.renditions.filter(purpose=Purpose.WALL).exists():
        message = "The new file is not ready yet: wait until it is."
        raise Conflict(message, code="ASSET_BUSY")
    if kept.state == AssetState.WITHDRAWN:
        message = "It is being made ready, or withdrawn: wait, or bring it back first."
        raise Conflict(message, code="ASSET_BUSY")


def _has_a_file(asset: Asset) -> bool:
    return asset.kind in _WITH_FILES or asset.is_music


def _set_aside(kept: Asset, now: datetime) -> Asset:
    """A row in the bin that has what `kept` had of its file."""
    is_whole = kept.renditions.filter(purpose=Purpose.WALL).exists()
    former = Asset.with_bin.create(
        title=kept.title,
        department=kept.department,
        state=AssetState.READY if is_whole else AssetState.RECEIVED,
        picked_pages=kept.picked_pages,
        created_at=kept.created_at,
        deleted_at=now,
        former_of=kept,
        search=kept.search,
        **{name: getattr(kept, name) for name in _OF_THE_FILE},
    )
    Rendition.objects.filter(asset=kept).update(asset=former)
    return former


def _take_over(kept: Asset, new: Asset) -> None:
    settings = kept.content.get("data")
    for name in _OF_THE_FILE:
        setattr(kept, name, getattr(new, name))
    if kept.is_music:
        kept.content |= {"data": settings}
    copies = list(new.renditions.all())
    for each in copies:
        each.pk, each.asset = None, kept
    Rendition.objects.bulk_create(copies)
    pages = {each.page for each in copies}
    kept.picked_pages = [page for page in kept.picked_pages if page in pages]
    kept.state, kept.progress_percent, kept.progress_step = AssetState.READY, 100, ""
    kept.failure_code, kept.failure_detail = "", {}
    kept.leased_by, kept.leased_until = "", None
    kept.version += 1
    kept.save()
    refresh_search(kept)
