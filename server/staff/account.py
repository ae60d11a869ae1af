"""Logging in and out, the first administrator, one-time codes, one's own password and language."""

import secrets

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from server.accounts.limits import DEVICE_DAYS, device_cookie
from server.accounts.logins import staff_by_password
from server.accounts.models import Staff
from server.accounts.services import password_change
from server.accounts.setup_codes import has_administrator, use_code, use_first_code
from server.staff.forms import PlainForm
from server.staff.requests import address_of, login_required, now, staff_of

__all__ = ["account", "code_view", "language", "login_view", "logout_view", "setup"]

#: The cookie by which a browser is known that logged in before (accounts.limits).
DEVICE_COOKIE = "device"

GET_POST = require_http_methods(["GET", "POST"])


def _new_password(autofocus: bool = False) -> forms.CharField:
    attrs = {"autocomplete": "new-password"} | ({"autofocus": True} if autofocus else {})
    return forms.CharField(
        label=_("New password"),
        help_text=_("Twelve characters or more; a short sentence is a good one."),
        widget=forms.PasswordInput(attrs=attrs),
        strip=False,
    )


class LoginForm(PlainForm):
    """Name and password."""

    username = forms.CharField(
        label=_("Name"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class FirstAdministratorForm(PlainForm):
    """The code from the console, and the account that it opens."""

    code = forms.CharField(
        label=_("One-time code"),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True}),
    )
    username = forms.CharField(label=_("Name for logging in"), max_length=60)
    full_name = forms.CharField(label=_("Full name"), max_length=60)
    password = _new_password()


class CodeForm(PlainForm):
    """A one-time code, and the password that it sets."""

    code = forms.CharField(
        label=_("One-time code"),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True}),
    )
    password = _new_password()


class PasswordForm(PlainForm):
    """The old password and the new one."""

    old = forms.CharField(
        label=_("Present password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = _new_password()


@GET_POST
def login_view(request: HttpRequest) -> HttpResponse:
    """Let somebody in by name and password."""
    if not has_administrator():
        return redirect("staff:setup")
    form = LoginForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with form.refusing():
            found = staff_by_password(
                username=form.cleaned_data["username"],
                password=form.cleaned_data["password"],
                address=address_of(request),
                now=now(),
                device=request.COOKIES.get(DEVICE_COOKIE, ""),
            )
            return _let_in(request, found, _next(request))
    context = {"form": form, "next": _next(request)}
    return render(request, "staff/login.html", context, status=401 if form.errors else 200)


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return wanted if is_ours else "/"


def _let_in(request: HttpRequest, staff: Staff, where: str) -> HttpResponse:
    login(request, staff, backend="django.contrib.auth.backends.ModelBackend")
    answer = redirect(where)
    answer.set_cookie(
        DEVICE_COOKIE,
        device_cookie(staff.username, secrets.token_urlsafe(16)),
        max_age=DEVICE_DAYS * 86_400,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
        path="/login/",
    )
    return answer


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Choose the language of the pages, for this browser."""
    wanted = request.POST.get("language", "")
    answer = redirect(_next(request))
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


@require_POST
def logout_view(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return redirect("staff:login")


@GET_POST
def setup(request: HttpRequest) -> HttpResponse:
    """Make the first administrator, by the code on the server's console."""
    if has_administrator():
        return redirect("staff:code")  # other codes set a password
    form = FirstAdministratorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with form.refusing():
            made = use_first_code(**form.cleaned_data, address=address_of(request), now=now())
            return _let_in(request, made, "/")
    return render(request, "staff/setup.html", {"form": form}, status=422 if form.errors else 200)


@GET_POST
def code_view(request: HttpRequest) -> HttpResponse:
    """Set a password by a one-time code."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with form.refusing():
            found = use_code(**form.cleaned_data, address=address_of(request), now=now())
            return _let_in(request, found, "/")
    context = {"form": form, "title": _("Set a password"), "action": _("Set the password")}
    return render(request, "staff/plain_form.html", context, status=422 if form.errors else 200)


@login_required
@GET_POST
def account(request: HttpRequest) -> HttpResponse:
    """Change one's own password; all other sessions end."""
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
            )
            messages.success(request, _("The password is changed; other sessions have ended."))
            staff.refresh_from_db()
            return _let_in(request, staff, "/account/")
    context = {"form": form, "title": staff.full_name, "action": _("Change the password")}
    return render(request, "staff/account.html", context, status=422 if form.errors else 200)
