"""Assets, for scripts: look, change, trim, replace, withdraw, delete and bring back."""

from datetime import datetime
from typing import Annotated, Any

from django.db import transaction
from msgspec import UNSET, Meta, Struct, UnsetType

from server.accounts.policy import Act, in_reach, require
from server.api.interface import Call, Operation
from server.api.reading import Instant, Key, Reason, Version, department, found
from server.api.resource import Resource, sent
from server.library import services
from server.library.ingest.failures import FAILURES
from server.library.ingest.remarks import REMARKS
from server.library.models import Asset
from server.library.tagging import tagged
from server.publishing.notices import end_notice
from server.publishing.services import take_down

__all__ = ["OPERATIONS", "AssetValue", "asset_value"]

#: Milliseconds of a video, up to a day.
Milliseconds = Annotated[int, Meta(ge=0, le=86_400_000)]


class AssetChange(Struct, forbid_unknown_fields=True):
    """What is said of an asset; only what is sent is changed.  `version` is the one that was read.

    A `department` takes the right to upload in both.
    """

    version: Version
    title: Annotated[str, Meta(min_length=1, max_length=200)] | UnsetType = UNSET
    tags: Annotated[list[Annotated[str, Meta(max_length=40)]], Meta(max_length=20)] | UnsetType = (
        UNSET
    )
    valid_until: Instant | UnsetType | None = UNSET
    department: Key | UnsetType = UNSET
    picked_pages: Annotated[list[Key], Meta(max_length=1000)] | UnsetType = UNSET


class Trim(Struct, forbid_unknown_fields=True):
    """The part of a video that is shown, in milliseconds of the original (None: its ends)."""

    from_ms: Milliseconds | None = None
    until_ms: Milliseconds | None = None


class Replacement(Struct, forbid_unknown_fields=True):
    """The asset whose file takes the place."""

    by: Key


class Said(Struct):
    """A code of docs/ingest.md, and what it says to people in both languages."""

    code: str
    zh: str
    en: str


class FailureValue(Said):
    """Why a file cannot be used and what to do; `details` are what fills the sentences."""

    details: dict[str, Any]


class AssetValue(Struct):
    """An asset.  `state` is received, processing, ready, failed or withdrawn.

    `failure` says why it cannot be used (None: it can), `remarks` what an editor should know of it.
    From `valid_until` on no screen shows it.  `picked_pages` are taken when a document is added to
    a playlist (none: all).  Of a video, in milliseconds of the original: its length, and which
    part is shown.
    """

    id: int
    title: str
    kind: str
    state: str
    department: int
    original_name: str
    progress_percent: int
    progress_step: str
    failure_code: str
    failure: FailureValue | None
    remarks: list[Said]
    created_at: datetime
    version: int
    tags: list[str]
    valid_until: datetime | None
    picked_pages: list[int]
    source_ms: int | None
    trim_from_ms: int | None
    trim_until_ms: int | None


class AssetList(Struct):
    """Some assets, the newest first; `next` is the `before` of the next page, or None."""

    assets: list[AssetValue]
    next: int | None


def asset_value(asset: Asset) -> AssetValue:
    """Return what scripts are told of `asset`."""
    own = {"id", "department", "failure", "remarks", "tags"}
    names = [name for name in AssetValue.__struct_fields__ if name not in own]
    return AssetValue(
        id=asset.pk,
        department=asset.department_id,
        failure=_failure(asset),
        remarks=[_remark(code) for code in asset.remarks],
        tags=tagged(asset),
        **{name: getattr(asset, name) for name in names},
    )


def _failure(asset: Asset) -> FailureValue | None:
    code, details = asset.failure_code, asset.failure_detail
    if not code:
        return None
    known = FAILURES.get(code)  # None: a newer version of the server wrote it
    zh, en = (known.sentence("zh", details), known.sentence("en", details)) if known else ("", "")
    return FailureValue(code, zh, en, details)


def _remark(code: str) -> Said:
    known = REMARKS.get(code)
    return Said(code, known.zh, known.en) if known else Said(code, "", "")


ASSETS = Resource(
    Asset, "asset", Act.UPLOAD, value=asset_value, answer=AssetValue, listing=AssetList
)


def asset_withdraw(call: Call, asset: int) -> AssetValue:
    """Take an asset off every screen at once."""
    kept = ASSETS.row(call, asset)
    require(call.actor, Act.TAKE_DOWN, kept.department_id)
    take_down(asset=kept, actor=call.actor, reason=call.body.reason, now=call.now)
    kept.refresh_from_db()
    return asset_value(kept)


def asset_end_notice(call: Call, asset: int) -> AssetValue:
    """End the period of a public notice before its last day."""
    kept = ASSETS.row(call, asset)
    end_notice(asset=kept, reason=call.body.reason, actor=call.actor, now=call.now)
    return asset_value(kept)


def asset_restore(call: Call, asset: int) -> AssetValue:
    """Bring a withdrawn asset back."""
    kept = ASSETS.row(call, asset)
    require(call.actor, Act.TAKE_DOWN, kept.department_id)
    return asset_value(services.asset_restore(asset=kept, actor=call.actor, now=call.now))


def asset_retry(call: Call, asset: int) -> AssetValue:
    """Prepare an asset anew."""
    kept = ASSETS.row(call, asset)
    require(call.actor, Act.UPLOAD, kept.department_id)
    return asset_value(services.asset_retry(asset=kept, actor=call.actor, now=call.now))


def _change(call: Call, asset: Asset) -> Asset:
    body = call.body
    said = sent(body, "title", "tags", "valid_until")
    who: dict[str, Any] = {"actor": call.actor, "now": call.now}
    with transaction.atomic():
        kept = services.asset_change(asset=asset, version=body.version, **said, **who)
        if body.picked_pages is not UNSET:
            services.pages_pick(asset=kept, pages=body.picked_pages, **who)
        if body.department is not UNSET:
            owner = department(call, body.department, Act.UPLOAD)
            services.assets_move(assets=[kept], department=owner, **who)
    kept.refresh_from_db()
    return kept


def asset_trim(call: Call, asset: int) -> AssetValue:
    """Show a part of a video."""
    kept = ASSETS.row(call, asset)
    cut = {"from_ms": call.body.from_ms, "until_ms": call.body.until_ms}
    return asset_value(services.asset_trim(asset=kept, **cut, actor=call.actor, now=call.now))


def asset_replace(call: Call, asset: int) -> AssetValue:
    """Put the file of another asset in the place of this one's."""
    kept = ASSETS.row(call, asset)
    mine = Asset.with_bin.filter(in_reach(call.actor, Act.VIEW))
    by = found(mine, call.body.by, "asset")
    return asset_value(services.asset_replace(asset=kept, by=by, actor=call.actor, now=call.now))


def asset_undelete(call: Call, asset: int) -> AssetValue:
    """Take an asset out of the bin."""
    mine = Asset.with_bin.filter(in_reach(call.actor, Act.VIEW))
    kept = found(mine, asset, "asset")
    return asset_value(services.asset_undelete(asset=kept, actor=call.actor, now=call.now))


def _delete(call: Call, asset: Asset) -> None:
    require(call.actor, Act.UPLOAD, asset.department_id)
    services.asset_delete(asset=asset, actor=call.actor, now=call.now)


OPERATIONS = (
    ASSETS.list("List assets, the newest first"),
    ASSETS.look("Look at an asset"),
    ASSETS.change(_change, AssetChange, "Change what is said of an asset"),
    Operation("POST", "assets/<int:asset>/withdraw/", "asset_withdraw", asset_withdraw,
              "Take an asset off every screen at once", Reason, AssetValue, act=Act.TAKE_DOWN),
    Operation("POST", "assets/<int:asset>/end-notice/", "asset_end_notice", asset_end_notice,
              "End the period of a public notice before its last day", Reason, AssetValue,
              act=Act.END_NOTICE),
    Operation("POST", "assets/<int:asset>/restore/", "asset_restore", asset_restore,
              "Bring back a withdrawn asset; publish to show it again", answer=AssetValue,
              act=Act.TAKE_DOWN),
    Operation("POST", "assets/<int:asset>/retry/", "asset_retry", asset_retry,
              "Prepare an asset anew", answer=AssetValue, act=Act.UPLOAD),
    Operation("POST", "assets/<int:asset>/trim/", "asset_trim", asset_trim,
              "Show a part of a video, exact to the frame", Trim, AssetValue, act=Act.UPLOAD),
    Operation("POST", "assets/<int:asset>/replace/", "asset_replace", asset_replace,
              "Put another asset's file in the place of this one's, everywhere", Replacement,
              AssetValue, act=Act.UPLOAD),
    Operation("POST", "assets/<int:asset>/undelete/", "asset_undelete", asset_undelete,
              "Take an asset out of the bin", answer=AssetValue, act=Act.UPLOAD),
    ASSETS.delete(_delete, "Put an asset that nothing uses into the bin"),
)  # fmt: skip
