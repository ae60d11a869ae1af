"""Short words at the edge of the page: what was done, with a button that undoes it.

Views say them with `say`, whether the answer is a page, a redirect, a part of a page (htmx) or
JSON: the middleware hands those of parts and JSON to the page in a header; a page shows its own.
"""

import json
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

__all__ = ["Toasts", "say"]

#: The header that htmx, and `request.js` after it, read as events.
HEADER = "HX-Trigger"


def say(request: HttpRequest, text: str, *, tone: str = "success", undo: str = "") -> None:
    """Say `text`; `undo` is the address to which a POST takes it back.

    `tone` is success, info, warning or error.  Errors stay until they are closed.
    """
    levels = {name: level for level, name in constants.DEFAULT_TAGS.items()}
    messages.add_message(request, levels[tone], text, extra_tags=undo)


class Toasts:
    """Hands what was said to scripts that asked for less than a page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, with the words in a header where no page will show them."""
        response = self._get_response(request)
        if _is_of_a_script(request) and not _leads_elsewhere(response):
            said = [_as_object(each) for each in _taken(request)]
            if said:
                events = _events(response.headers.get(HEADER, ""))
                response.headers[HEADER] = json.dumps(events | {"toasts": {"said": said}})
        return response


def _taken(request: HttpRequest) -> list[Message]:
    """Take what was said in this very request; what waits for the next page is left to it."""
    storage: Any = messages.get_messages(request)
    said: list[Message] = storage._queued_messages  # noqa: SLF001  (Django names no other way)
    storage._queued_messages = []  # noqa: SLF001
    return said


def _is_of_a_script(request: HttpRequest) -> bool:
    asked = request.headers
    is_part = "HX-Request" in asked and "HX-Boosted" not in asked
    return is_part or asked.get("Accept", "").startswith("application/json")


def _leads_elsewhere(response: HttpResponse) -> bool:
    """Does another page follow, which will show them?"""
    names = ("HX-Redirect", "HX-Location", "HX-Refresh")
    return 300 <= response.status_code < 400 or any(name in response.headers for name in names)


def _events(header: str) -> dict[str, object]:
    """The events that the view itself has put there: JSON, or names with commas."""
    if header.startswith("{"):
        return dict(json.loads(header))
    return {name.strip(): None for name in header.split(",") if name.strip()}


def _as_object(message: Message) -> dict[str, str]:
    undo = {"undo": message.extra_tags, "undo_label": _("Undo")} if message.extra_tags else {}
    return {"text": str(message), "tone": message.level_tag or "info", **undo}
