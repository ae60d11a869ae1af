"""Uploads, for scripts: announce, append, finish; what is not finished."""

from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct

from server.accounts.models import Department
from server.accounts.policy import Act, require
from server.api.assets import AssetValue, asset_value
from server.api.interface import Call, Operation
from server.api.reading import Key
from server.errors import Invalid
from server.library import services
from server.library.models import Upload

__all__ = ["OPERATIONS"]

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
    """A file that will come: its name, its size in bytes, whose it will be (None: the sender's).

    With the `fingerprint` of an unfinished upload of one's own that one goes on: any text by which
    the sender knows the file again.
    """

    name: Annotated[str, Meta(max_length=1000)]
    bytes: Annotated[int, Meta(ge=0, le=1 << 53)]
    department: Key | None = None
    tags: Annotated[list[Annotated[str, Meta(max_length=40)]], Meta(max_length=20)] = []
    fingerprint: Annotated[str, Meta(max_length=64)] = ""


class UploadValue(Struct):
    """How far an upload has come, in bytes."""

    id: UUID
    received: int
    bytes: int


class UploadList(Struct):
    """What one has begun to send and not finished, the oldest first."""

    uploads: list[UploadValue]


class Finish(Struct, forbid_unknown_fields=True):
    """What is known of the whole file: a title, and its SHA-256 (hexadecimal) to be compared."""

    title: Annotated[str, Meta(max_length=200)] = ""
    sha256: Annotated[str, Meta(pattern="^([0-9a-f]{64})?$")] = ""


def upload_begin(call: Call) -> UploadValue:
    """Announce a file."""
    department = _department(call, call.body.department)
    upload = services.upload_begin(
        actor=call.actor,
        department=department,
        name=call.body.name,
        size=call.body.bytes,
        tags=call.body.tags,
        fingerprint=call.body.fingerprint,
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


def upload_list(call: Call) -> UploadList:
    """List what one has not finished."""
    rows = services.uploads_unfinished(actor=call.actor)
    return UploadList([UploadValue(each.pk, each.received, each.bytes) for each in rows])


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


_ONE: Any = "uploads/<uuid:upload>/"

OPERATIONS = (
    Operation("POST", "uploads/", "upload_begin", upload_begin, "Announce a file",
              NewUpload, UploadValue, 201, act=Act.UPLOAD),
    Operation("GET", "uploads/", "unfinished_uploads", upload_list, "List one's unfinished uploads",
              answer=UploadList, act=None),
    Operation("GET", _ONE, "upload_look", upload_look, "How far an upload has come",
              answer=UploadValue, act=None),
    Operation("PATCH", _ONE, "upload_append", upload_append, "Add bytes at Upload-Offset",
              answer=UploadValue, raw=True, act=None, parameters=(_OFFSET,)),
    Operation("DELETE", _ONE, "upload_cancel", upload_cancel, "Give an upload up", act=None),
    Operation("POST", f"{_ONE}finish/", "upload_finish", upload_finish,
              "Make an asset of what has arrived", Finish, AssetValue, act=None),
)  # fmt: skip
