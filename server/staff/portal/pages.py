"""What is published of a playlist, for a phone, a portal's frame, a reader of feeds.

No login, no cookie, no form: whoever has the address reads.  The pages hold nothing but what walls
were told, may stand in a frame of the hosts that the settings name, and tell no other host of their
address.
"""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from server.portal import feeds
from server.portal.models import PortalLink
from server.portal.shown import Published, published
from server.staff.portal.answers import Line, Opened, answer, file_answer, line_of
from server.staff.requests import now

__all__ = ["atom_feed", "file", "json_feed", "page", "slides"]


def _opened(key: str) -> PortalLink:
    row = PortalLink.objects.filter(key=key, revoked_at=None).select_related("playlist").first()
    if row is None:
        raise Http404
    return row


def _of(link: PortalLink) -> Opened:
    return Opened(link.title, link.language, link.is_public)


def _lines(link: PortalLink, at: datetime, base: str) -> tuple[Published | None, list[Line]]:
    found = published(link.playlist_id, at)
    if found is None:
        return None, []
    local = at.astimezone(ZoneInfo(found.timezone))

    def address_of(sha256: str) -> str:
        return base + reverse("staff:portal_file", args=[link.key, sha256])

    made = (line_of(each, local, address_of) for each in found.items)
    return found, [each for each in made if each is not None]


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

        return answer(request, _of(link), (template, lines), body, "text/html; charset=utf-8")


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
        return answer(request, _of(link), feed, lambda: write(feed), f"{mime}; charset=utf-8")


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
    return file_answer(request, published(_opened(key).playlist_id, now()), sha256)
