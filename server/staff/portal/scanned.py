"""Where codes on walls lead (docs/portal.md): what a screen shows at this hour, on the telephone.

No login: whoever stood before the screen in the code's period reads, and nobody for longer.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils import translation
from django.views.decorators.http import require_safe
from msgspec import Struct

from cards.qr import QR
from cards.signed_codes import is_due, is_genuine
from server.library.models import Asset, AssetKind, AssetState
from server.portal.shown import on_screen
from server.publishing.codes import key_of
from server.screens.models import Screen
from server.staff.portal.answers import Line, Opened, answer, file_answer, headers, line_of
from server.staff.requests import now

__all__ = ["scanned", "scanned_file"]

#: A code whose period is over: it was right, and is gone (RFC 9110, section 15.5.11).
GONE = 410


class Scan(Struct, frozen=True):
    """What an address says: of which card, on which screen, made in which period."""

    card: int
    site: str
    screen: str
    period: str
    code: str

    def screen_of(self) -> tuple[Screen, str]:
        """The screen, and the language of the card; 404 for a code that never was one."""
        cards = Asset.objects.filter(pk=self.card, kind=AssetKind.CARD, deleted_at=None)
        screens = Screen.objects.filter(site__slug=self.site, retired_at=None)
        card, screen = cards.first(), screens.filter(slug=self.screen).first()
        name = f"{self.site}/{self.screen}"
        if (
            card is None
            or screen is None
            or card.content.get("template") != QR.name
            or card.state == AssetState.WITHDRAWN
            or not is_genuine(self.code, key_of(self.card), name, self.period)
        ):
            raise Http404
        return screen, "en" if card.content["data"].get("language") == "en" else "zh-hans"

    def is_due(self, screen: Screen, at: datetime) -> bool:
        """Has its period begun and not ended, on the screen's clock?"""
        return is_due(self.period, at.astimezone(ZoneInfo(screen.timezone)))


@require_safe
def scanned(request: HttpRequest, card: int, **said: str) -> HttpResponseBase:
    """What the screen shows now; a page that says so if the code's time is over."""
    scan, at = Scan(card, **said), now()
    screen, language = scan.screen_of()
    opened = Opened(screen.name, language)
    with translation.override(language):
        if not scan.is_due(screen, at):
            page = render_to_string("staff/portal/scanned_over.html", {"opened": opened})
            return HttpResponse(page, status=GONE, headers=headers(opened))
        lines = _lines(screen, at, request.path)
        context = {"opened": opened, "lines": lines}

        def body() -> bytes:
            return render_to_string("staff/portal/scanned.html", context).encode()

        return answer(request, opened, ("scanned", lines), body, "text/html; charset=utf-8")


def _lines(screen: Screen, at: datetime, base: str) -> list[Line]:
    found, local = on_screen(screen.pk, at), at.astimezone(ZoneInfo(screen.timezone))
    items = found.items if found else ()
    made = (line_of(each, local, lambda sha256: f"{base}/files/{sha256}") for each in items)
    return [line for line in made if line is not None]


@require_safe
def scanned_file(request: HttpRequest, card: int, sha256: str, **said: str) -> HttpResponseBase:
    """A picture or video that the page names; no other file, and none when its time is over."""
    scan = Scan(card, **said)
    screen, _language = scan.screen_of()
    if not scan.is_due(screen, now()):
        raise Http404
    return file_answer(request, on_screen(screen.pk, now()), sha256)
