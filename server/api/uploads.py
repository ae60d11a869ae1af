"""Uploads and assets, for scripts: announce, append, finish; look, withdraw, delete."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct

from server.accounts.models import Department
from server.accounts.policy import Act, require
from server.api.interface import Call, Operation
from server.api.reading import Key, Reason
from server.api.resource import Resource
from server.errors import Invalid
from server.library import services
from server.library.ingest.failures import FAILURES
from server.library.ingest.remarks import REMARKS
from server.library.models import Asset, Upload
from server.publishing.services import take_down

__all__ = ["OPERATIONS", "AssetValue", "asset_value"]

#: The bytes of one appended piece, at most.
PIECE_BYTES_LIMIT = 64 << 20

#: Where the bytes begin.
_OFFSET = {
    "name": "Upload-Offset",
    "in": "header",
    "required": True,
    "schema": {"type": "integer", "minimum": 0, "maximum": 1 << 53},
}


class NewUpload(Struct, forbid_unknown_fields=True):
    """A file that will come: its name, its size in bytes, whose it will be (None: the sender's)."""

    name: Annotated[str, Meta(max_length=1000)]
    bytes: Annotated[int, Meta(ge=0, le=1 << 53)]
    department: Key | None = None


class UploadValue(Struct):
    """How far an upload has come, in bytes."""

    id: UUID
    received: int
    bytes: int


class Finish(Struct, forbid_unknown_fields=True):
    """What is known of the whole file: a title, and its SHA-256 (hexadecimal) to be compared."""

    title: Annotated[str, Meta(max_length=200)] = ""
    sha256: Annotated[str, Meta(pattern="^([0-9a-f]{64})?$")] = ""


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


class AssetList(Struct):
    """Some assets, the newest first; `next` is the `before` of the next page, or None."""

    assets: list[AssetValue]
    next: int | None


def asset_value(asset: Asset) -> AssetValue:
    """Return what scripts are told of `asset`."""
    own = {"id", "department", "failure", "remarks"}
    names = [name for name in AssetValue.__struct_fields__ if name not in own]
    return AssetValue(
        id=asset.pk,
        department=asset.department_id,
        failure=_failure(asset),
        remarks=[_remark(code) for code in asset.remarks],
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


def upload_begin(call: Call) -> UploadValue:
    """Announce a file."""
    department = _department(call, call.body.department)
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
    owner = None if pk is None else Department.objects.filter(pk=pk).first()
    if owner is None:
        raise Invalid("Say which department the file belongs to: department.")
    return owner


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
        raise Invalid(
            "Send at most %(most)d bytes at once.", values={"most": PIECE_BYTES_LIMIT}, status=413
        )
    received = services.upload_append(
        actor=call.actor, upload_id=upload, offset=int(offset), chunks=call.chunks(), now=call.now
    )
    return _value(call, upload, received)


def _value(call: Call, upload: UUID, received: int) -> UploadValue:
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


def _delete(call: Call, asset: Asset) -> None:
    require(call.actor, Act.UPLOAD, asset.department_id)
    services.asset_delete(asset=asset, actor=call.actor, now=call.now)


_ONE: Any = "uploads/<uuid:upload>/"

OPERATIONS = (
    Operation("POST", "uploads/", "upload_begin", upload_begin, "Announce a file",
              NewUpload, UploadValue, 201, act=Act.UPLOAD),
    Operation("GET", _ONE, "upload_look", upload_look, "How far an upload has come",
              answer=UploadValue, act=None),
    Operation("PATCH", _ONE, "upload_append", upload_append, "Add bytes at Upload-Offset",
              answer=UploadValue, raw=True, act=None, parameters=(_OFFSET,)),
    Operation("DELETE", _ONE, "upload_cancel", upload_cancel, "Give an upload up", act=None),
    Operation("POST", f"{_ONE}finish/", "upload_finish", upload_finish,
              "Make an asset of what has arrived", Finish, AssetValue, act=None),
    ASSETS.list("List assets, the newest first"),
    ASSETS.look("Look at an asset"),
    Operation("POST", "assets/<int:asset>/withdraw/", "asset_withdraw", asset_withdraw,
              "Take an asset off every screen at once", Reason, AssetValue, act=Act.TAKE_DOWN),
    Operation("POST", "assets/<int:asset>/restore/", "asset_restore", asset_restore,
              "Bring back a withdrawn asset; publish to show it again", answer=AssetValue,
              act=Act.TAKE_DOWN),
    Operation("POST", "assets/<int:asset>/retry/", "asset_retry", asset_retry,
              "Prepare an asset anew", answer=AssetValue, act=Act.UPLOAD),
    ASSETS.delete(_delete, "Delete an asset that nothing uses"),
)  # fmt: skip
