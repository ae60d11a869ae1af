"""How an act on the schedule answers: in a toast, with a way back.

A script that asks for a part of a page (header `X-Part`) gets no page, and the toast in a header;
without script the browser goes back to where it was.  The last steps are kept in the session of
whoever made them, so that nobody else can take them back.
"""

from typing import Any

import msgspec
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from server.errors import Invalid
from server.programme.occurrences import Step
from server.staff.toasts import say

__all__ = ["done", "gone", "is_part", "refused", "step_of"]

_KEY = "schedule_steps"

#: So many steps can be taken back.
MOST_STEPS = 10


def is_part(request: HttpRequest) -> bool:
    """Does a script ask for a part of a page?"""
    return "X-Part" in request.headers


def done(request: HttpRequest, sentence: str, step: Step | None = None) -> HttpResponse:
    """Say that it is done, with a way back if it was a step."""
    undo = "" if step is None else reverse("staff:schedule_undo", args=[_kept(request, step)])
    say(request, sentence, undo=undo)
    return HttpResponse(status=204) if is_part(request) else redirect(_back(request))


def refused(request: HttpRequest, sentence: str) -> HttpResponse:
    """Say why it was not done."""
    say(request, sentence, tone="error")
    return HttpResponse(status=422) if is_part(request) else redirect(_back(request))


def gone(request: HttpRequest) -> HttpResponse:
    """Say to a script that what it took hold of is not there (any more); a browser gets the 404."""
    if not is_part(request):
        raise Http404
    say(request, _("This entry is not there any more: somebody deleted it."), tone="error")
    return HttpResponse(status=422)


def step_of(request: HttpRequest, number: int) -> Step:
    """The step of this number; it can be taken back once.  Raises `Invalid` if it is gone."""
    steps = request.session.get(_KEY, {})
    step = steps.pop(str(number), None)
    request.session[_KEY] = steps
    if step is None:
        raise Invalid("This cannot be undone any more: change it by hand.", code="TOO_LATE")
    return msgspec.convert(step, Step)


def _kept(request: HttpRequest, step: Step) -> int:
    steps: dict[str, Any] = request.session.get(_KEY, {})
    number = max(map(int, steps), default=0) + 1
    kept = sorted(steps, key=int)[-(MOST_STEPS - 1) :]
    request.session[_KEY] = {each: steps[each] for each in kept} | {
        str(number): msgspec.to_builtins(step)
    }
    return number


def _back(request: HttpRequest) -> str:
    """The week (or list) that the act was made on."""
    before = request.headers.get("Referer", "")
    here = url_has_allowed_host_and_scheme(before, {request.get_host()})
    on_week = here and "?" in before and "/schedule/?" in before
    return before if on_week else reverse("staff:schedule")
