"""Answers to `autosave.js` where a form saves the thing itself as it is typed in.

A view that takes both (a form sent by hand, and one saved by the script) asks `is_autosave` first.
"""

from collections.abc import Sequence
from datetime import datetime

from django.http import HttpRequest, JsonResponse
from django.template.loader import render_to_string

from server.staff.conflicts import Sides

__all__ = ["is_autosave", "overtaken", "saved"]


def is_autosave(request: HttpRequest) -> bool:
    """Did `autosave.js` send this?"""
    return request.headers.get("Accept", "").startswith("application/json")


def saved(version: int, at: datetime, **more: object) -> JsonResponse:
    """It is saved; the page goes on from `version`."""
    return JsonResponse({"version": version, "saved_at": at.isoformat()} | more)


def overtaken(request: HttpRequest, sides: Sequence[Sides], version: int) -> JsonResponse:
    """Somebody else saved meanwhile (409): both sides; saving again from `version` overwrites."""
    context = {"sides": sides, "is_autosave": True}
    shown = render_to_string("staff/parts/conflict.html", context, request)
    return JsonResponse({"conflict": shown, "version": version}, status=409)
