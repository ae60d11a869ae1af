"""What is published of a playlist, for a phone, a portal's frame, a reader of feeds.

No login, no cookie, no form: whoever has the address reads.  The pages hold nothing but what walls
were told, may stand in a frame of the hosts that the settings name, and tell no other host of their
address.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from manifest.model import CardAsset, ImageAsset, VideoAsset
from server.library.models import Blob
from server.portal import feeds
from server.portal.models import PortalLink
from server.portal.reading import CardText, card_text
from server.portal.shown import Published, Shown, published
from server.ranges import same_tag
from server.staff.full_size import PICTURES, VIDEO, video_answer
from server.staff.library import picture_answer
from server.staff.requests import now

__all__ = ["atom_feed", "file", "json_feed", "page", "slides"]

#: How long a public page may be kept without asking again, in seconds.
MAX_AGE_S = 60

#: Raised with every change of the templates below: pages that browsers keep are then others.
LOOK = 1


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


def _opened(key: str) -> PortalLink:
    row = PortalLink.objects.filter(key=key, revoked_at=None).select_related("playlist").first()
    if row is None:
        raise Http404
    return row


def _lines(link: PortalLink, at: datetime, base: str) -> tuple[Published | None, list[Line]]:
    found = published(link.playlist_id, at)
    if found is None:
        return None, []
    local = at.astimezone(ZoneInfo(found.timezone))
    made = (_line(link, each, local, base) for each in found.items)
    return found, [each for each in made if each is not None]


def _line(link: PortalLink, shown: Shown, local: datetime, base: str) -> Line | None:
    asset, more = shown.asset, (shown.id, shown.asset.title, shown.duration_ms / 1000, shown.since)
    if isinstance(asset, CardAsset):
        said = card_text(asset, local)
        return Line(*more, card=said) if said else None
    if not isinstance(asset, ImageAsset | VideoAsset):
        return None
    address = base + reverse("staff:portal_file", args=[link.key, asset.sha256])
    is_picture = isinstance(asset, ImageAsset)
    return Line(
        *more, picture=address if is_picture else "", video="" if is_picture else address,
        mime=asset.mime, size=asset.bytes, width=asset.width, height=asset.height,
    )  # fmt: skip


@xframe_options_exempt
@require_safe
def page(request: HttpRequest, key: str) -> HttpResponseBase:
    """The items one below the other, to be read."""
    return _page(request, key, "staff/portal/page.html")


@xframe_options_exempt
@require_safe
def slides(request: HttpRequest, key: str) -> HttpResponseBase:
    """The items one beside the other, for a frame: swiped, or (with script) gently turned."""
    return _page(request, key, "staff/portal/slides.html")


def _page(request: HttpRequest, key: str, template: str) -> HttpResponseBase:
    link = _opened(key)
    found, lines = _lines(link, now(), "")
    with translation.override(link.language):
        context = {"link": link, "lines": lines, "published": found}

        def body() -> bytes:
            return render_to_string(template, context).encode()

        return _answer(request, link, (template, lines), body, "text/html; charset=utf-8")


def _answer(
    request: HttpRequest, link: PortalLink, about: Any, body: Callable[[], bytes], mime: str
) -> HttpResponse:
    """The document, or 304 if the reader has just this one."""
    facts = (LOOK, link.title, link.language, about, mime)
    digest = hashlib.sha256(msgspec.json.encode(facts)).hexdigest()
    etag = f'"{digest[:32]}"'
    if same_tag(request.headers.get("If-None-Match"), etag):
        answer = HttpResponse(status=304)
    else:
        answer = HttpResponse(body(), content_type=mime)
        answer["Content-Language"] = link.language
    answer["ETag"] = etag
    answer["Cache-Control"] = (
        f"public, max-age={MAX_AGE_S}" if link.is_public else "private, no-cache"
    )
    answer["Content-Security-Policy"] = _policy()
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _policy() -> str:
    """Files of ours, no form, no other site; in frames of whom the settings name."""
    frames = " ".join(["'self'", *settings.CONFIGURATION.portal.frame_ancestors])
    return (
        "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'self';"
        " script-src 'self'; base-uri 'none'; form-action 'none';"
        f" frame-ancestors {frames}"
    )


@require_safe
def atom_feed(request: HttpRequest, key: str) -> HttpResponseBase:
    """Atom, for readers of feeds and other systems."""
    return _feed(request, key, "staff:portal_atom", feeds.atom, "application/atom+xml")


@require_safe
def json_feed(request: HttpRequest, key: str) -> HttpResponseBase:
    """JSON Feed 1.1."""
    return _feed(request, key, "staff:portal_json", feeds.json_feed, "application/feed+json")


def _feed(
    request: HttpRequest, key: str, name: str, write: Callable[[feeds.Feed], bytes], mime: str
) -> HttpResponseBase:
    link = _opened(key)
    base = f"{request.scheme}://{request.get_host()}"
    found, lines = _lines(link, now(), base)
    with translation.override(link.language):
        feed = feeds.Feed(
            id=f"urn:yingbi:{settings.ORGANISATION or 'site'}:playlist:{link.playlist_id}",
            title=link.title,
            language="zh-CN" if link.language.startswith("zh") else "en",
            page=base + reverse("staff:portal", args=[link.key]),
            address=base + reverse(name, args=[link.key]),
            at=found.issued_at if found else link.made_at,
            entries=[_entry(each, link) for each in lines],
        )
        return _answer(request, link, feed, lambda: write(feed), f"{mime}; charset=utf-8")


def _entry(line: Line, link: PortalLink) -> feeds.Entry:
    html = render_to_string("staff/portal/item.html", {"line": line, "is_feed": True}).strip()
    file = line.picture or line.video
    return feeds.Entry(
        id=f"urn:yingbi:{settings.ORGANISATION or 'site'}:playlist:{link.playlist_id}:{line.id}",
        title=line.card.title if line.card else line.title, at=line.since, html=html,
        image=line.picture, file=(file, line.mime, line.size) if file else None,
    )  # fmt: skip


@require_safe
def file(request: HttpRequest, key: str, sha256: str) -> HttpResponseBase:
    """A picture or video of an item that is published here and due now; no other file."""
    found, _lines_here = _lines(_opened(key), now(), "")
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
