"""Errors as answers: one JSON shape for programs, one plain page for people, never a traceback.

Django's error handlers (`server.urls` names them) and `server.middleware` use it.
"""

import logging
import sys
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import translation

from server.database_errors import translated
from server.errors import ApplicationError

__all__ = [
    "bad_request",
    "csrf_failure",
    "error_response",
    "forbidden",
    "language_of",
    "not_found",
    "server_error",
]

log = logging.getLogger("server.web")


def error_response(request: HttpRequest, error: ApplicationError) -> HttpResponse:
    """Return `error` as JSON where a program asked, else as a page."""
    if _wants_json(request):
        with translation.override(language_of(request)):
            answer = error.as_local_json()
        response: HttpResponse = JsonResponse(answer, status=error.http_status)
    else:
        said = {"message": error.message.local(), "code": error.reason_code}
        page = render_to_string("error.html", said | {"language": language_of(request)})
        response = HttpResponse(page, status=error.http_status)
    if error.retry_after_s is not None:
        response["Retry-After"] = str(error.retry_after_s)
    if error.http_status == 401:
        response["WWW-Authenticate"] = "Bearer"
    response["Cache-Control"] = "no-store"
    return response


def language_of(request: HttpRequest) -> str:
    """Return the language to answer in: people's own choice; English to scripts, unless they ask.

    `server.settings` knows the languages; for people the middleware has chosen one.
    """
    if not request.path.startswith("/api/"):
        return translation.get_language() or settings.LANGUAGE_CODE
    wanted = request.headers.get("Accept-Language", "").strip().lower()
    return "zh-hans" if wanted.startswith("zh") else "en"


def _wants_json(request: HttpRequest) -> bool:
    return request.path.startswith("/api/") or "application/json" in request.headers.get(
        "Accept", ""
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    del exception
    message = "This request cannot be understood; go back and try again."
    return error_response(request, ApplicationError(message, code="BAD_REQUEST"))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    del exception
    message = "You may not do this; ask an administrator for the right to."
    return error_response(request, ApplicationError(message, code="FORBIDDEN", status=403))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    del exception
    message = "There is nothing here; check the address, or start from the first page."
    return error_response(request, ApplicationError(message, code="NOT_FOUND", status=404))


def server_error(request: HttpRequest, *_unused: Any) -> HttpResponse:
    """The last resort: 500, or what the database said where that is known."""
    error = sys.exc_info()[1]
    known = translated(error) if error is not None else None
    log.error("%s %s: %s", request.method, request.path, known or "failed", exc_info=error)
    message = "Something went wrong here; it is in the server's log. Try again."
    return error_response(
        request, known or ApplicationError(message, code="SERVER_ERROR", status=500)
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that did not come from our own page, or from before the login."""
    log.info("a form without its seal was refused: %s", reason)
    message = "This form is too old, or did not come from this site; load the page again."
    return error_response(request, ApplicationError(message, code="CSRF", status=403))
