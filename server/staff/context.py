"""What every page knows: the navigation, the reader's looks, and the version in the footer."""

from importlib.metadata import version
from typing import Any

from django.http import HttpRequest

from server.staff.navigation import Navigation

__all__ = ["page"]


def page(request: HttpRequest) -> dict[str, Any]:
    """Return the context of `base.html`; parts of pages that use none of it pay for none of it."""
    found: dict[str, Any] = {"yingbi_version": version("yingbi")}
    if request.user.is_authenticated:
        found["navigation"] = Navigation(request)
    return found
