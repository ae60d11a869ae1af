"""An asset in full size, for who has to judge it: just the files that screens get.

Pictures and videos are the renditions that the server made, cards are drawn by the stage; nothing
that was uploaded ever reaches a browser.
"""

from asyncio import to_thread
from collections.abc import AsyncIterator, Callable

from django.core.handlers.asgi import ASGIRequest
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_GET
from msgspec import Struct

from server.errors import ApplicationError
from server.library.blobs import store
from server.library.ingest.sounds import SOUND_MIME
from server.library.models import Asset, Blob, Purpose, Rendition
from server.publishing import preview
from server.publishing.errors import LeftBehind
from server.ranges import part_of
from server.staff.library import picture_answer
from server.staff.requests import login_required, now
from server.staff.rows import found, visible

__all__ = [
    "PICTURES",
    "VIDEO",
    "Shown",
    "asset_preview",
    "full_size",
    "picture_of",
    "shown_for",
    "small_address",
    "video_answer",
]

PICTURES = frozenset({"image/webp", "image/jpeg", "image/png"})
VIDEO = "video/mp4"
#: What a browser plays, in parts.
MOVING = frozenset({VIDEO, SOUND_MIME})

#: What has no file of its own: the stage draws it.
_DRAWN = frozenset({"card", "stream"})

#: How wide small pictures are that the stage draws, in pixels.
SMALL_WIDTH = 480


class Shown(Struct, frozen=True):
    """How to show an asset: a picture or video of this address ("": it cannot be shown).

    Music is a video of which only the `poster` is seen.
    """

    address: str = ""
    is_video: bool = False
    poster: str = ""
    width: int = 1920
    height: int = 1080


def shown_for(asset: int, page: int | None) -> Shown:
    """What to show of an asset, or of a page of it."""
    row = Asset.objects.filter(pk=asset).first()
    if row is None:
        return Shown()
    if row.kind in _DRAWN and not row.is_music:
        return Shown(reverse("staff:asset_preview", args=[row.pk]))
    made = _rendition(row, page or 0)
    if made is None:
        return Shown()
    address = reverse("staff:full_size", args=[row.pk, made.page])
    poster = reverse("staff:asset_preview", args=[row.pk]) if row.is_music else ""
    return Shown(address, made.blob.mime in MOVING, poster, made.width or 0, made.height or 0)


def small_address(asset: int, kind: str, page: int | None) -> str:
    """The address of a small picture of an asset, or of a page of it."""
    if kind in _DRAWN:
        return reverse("staff:asset_preview", args=[asset]) + f"?width={SMALL_WIDTH}"
    return reverse("staff:thumbnail", args=[asset, page or 0])


def _rendition(asset: Asset, page: int) -> Rendition | None:
    made = asset.renditions.filter(purpose=Purpose.WALL, page=page)
    return made.select_related("blob").first()


def _poster(asset: Asset) -> HttpResponse:
    """The picture that stands for music."""
    made = asset.renditions.filter(purpose=Purpose.POSTER).select_related("blob").first()
    if made is None:
        raise Http404
    return picture_answer(made.blob.sha256, made.blob.mime)


@login_required
@require_GET
def asset_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """A card (or a stream's stand-in) as the stage draws it today; of music its picture."""
    row = found(visible(request, Asset).filter(kind__in=_DRAWN), pk)
    if row.is_music:
        return _poster(row)
    width = SMALL_WIDTH if request.GET.get("width") == str(SMALL_WIDTH) else None
    return picture_of(lambda: preview.asset_preview(asset=row, now=now(), width=width))


def picture_of(drawn: Callable[[], preview.Preview]) -> HttpResponse:
    """Return what the stage draws, or the sentence that says why it cannot.

    Nothing for whoever has gone on: to be late is no error.
    """
    try:
        seen = drawn()
    except LeftBehind:
        return HttpResponse(status=204)
    except ApplicationError as error:
        headers = {} if error.retry_after_s is None else {"Retry-After": str(error.retry_after_s)}
        return HttpResponse(error.message.local(), status=error.http_status, headers=headers)
    answer = HttpResponse(seen.path.read_bytes(), content_type="image/png")
    answer["Cache-Control"] = "private, max-age=60"
    return answer


@login_required
@require_GET
def full_size(request: HttpRequest, pk: int, page: int) -> HttpResponseBase:
    """Send the file that screens get; of a video the part that the browser asks for."""
    made = _rendition(found(visible(request, Asset), pk), page)
    if made is None:
        raise Http404
    if made.blob.mime in PICTURES:
        return picture_answer(made.blob.sha256, made.blob.mime)
    if made.blob.mime in MOVING:
        return video_answer(request, made.blob)
    raise Http404


def video_answer(request: HttpRequest, blob: Blob) -> HttpResponseBase:
    """Send a video, or the part of it that the browser asks for."""
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
