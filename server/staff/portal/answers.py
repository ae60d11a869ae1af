"""What open pages share: an item as its template shows it, the answer to a reader without login.

For the modules of this package.  No cookie, no form, no other site; a browser that has the page
already is told so.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from manifest.model import CardAsset, ImageAsset, VideoAsset
from server.library.models import Blob
from server.portal.reading import CardText, card_text
from server.portal.shown import Published, Shown
from server.ranges import same_tag
from server.staff.full_size import PICTURES, VIDEO, video_answer
from server.staff.library import picture_answer

__all__ = ["Line", "Opened", "answer", "file_answer", "headers", "line_of"]

#: How long a public page may be kept without asking again, in seconds.
MAX_AGE_S = 60

#: Raised with every change of the templates below: pages that browsers keep are then others.
LOOK = 2


class Opened(msgspec.Struct, frozen=True):
    """What is read, for its head; `is_public`: the address can be guessed."""

    title: str
    language: str
    is_public: bool = False


class Line(msgspec.Struct, frozen=True):
    """An item as the templates show it: a picture, a video, or the words of a card."""

    id: str
    title: str
    seconds: float
    since: datetime
    picture: str = ""
    video: str = ""
    mime: str = ""
    size: int = 0
    width: int = 0
    height: int = 0
    card: CardText | None = None


def line_of(shown: Shown, local: datetime, address_of: Callable[[str], str]) -> Line | None:
    """An item as pages show it at `local`; `address_of` says where a file (SHA-256) is had."""
    asset, more = shown.asset, (shown.id, shown.asset.title, shown.duration_ms / 1000, shown.since)
    if isinstance(asset, CardAsset):
        said = card_text(asset, local)
        return Line(*more, card=said) if said else None
    if not isinstance(asset, ImageAsset | VideoAsset):
        return None
    address = address_of(asset.sha256)
    is_picture = isinstance(asset, ImageAsset)
    return Line(
        *more, picture=address if is_picture else "", video="" if is_picture else address,
        mime=asset.mime, size=asset.bytes, width=asset.width, height=asset.height,
    )  # fmt: skip


def answer(
    request: HttpRequest, opened: Opened, about: Any, body: Callable[[], bytes], mime: str
) -> HttpResponse:
    """The document, or 304 if the reader has just this one."""
    facts = (LOOK, opened.title, opened.language, about, mime)
    digest = hashlib.sha256(msgspec.json.encode(facts)).hexdigest()
    etag = f'"{digest[:32]}"'
    if same_tag(request.headers.get("If-None-Match"), etag):
        made = HttpResponse(status=304)
    else:
        made = HttpResponse(body(), content_type=mime)
    for name, value in (headers(opened) | {"ETag": etag}).items():
        made[name] = value
    return made


def headers(opened: Opened) -> dict[str, str]:
    """How long a browser keeps the page, and what the page may do."""
    return {
        "Content-Language": opened.language,
        "Cache-Control": f"public, max-age={MAX_AGE_S}"
        if opened.is_public
        else "private, no-cache",
        "Content-Security-Policy": _policy(),
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex",
    }


def _policy() -> str:
    """Files of ours, no form, no other site; in frames of whom the settings name."""
    frames = " ".join(["'self'", *settings.CONFIGURATION.portal.frame_ancestors])
    return (
        "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'self';"
        " script-src 'self'; base-uri 'none'; form-action 'none';"
        f" frame-ancestors {frames}"
    )


def file_answer(request: HttpRequest, found: Published | None, sha256: str) -> HttpResponseBase:
    """A picture or video of an item that is shown and due now; 404 for every other file."""
    named = {
        each.asset.sha256
        for each in (found.items if found else ())
        if isinstance(each.asset, ImageAsset | VideoAsset)
    }
    blob = Blob.objects.filter(sha256=sha256).first() if sha256 in named else None
    if blob is not None and blob.mime in PICTURES:
        return picture_answer(blob.sha256, blob.mime)
    if blob is not None and blob.mime == VIDEO:
        return video_answer(request, blob)
    raise Http404
