"""What views take from a request: who asks, from where, and when it is."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, cast

from django.contrib.auth.decorators import login_required as login_suffices
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from server.accounts.models import Staff
from server.accounts.second_factor import must_have_second_factor
from server.clock import SystemClock

__all__ = ["address_of", "login_required", "login_suffices", "now", "staff_of"]

View = Callable[..., HttpResponseBase]


def login_required(view: View) -> View:
    """Let a view answer only who is logged in, with the second factor that their role asks for.

    `login_suffices` is for the pages on which that factor is set up.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
        if must_have_second_factor(staff_of(request)):
            return redirect("staff:second_factor")
        return view(request, *arguments, **named)

    return cast(View, login_suffices(guarded))


def staff_of(request: HttpRequest) -> Staff:
    """Return who is logged in; call it behind `login_required`."""
    return cast(Staff, request.user)


def address_of(request: HttpRequest) -> str:
    """Return the address of the browser (uvicorn has taken it from a trusted proxy, if any)."""
    return str(request.META.get("REMOTE_ADDR") or "0.0.0.0")  # noqa: S104  (unknown, not a bind)


def now() -> datetime:
    """Return the instant of this request."""
    return SystemClock().now()
