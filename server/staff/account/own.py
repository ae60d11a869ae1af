"""One's own account: the password, where one is logged in, the language."""

import re
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST
from msgspec import Struct

from server.accounts.models import LoginSession, Staff
from server.accounts.second_factor import has_second_factor, recovery_codes_left
from server.accounts.services import password_change
from server.accounts.sessions import (
    end_session,
    end_sessions,
    mark_of,
    session_marked,
    sessions_of,
)
from server.staff.account.logins import begin_session, next_of
from server.staff.account.passwords import new_password
from server.staff.forms import PlainForm
from server.staff.requests import address_of, login_required, now, staff_of

__all__ = ["OpenSession", "account", "end", "language", "open_sessions"]

#: What browsers and systems call themselves; the first that is found counts.
BROWSERS = (
    ("MicroMessenger", "WeChat"), ("Edg/", "Edge"), ("QQBrowser", "QQ"), ("OPR/", "Opera"),
    ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("Windows", "Windows"), ("HarmonyOS", "HarmonyOS"), ("Android", "Android"),
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Mac OS X", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


class PasswordForm(PlainForm):
    """The old password and the new one."""

    old = forms.CharField(
        label=_("Present password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = new_password()


class OpenSession(Struct, frozen=True):
    """A session as a page shows it; `mark` names it without giving its key away."""

    mark: str
    device: str
    row: LoginSession
    is_this: bool


def open_sessions(staff: Staff, this: str | None) -> list[OpenSession]:
    """Return where somebody is logged in; `this` is the key of the reader's own session."""
    rows = sessions_of(staff, now())
    return [
        OpenSession(mark_of(row), device_of(row.browser), row, row.session_key == this)
        for row in rows
    ]


def device_of(browser: str) -> str:
    """Return what a browser says of itself, in two words: "Edge · Windows"."""
    words = [
        next((word for sign, word in known if sign in browser), "") for known in (BROWSERS, SYSTEMS)
    ]
    named = " · ".join(word for word in words if word)
    return named or re.sub(r"[^ -~]", "", browser)[:40] or __("Unknown device")


@login_required
@require_http_methods(["GET", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Show one's own account; change its password, which ends all other sessions."""
    staff = staff_of(request)
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with form.refusing():
            password_change(
                staff=staff,
                **form.cleaned_data,
                actor=staff,
                now=now(),
                address=address_of(request),
                session_key=request.session.session_key,
            )
            messages.success(request, _("The password is changed; other sessions have ended."))
            staff.refresh_from_db()
            return begin_session(request, staff, "/account/")
    context: dict[str, Any] = {
        "form": form, "person": staff,
        "grants": staff.grants.select_related("department"),
        "sessions": open_sessions(staff, request.session.session_key),
        "has_second_factor": has_second_factor(staff), "codes_left": recovery_codes_left(staff),
        "tokens": staff.api_tokens.filter(revoked_at=None).order_by("name"),
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "staff/account/account.html", context, status=status)


@login_required
@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """End one of one's other sessions, or all of them."""
    staff, this = staff_of(request), request.session.session_key
    who = {"staff": staff, "actor": staff, "now": now(), "address": address_of(request)}
    mark = request.POST.get("session", "")
    if not mark:
        end_sessions(but=this, **who)  # type: ignore[arg-type]  # one value each
        messages.success(request, _("You are logged in here alone now."))
        return redirect("staff:account")
    found = session_marked(staff, mark, now())
    if found is None:
        raise Http404
    end_session(session_key=found.session_key, **who)  # type: ignore[arg-type]
    messages.success(request, _("That session has ended."))
    return redirect("staff:account")


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Choose the language of the pages, for this browser."""
    wanted = request.POST.get("language", "")
    answer = redirect(next_of(request))
    if wanted in dict(settings.LANGUAGES):
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            wanted,
            max_age=365 * 86_400,
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
    return answer
