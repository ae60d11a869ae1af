"""The pieces that the page's script sends: begin, append, look, finish.  As in the API, by session.

Answers are JSON in the shape of the interface for scripts; the forms' seal (CSRF) is asked for.
"""

from typing import Annotated
from uuid import UUID

import msgspec
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST
from msgspec import Meta, Struct

from server.accounts.policy import Act, require, require_somewhere
from server.errors import Invalid
from server.library import services
from server.library.models import Asset
from server.staff.requests import login_required, now, staff_of
from server.staff.rows import departments_for, found, visible

__all__ = ["begin", "finish", "forget", "one"]

READ_BYTES = 1 << 20

#: The bytes of one appended piece, at most; the script sends 4 MiB.
PIECE_BYTES_LIMIT = 64 << 20


class NewUpload(Struct):
    """A file that will come, as the script announces it."""

    name: Annotated[str, Meta(max_length=1000)]
    bytes: Annotated[int, Meta(ge=0, le=1 << 53)]
    department: int | None = None
    fingerprint: Annotated[str, Meta(max_length=64)] = ""
    tags: Annotated[list[str], Meta(max_length=50)] = []
    replaces: int | None = None


class Finish(Struct):
    """What the sender says of a file that is here already: make another asset of it?"""

    keep: bool = False


@login_required
@require_POST
def begin(request: HttpRequest) -> JsonResponse:
    """Announce a file; one that is known by its fingerprint goes on where it stands."""
    try:
        told = msgspec.json.decode(request.body, type=NewUpload)
    except msgspec.MsgspecError as error:
        raise Invalid("This announces no file: %(why)s.", values={"why": error}) from error
    staff = staff_of(request)
    replaced = None if told.replaces is None else found(visible(request, Asset), told.replaces)
    wanted = told.department or staff.department_id or 0
    require_somewhere(staff, Act.UPLOAD)
    if replaced is not None:
        wanted = replaced.department_id
    owner = departments_for(request, Act.UPLOAD).filter(pk=wanted).first()
    require(staff, Act.UPLOAD, owner)
    if owner is None:
        raise Invalid("Say which department the file belongs to.")
    upload = services.upload_begin(
        actor=staff,
        department=owner,
        name=told.name,
        size=told.bytes,
        now=now(),
        fingerprint=told.fingerprint,
        tags=told.tags,
        replaces=replaced,
    )
    return JsonResponse({"id": str(upload.pk), "received": upload.received}, status=201)


@login_required
@require_http_methods(["GET", "PATCH", "DELETE"])
def one(request: HttpRequest, pk: UUID) -> JsonResponse:
    """Say how far an upload has come, add to it, or give it up."""
    staff = staff_of(request)
    if request.method == "DELETE":
        services.upload_cancel(actor=staff, upload_id=pk)
        return JsonResponse({"received": 0})
    if request.method == "GET":
        return JsonResponse({"received": services.upload_offset(actor=staff, upload_id=pk)})
    offset = request.headers.get("Upload-Offset", "")
    length = request.headers.get("Content-Length", "")
    if not (offset.isascii() and offset.isdigit() and length.isdigit()):
        raise Invalid("Say where the bytes begin, and how many they are.")
    if int(length) > PIECE_BYTES_LIMIT:
        raise Invalid(
            "Send at most %(most)d bytes at once.", values={"most": PIECE_BYTES_LIMIT}, status=413
        )
    pieces = iter(lambda: request.read(READ_BYTES), b"")
    received = services.upload_append(
        actor=staff, upload_id=pk, offset=int(offset), chunks=pieces, now=now()
    )
    return JsonResponse({"received": received})


@login_required
@require_POST
def finish(request: HttpRequest, pk: UUID) -> JsonResponse:
    """Make an asset of what has arrived, and say where its page is.

    If the same file is here already, nothing is made before the sender has said what they want.
    """
    staff = staff_of(request)
    try:
        said = request.body if request.content_type == "application/json" else b"{}"
        told = msgspec.json.decode(said, type=Finish)
    except msgspec.MsgspecError as error:
        raise Invalid("This announces no file: %(why)s.", values={"why": error}) from error
    twins = [] if told.keep else services.upload_twins(actor=staff, upload_id=pk)
    if twins:
        return JsonResponse({"already": [_twin(each) for each in twins[:3]]})
    asset = services.upload_finish(actor=staff, upload_id=pk, now=now())
    return JsonResponse({"asset": asset.pk, "asset_url": reverse("staff:asset", args=[asset.pk])})


def _twin(asset: Asset) -> dict[str, str]:
    return {"title": asset.title, "url": reverse("staff:asset", args=[asset.pk])}


@login_required
@require_POST
def forget(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give an unfinished upload up, from the list of them."""
    services.upload_cancel(actor=staff_of(request), upload_id=pk)
    return redirect("staff:library")
