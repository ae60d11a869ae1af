"""What pages of previews are asked: of which programme, at which instant, under which names."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from manifest.model import Manifest
from server.publishing.compile import EMPTY_LAYOUT
from server.publishing.facts import Facts
from server.publishing.naming import names_in
from server.publishing.preview import Of
from server.screens.models import Screen
from server.staff.requests import now

__all__ = ["asked", "line_of", "names_of", "of_which"]

#: A line of wishes, as a page names its own (`publishing.turns`).
_LINE = re.compile(r"[a-z0-9-]{1,40}")


def names_of(manifest: Manifest) -> dict[str, str]:
    """People's words for the ids of a manifest."""
    return names_in(Facts(), [manifest]) | {EMPTY_LAYOUT: _("The slate")}


def of_which(request: HttpRequest) -> Of:
    """What was published, or the programme as it is now."""
    return "programme" if request.GET.get("of") == "programme" else "published"


def line_of(request: HttpRequest) -> str | None:
    """The line of wishes that a page says its own is of; of other logins there are others."""
    said = request.headers.get("X-Line", "")
    return f"{request.session.session_key}/{said}" if _LINE.fullmatch(said) else None


def asked(request: HttpRequest, screen: Screen) -> tuple[datetime, str]:
    """The instant that is asked for, a wall time of the screen; and what is wrong with it."""
    text, clock = request.GET.get("at", ""), ZoneInfo(screen.timezone)
    today = now().astimezone(clock).replace(microsecond=0)
    if not text:
        return today, ""
    try:
        at = parse_datetime(text)
    except ValueError:
        at = None
    if at is None or not 2000 <= at.year <= 2200:
        return today, _("This is no date and time.")
    return (at.replace(tzinfo=clock) if at.tzinfo is None else at.astimezone(clock)), ""
