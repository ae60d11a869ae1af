"""What an editor says of an asset: its title, tags, department, last day, pages.  Writes `Asset`.

None of it changes a file.  The last day acts in the manifest, as the end of every item that shows
the asset (docs/library.md): walls stop showing it at that instant, also without a network.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from server.accounts.models import Department, Staff
from server.accounts.policy import Act, require
from server.audit.services import record
from server.errors import Conflict, Invalid
from server.library.models import Asset, AssetKind, Purpose
from server.library.names import TITLE_LIMIT
from server.library.tagging import put_tags, refresh_search, tagged

__all__ = [
    "UNCHANGED",
    "asset_change",
    "assets_expire",
    "assets_move",
    "page_numbers",
    "pages_pick",
]


class Unchanged:
    """Stands for a value that is not sent."""


UNCHANGED = Unchanged()


def asset_change(
    *,
    asset: Asset,
    version: int,
    actor: Staff,
    now: datetime,
    title: str | Unchanged = UNCHANGED,
    tags: Sequence[str] | Unchanged = UNCHANGED,
    valid_until: datetime | Unchanged | None = UNCHANGED,
) -> Asset:
    """Change what is said of an asset that was read as `version`.

    Raises `Conflict` with what somebody else has saved meanwhile, or `Invalid`.
    """
    require(actor, Act.UPLOAD, asset.department_id)
    sent = {"title": title, "tags": tags, "valid_until": valid_until}
    yours = {name: each for name, each in sent.items() if not isinstance(each, Unchanged)}
    with transaction.atomic():
        kept = Asset.objects.select_for_update().get(pk=asset.pk)
        before = {"title": kept.title, "tags": tagged(kept), "valid_until": kept.valid_until}
        _require_version(kept, version, before, yours)
        if not isinstance(title, Unchanged):
            kept.title = _title(title)
        if not isinstance(valid_until, Unchanged):
            kept.valid_until = valid_until
        kept.version += 1
        kept.save(update_fields=["title", "valid_until", "version"])
        if isinstance(tags, Unchanged):
            refresh_search(kept)
        else:
            put_tags(kept, tags)
        detail = {name: {"before": _plain(before[name]), "after": _plain(value)}
                  for name, value in yours.items() if before[name] != value}  # fmt: skip
        if detail:
            record(actor=actor, action="asset.change", subject=kept, detail=detail, now=now)
    return kept


def _title(text: str) -> str:
    title = " ".join(text.split())[:TITLE_LIMIT]
    if not title:
        raise Invalid("Give it a title.", details={"title": "Give it a title."})
    return title


def _require_version(
    kept: Asset, version: int, before: dict[str, Any], yours: dict[str, Any]
) -> None:
    """A conflict only if somebody else's save is overwritten: progress raises the version too."""
    changes = {
        name: {"now": _plain(before[name]), "yours": _plain(value)}
        for name, value in yours.items()
        if before[name] != value
    }
    if kept.version != version and changes:
        raise Conflict(
            "Somebody else has changed “%(title)s” since you opened it: compare, and save again.",
            values={"title": kept.title},
            details={"version": kept.version, "changes": changes},
        )


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def assets_expire(
    *, assets: Collection[Asset], valid_until: datetime | None, actor: Staff, now: datetime
) -> None:
    """Give some assets one last instant, or none; all of them or none."""
    for asset in assets:
        require(actor, Act.UPLOAD, asset.department_id)
    with transaction.atomic():
        for asset in assets:
            _update(asset, valid_until=valid_until)
            detail = {"before": _plain(asset.valid_until), "after": _plain(valid_until)}
            record(actor=actor, action="asset.expire", subject=asset, detail=detail, now=now)


def assets_move(
    *, assets: Collection[Asset], department: Department, actor: Staff, now: datetime
) -> None:
    """Give some assets to another department; whoever does it may upload in both."""
    for owner in {department.pk, *(asset.department_id for asset in assets)}:
        require(actor, Act.UPLOAD, owner)
    with transaction.atomic():
        for asset in assets:
            if asset.department_id == department.pk:
                continue
            _update(asset, department=department)
            detail = {"before": str(asset.department), "after": str(department)}
            record(actor=actor, action="asset.move", subject=asset, detail=detail, now=now)


def pages_pick(*, asset: Asset, pages: Collection[int], actor: Staff, now: datetime) -> Asset:
    """Choose the pages that are taken when a document is added to a playlist; all of them: none.

    What stands in playlists already stays as it is.
    """
    require(actor, Act.UPLOAD, asset.department_id)
    there = page_numbers(asset)
    picked = sorted(set(pages))
    if asset.kind != AssetKind.DOCUMENT or not there:
        raise Invalid("“%(title)s” has no pages.", values={"title": asset.title})
    if not picked:
        raise Invalid("Choose at least one page.")
    if unknown := sorted(set(picked) - set(there)):
        raise Invalid("There is no page %(page)d in it.", values={"page": unknown[0]})
    with transaction.atomic():
        chosen = [] if picked == there else picked
        _update(asset, picked_pages=chosen)
        detail = {"pages": chosen or "all"}
        record(actor=actor, action="asset.pages", subject=asset, detail=detail, now=now)
    asset.refresh_from_db()
    return asset


def page_numbers(asset: Asset) -> list[int]:
    """The pages of a document, from 1; none for all else."""
    made = asset.renditions.filter(purpose=Purpose.WALL, page__gt=0)
    return list(made.order_by("page").values_list("page", flat=True))


def _update(asset: Asset, **values: object) -> None:
    Asset.objects.filter(pk=asset.pk).update(version=F("version") + 1, **values)
