"""An asset in full size, for who has to judge it: just the files that screens get.

Pictures and videos are the renditions that the server made; nothing that was uploaded ever reaches
a browser.
"""

from asyncio import to_thread
from collections.abc import AsyncIterator
from typing import Any

from django.core.handlers.asgi import ASGIRequest
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_GET
from msgspec import Struct

from server.library.blobs import store
from server.library.models import Asset, AssetKind, Blob, Purpose, Rendition
from server.ranges import part_of
from server.staff.library import picture_answer
from server.staff.requests import login_required
from server.staff.rows import found, visible

__all__ = ["Shown", "full_size", "shown_for"]

PICTURES = frozenset({"image/webp", "image/jpeg", "image/png"})
VIDEO = "video/mp4"


class Shown(Struct, frozen=True):
    """How to show an asset: a picture or video of this address, or a card's or stream's words."""

    asset: Asset
    address: str = ""
    is_video: bool = False
    width: int = 0
    height: int = 0
    words: tuple[tuple[str, str], ...] = ()


def shown_for(asset: int, page: int | None) -> Shown | None:
    """What to show of an asset (or a page of it); None if it is not there any more."""
    row = Asset.objects.filter(pk=asset).first()
    if row is None:
        return None
    if row.kind in {AssetKind.CARD, AssetKind.STREAM}:
        return Shown(row, words=tuple(_lines("", row.content)))
    made = _rendition(row, page or 0)
    if made is None:
        return Shown(row)
    address = reverse("staff:full_size", args=[row.pk, made.page])
    is_video = made.blob.mime.startswith("video/")
    return Shown(row, address, is_video, made.width or 0, made.height or 0)


def _rendition(asset: Asset, page: int) -> Rendition | None:
    made = asset.renditions.filter(purpose=Purpose.WALL, page=page)
    return made.select_related("blob").first()


def _lines(prefix: str, value: Any) -> list[tuple[str, str]]:
    """A card's data, line by line: where it stands and what it says."""
    if isinstance(value, dict):
        return [
            line
            for key, each in value.items()
            for line in _lines(f"{prefix}.{key}" if prefix else str(key), each)
        ]
    if isinstance(value, list):
        return [
            line for n, each in enumerate(value, start=1) for line in _lines(f"{prefix} {n}", each)
        ]
    return [(prefix, str(value))]


@login_required
@require_GET
def full_size(request: HttpRequest, pk: int, page: int) -> HttpResponseBase:
    """Send the file that screens get; of a video the part that the browser asks for."""
    made = _rendition(found(visible(request, Asset), pk), page)
    if made is None:
        raise Http404
    if made.blob.mime in PICTURES:
        return picture_answer(made.blob.sha256, made.blob.mime)
    if made.blob.mime == VIDEO:
        return _video(request, made.blob)
    raise Http404


def _video(request: HttpRequest, blob: Blob) -> HttpResponseBase:
    if store().size(blob.sha256) is None:
        raise Http404
    etag = f'"{blob.sha256}"'
    range_, if_range = request.headers.get("Range"), request.headers.get("If-Range")
    part = part_of(blob.bytes, etag, range_, if_range)
    if part.start < 0:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{blob.bytes}"})
    length = part.end - part.start
    body = _chunks if isinstance(request, ASGIRequest) else store().chunks
    answer = StreamingHttpResponse(
        body(blob.sha256, part.start, length),
        status=200 if part.whole else 206,
        content_type=blob.mime,
    )
    answer["Content-Length"] = str(length)
    answer["Accept-Ranges"], answer["ETag"] = "bytes", etag
    answer["Cache-Control"] = "private, max-age=86400"
    if not part.whole:
        answer["Content-Range"] = f"bytes {part.start}-{part.end - 1}/{blob.bytes}"
    return answer


async def _chunks(sha256: str, start: int, length: int) -> AsyncIterator[bytes]:
    """The blob's chunks, read one after the other beside the event loop."""
    chunks = store().chunks(sha256, start, length)
    while (chunk := await to_thread(next, chunks, None)) is not None:
        yield chunk
