"""What views take from a request: who asks, from where, and when it is."""

from datetime import datetime
from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest

from server.accounts.models import Staff
from server.clock import SystemClock

__all__ = ["address_of", "login_required", "now", "staff_of"]


def staff_of(request: HttpRequest) -> Staff:
    """Return who is logged in; call it behind `login_required`."""
    return cast(Staff, request.user)


def address_of(request: HttpRequest) -> str:
    """Return the address of the browser (uvicorn has taken it from a trusted proxy, if any)."""
    return str(request.META.get("REMOTE_ADDR") or "0.0.0.0")  # noqa: S104  (unknown, not a bind)


def now() -> datetime:
    """Return the instant of this request."""
    return SystemClock().now()
