"""Drafts of forms: kept as somebody types, brought back when they return, gone once it is saved.

`autosave.js` calls these; a form that was taken drops its draft by its hidden field `_draft`.
"""

from collections.abc import Callable

import msgspec
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_http_methods

from server.accounts.models import Staff
from server.desk.services import draft_drop, draft_keep, draft_of
from server.errors import ApplicationError
from server.staff.requests import login_required, now, staff_of

__all__ = ["Drafts", "drafts"]


class Typed(msgspec.Struct, frozen=True):
    """What a form holds, as a script sends it."""

    key: str
    fields: list[tuple[str, str]]
    version: int | None = None


@login_required
@require_http_methods(["GET", "POST", "DELETE"])
def drafts(request: HttpRequest) -> HttpResponse:
    """GET ?key=: the draft ({}: none).  POST: keep it.  DELETE ?key=: forget it."""
    staff = staff_of(request)
    if request.method == "POST":
        return _keep(request, staff)
    key = request.GET.get("key", "")
    if request.method == "DELETE":
        draft_drop(staff=staff, key=key)
        return HttpResponse(status=204)
    found = draft_of(staff, key)
    if found is None:
        return JsonResponse({})
    answer = {"fields": found.fields, "version": found.version, "at": found.saved_at.isoformat()}
    return JsonResponse(answer)


def _keep(request: HttpRequest, staff: Staff) -> HttpResponse:
    try:
        typed = msgspec.json.decode(request.body, type=Typed)
    except msgspec.MsgspecError as error:
        raise ApplicationError(
            "This is no draft; load the page again.", code="NO_DRAFT", details={"said": str(error)}
        ) from error
    kept = draft_keep(
        staff=staff, key=typed.key, fields=typed.fields, version=typed.version, now=now()
    )
    return JsonResponse({"saved_at": kept.saved_at.isoformat()})


class Drafts:
    """Middleware: a form that was taken (its answer leads elsewhere) needs its draft no more."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        response = self._get_response(request)
        if request.method == "POST" and _leads_elsewhere(response):
            key = request.POST.get("_draft", "") if _is_form(request) else ""
            if key and request.user.is_authenticated:
                draft_drop(staff=staff_of(request), key=key)
        return response


def _is_form(request: HttpRequest) -> bool:
    """Did the view read a form?  (What was streamed past it cannot be read any more.)"""
    return hasattr(request, "_post")


def _leads_elsewhere(response: HttpResponse) -> bool:
    return response.status_code in {302, 303} or "HX-Redirect" in response.headers
