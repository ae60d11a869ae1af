"""Logging in and out, the first administrator, one-time codes.

Two steps where an account has a second factor: who gave the right password is remembered in the
browser's session for a few minutes, and is nobody until the code was right.
"""

import secrets
from datetime import timedelta

from django import forms
from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from server.accounts.limits import DEVICE_DAYS, device_cookie
from server.accounts.logins import staff_by_password
from server.accounts.models import Staff
from server.accounts.second_factor import check_second_factor, has_second_factor
from server.accounts.sessions import describe
from server.accounts.setup_codes import has_administrator, use_code, use_first_code
from server.staff.account.passwords import new_password
from server.staff.forms import PlainForm
from server.staff.requests import address_of, now

__all__ = [
    "begin_session",
    "code_view",
    "let_in",
    "login_view",
    "logout_view",
    "next_of",
    "second",
    "setup",
]

#: Where a session keeps that a login has begun, and how long the second step may take.
BEGUN = "login-begun"
WAITS = timedelta(minutes=5)

#: The cookie by which a browser is known that logged in before (accounts.limits).
DEVICE_COOKIE = "device"

GET_POST = require_http_methods(["GET", "POST"])


class LoginForm(PlainForm):
    """Name and password."""

    username = forms.CharField(
        label=_("Name for logging in"),
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
    password = new_password()


class CodeForm(PlainForm):
    """A one-time code, and the password that it sets."""

    code = forms.CharField(
        label=_("One-time code"),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True}),
    )
    password = new_password()


class SecondForm(PlainForm):
    """What the telephone shows, or a recovery code."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        help_text=_("Six digits from your telephone, or one of your recovery codes."),
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autofocus": True, "inputmode": "text"}
        ),
    )


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
            return let_in(request, found, next_of(request))
    return _answer(request, "staff/account/login.html", form)


def _answer(request: HttpRequest, template: str, form: PlainForm) -> HttpResponse:
    """The form again; where somebody must wait, it says for how long, to people and programs."""
    context = {"form": form, "next": next_of(request), "wait_s": form.retry_after_s}
    status = 429 if form.retry_after_s else 401 if form.errors else 200
    answer = render(request, template, context, status=status)
    if form.retry_after_s:
        answer["Retry-After"] = str(form.retry_after_s)
    return answer


def next_of(request: HttpRequest) -> str:
    """Return where somebody wanted to go: a path of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return wanted if is_ours else "/"


def let_in(request: HttpRequest, staff: Staff, where: str) -> HttpResponse:
    """Begin a session; whose account has a second factor is asked for it first."""
    if has_second_factor(staff):
        begun = {"staff": staff.pk, "password": staff.get_session_auth_hash(), "next": where,
                 "until": (now() + WAITS).isoformat()}  # fmt: skip
        request.session[BEGUN] = begun
        return redirect("staff:login_second")
    return begin_session(request, staff, where)


def begin_session(request: HttpRequest, staff: Staff, where: str) -> HttpResponse:
    """Log somebody in whose every factor was right, and know this browser from now on."""
    request.session.pop(BEGUN, None)
    login(request, staff, backend="django.contrib.auth.backends.ModelBackend")
    browser = request.headers.get("User-Agent", "")
    describe(request.session, address=address_of(request), browser=browser, now=now())
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


@GET_POST
def second(request: HttpRequest) -> HttpResponse:
    """Ask for the second factor of the login that has begun in this browser."""
    staff = _begun(request)
    if staff is None:
        messages.error(request, _("That took too long: log in again."))
        return redirect("staff:login")
    form = SecondForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with form.refusing():
            check_second_factor(
                staff=staff,
                code=form.cleaned_data["code"],
                address=address_of(request),
                now=now(),
                device=request.COOKIES.get(DEVICE_COOKIE, ""),
            )
            return begin_session(request, staff, str(request.session[BEGUN]["next"]))
    return _answer(request, "staff/account/second.html", form)


def _begun(request: HttpRequest) -> Staff | None:
    """Who gave the right password here a moment ago; nobody once it was changed or closed."""
    begun = request.session.get(BEGUN)
    if not begun or (parse_datetime(begun["until"]) or now()) <= now():
        return None
    staff = Staff.objects.filter(pk=begun["staff"], is_active=True).first()
    if staff is None or staff.get_session_auth_hash() != begun["password"]:
        return None
    return staff


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
            return let_in(request, made, "/")
    return render(request, "staff/setup.html", {"form": form}, status=422 if form.errors else 200)


@GET_POST
def code_view(request: HttpRequest) -> HttpResponse:
    """Set a password by a one-time code."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with form.refusing():
            found = use_code(**form.cleaned_data, address=address_of(request), now=now())
            return let_in(request, found, "/")
    context = {
        "form": form,
        "title": _("Set a password"),
        "action": _("Set the password"),
        "narrow": True,
    }
    return render(request, "staff/plain_form.html", context, status=422 if form.errors else 200)
