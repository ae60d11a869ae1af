"""What every request of staff passes: headers that browsers obey, errors in our own words.

Synchronous, like the views, so that a request changes between threads once.
"""

import logging
from collections.abc import Callable
from typing import Any

from django.contrib.sessions.middleware import SessionMiddleware
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from server.accounts.session_store import SessionStore
from server.clock import SystemClock
from server.database_errors import translated
from server.responses import error_response

__all__ = ["CONTENT_SECURITY_POLICY", "Errors", "SecurityHeaders", "Sessions"]

log = logging.getLogger("server.web")

#: Only what this server itself sent: no inline script or style, no frame, no other site.
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; object-src 'none';"
    " frame-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)

Answer = Callable[[HttpRequest], HttpResponseBase]


class SecurityHeaders:
    """Adds the headers that Django has no setting for; a view may set a stricter one itself."""

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, with the headers."""
        response = self._get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"
        )
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class Errors:
    """Turns what services refuse, and what databases cannot, into answers; logs neither as a bug.

    Innermost, so that the transaction of a view is over when it speaks.
    """

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer."""
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Return the answer to a known error; None leaves it to the last resort."""
        return _known(request, error)


class Sessions(SessionMiddleware):
    """Sessions whose saving may fail as everything else may: with a sentence, not as a bug."""

    def process_response(self, request: HttpRequest, response: Any) -> Any:
        """Save the session, and that it was seen."""
        try:
            if isinstance(session := getattr(request, "session", None), SessionStore):
                session.mark_seen(SystemClock().now())
            return super().process_response(request, response)
        except (DatabaseError, InterfaceError, OSError) as error:
            if (known := _known(request, error)) is None:
                raise
            return known


def _known(request: HttpRequest, error: Exception) -> HttpResponse | None:
    known = translated(error)
    if known is None:
        return None
    if known.http_status >= 500:
        log.error("%s %s: %s (%s)", request.method, request.path, known.message, error)
    return error_response(request, known)
