"""Uploads and assets, for scripts: announce, append, finish; look, withdraw, delete."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from msgspec import Struct

from server.accounts.models import Department
from server.accounts.policy import Act, in_reach, require
from server.api.interface import Call, Operation
from server.errors import Invalid, NotFound
from server.library import services
from server.library.models import Asset

__all__ = ["OPERATIONS", "AssetValue", "asset_value"]

#: The bytes of one appended piece, at most.
PIECE_BYTES_LIMIT = 64 << 20

#: How many assets one answer lists.
PAGE_SIZE = 100


class NewUpload(Struct, forbid_unknown_fields=True):
    """A file that will come: its name, its size in bytes, whose it will be (None: the sender's)."""

    name: str
    bytes: int
    department: int | None = None


class UploadValue(Struct):
    """How far an upload has come, in bytes."""

    id: UUID
    received: int
    bytes: int


class Finish(Struct, forbid_unknown_fields=True):
    """What is known of the whole file: a title, and its SHA-256 (hexadecimal) to be compared."""

    title: str = ""
    sha256: str = ""


class Reason(Struct, forbid_unknown_fields=True):
    """Why something is done, for the audit."""

    reason: str


class AssetValue(Struct):
    """An asset.  `state` is received, processing, ready, failed or withdrawn."""

    id: int
    title: str
    kind: str
    state: str
    department: int
    original_name: str
    progress_percent: int
    progress_step: str
    failure_code: str
    created_at: datetime
    version: int


class AssetList(Struct):
    """Some assets, the newest first; `next` is the `before` of the next page, or None."""

    assets: list[AssetValue]
    next: int | None


def asset_value(asset: Asset) -> AssetValue:
    """Return what scripts are told of `asset`."""
    names = AssetValue.__struct_fields__
    values = {name: getattr(asset, name) for name in names if name not in {"id", "department"}}
    return AssetValue(id=asset.pk, department=asset.department_id, **values)


def upload_begin(call: Call) -> UploadValue:
    """Announce a file."""
    department = _department(call, call.body.department)
    if call.body.bytes < 0:
        raise Invalid("A file has no fewer than 0 bytes.")
    upload = services.upload_begin(
        actor=call.actor,
        department=department,
        name=call.body.name,
        size=call.body.bytes,
        now=call.now,
    )
    return UploadValue(upload.pk, upload.received, upload.bytes)


def _department(call: Call, wanted: int | None) -> Department:
    pk = wanted if wanted is not None else call.actor.department_id
    require(call.actor, Act.UPLOAD, pk)
    found = None if pk is None else Department.objects.filter(pk=pk).first()
    if found is None:
        raise Invalid("Say which department the file belongs to: department.")
    return found


def upload_look(call: Call, upload: UUID) -> UploadValue:
    """Say how far an upload has come."""
    received = services.upload_offset(actor=call.actor, upload_id=upload)
    return _value(call, upload, received)


def upload_append(call: Call, upload: UUID) -> UploadValue:
    """Add bytes at the offset of the header Upload-Offset."""
    offset = call.header("Upload-Offset")
    if not (offset.isascii() and offset.isdigit()):
        raise Invalid("Say where the bytes begin: Upload-Offset: 0.")
    length = call.header("Content-Length")
    if length.isdigit() and int(length) > PIECE_BYTES_LIMIT:
        raise Invalid(f"Send at most {PIECE_BYTES_LIMIT} bytes at once.", status=413)
    received = services.upload_append(
        actor=call.actor, upload_id=upload, offset=int(offset), chunks=call.chunks(), now=call.now
    )
    return _value(call, upload, received)


def _value(call: Call, upload: UUID, received: int) -> UploadValue:
    from server.library.models import Upload

    size = Upload.objects.values_list("bytes", flat=True).get(pk=upload, staff=call.actor)
    return UploadValue(upload, received, size)


def upload_finish(call: Call, upload: UUID) -> AssetValue:
    """Make an asset of what has arrived; asked again, say the same."""
    asset = services.upload_finish(
        actor=call.actor,
        upload_id=upload,
        title=call.body.title,
        sha256=call.body.sha256,
        now=call.now,
    )
    return asset_value(asset)


def upload_cancel(call: Call, upload: UUID) -> None:
    """Give an upload up."""
    services.upload_cancel(actor=call.actor, upload_id=upload)


def asset_list(call: Call) -> AssetList:
    """List assets, the newest first."""
    assets = _visible(call)
    before = call.request.GET.get("before", "")
    if before.isascii() and before.isdigit():
        assets = assets.filter(pk__lt=int(before))
    page = list(assets.order_by("-pk")[: PAGE_SIZE + 1])
    more = len(page) > PAGE_SIZE
    values = [asset_value(each) for each in page[:PAGE_SIZE]]
    return AssetList(values, values[-1].id if more else None)


def asset_look(call: Call, asset: int) -> AssetValue:
    """Look at one asset."""
    return asset_value(_asset(call, asset))


def asset_withdraw(call: Call, asset: int) -> AssetValue:
    """Take an asset off every screen at once."""
    from server.publishing.urgent import take_down

    found = _asset(call, asset)
    require(call.actor, Act.TAKE_DOWN, found.department_id)
    take_down(asset=found, actor=call.actor, reason=call.body.reason, now=call.now)
    found.refresh_from_db()
    return asset_value(found)


def asset_delete(call: Call, asset: int) -> None:
    """Delete an asset that nothing uses."""
    found = _asset(call, asset)
    require(call.actor, Act.UPLOAD, found.department_id)
    services.asset_delete(asset=found, actor=call.actor, now=call.now)


def _visible(call: Call) -> QuerySet[Asset]:
    return Asset.objects.filter(in_reach(call.actor, Act.VIEW))


def _asset(call: Call, asset: int) -> Asset:
    found = _visible(call).filter(pk=asset).first()
    if found is None:
        raise NotFound("There is no such asset.")
    return found


_ONE: Any = "uploads/<uuid:upload>/"

OPERATIONS = (
    Operation("POST", "uploads/", "upload_begin", upload_begin, "Announce a file",
              NewUpload, UploadValue, 201),
    Operation("GET", _ONE, "upload_look", upload_look, "How far an upload has come",
              answer=UploadValue),
    Operation("PATCH", _ONE, "upload_append", upload_append, "Add bytes at Upload-Offset",
              answer=UploadValue, raw=True),
    Operation("DELETE", _ONE, "upload_cancel", upload_cancel, "Give an upload up"),
    Operation("POST", f"{_ONE}finish/", "upload_finish", upload_finish,
              "Make an asset of what has arrived", Finish, AssetValue),
    Operation("GET", "assets/", "asset_list", asset_list, "List assets, the newest first",
              answer=AssetList),
    Operation("GET", "assets/<int:asset>/", "asset_look", asset_look, "Look at an asset",
              answer=AssetValue),
    Operation("POST", "assets/<int:asset>/withdraw/", "asset_withdraw", asset_withdraw,
              "Take an asset off every screen at once", Reason, AssetValue),
    Operation("DELETE", "assets/<int:asset>/", "asset_delete", asset_delete,
              "Delete an asset that nothing uses"),
)  # fmt: skip
