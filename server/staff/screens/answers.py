"""What the views about screens share: who acts, and the plain page of a form."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from server.staff.requests import address_of, now, staff_of

__all__ = ["plain", "who"]


def who(request: HttpRequest) -> dict[str, Any]:
    """Who acts, when and from where, as services take it."""
    return {"actor": staff_of(request), "now": now(), "address": address_of(request)}


def plain(request: HttpRequest, form: Any, title: str, action: str, lead: str = "") -> HttpResponse:
    """A page that holds one form; `lead` says what it is about."""
    context = {"form": form, "title": title, "action": action, "lead": lead,
               "back": reverse("staff:screens")}  # fmt: skip
    return render(request, "staff/plain_form.html", context, status=422 if form.errors else 200)
