"""The second factor of one's own login: set up with a telephone, recovery codes, turned off."""

import io
from typing import Any

import segno
from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from server.accounts import second_factor as services
from server.accounts.second_factor import has_second_factor
from server.staff.forms import PlainForm
from server.staff.requests import address_of, login_suffices, now, staff_of

__all__ = ["act", "page", "picture"]


class AgainForm(PlainForm):
    """Password and code: who sits here is still the owner."""

    password = forms.CharField(
        label=_("Present password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


@login_suffices
@require_http_methods(["GET"])
def page(request: HttpRequest) -> HttpResponse:
    """Show whether there is one; begin to set one up if there is none."""
    return _page(request, AgainForm())


def _page(request: HttpRequest, form: AgainForm, codes: list[str] | None = None) -> HttpResponse:
    staff = staff_of(request)
    context: dict[str, Any] = {
        "form": form, "is_on": has_second_factor(staff), "codes": codes or [],
        "is_required": services.must_have_second_factor(staff),
        "codes_left": services.recovery_codes_left(staff),
        "tokens": staff.api_tokens.filter(revoked_at=None).order_by("name"),
    }  # fmt: skip
    if not context["is_on"]:
        secret = services.secret_of(services.begin_second_factor(staff=staff, now=now()))
        context["secret"] = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    status = 422 if form.errors else 200
    return render(request, "staff/account/second_factor.html", context, status=status)


@login_suffices
@require_GET
def picture(request: HttpRequest) -> HttpResponse:
    """The QR code of a factor that waits for its first code; refused once it counts."""
    factor = services.begin_second_factor(staff=staff_of(request), now=now())
    drawn = io.BytesIO()
    code = segno.make(services.provisioning_uri(factor), error="m", micro=False)
    code.save(drawn, kind="svg", scale=6, border=4, dark="#000", light="#fff")
    return HttpResponse(drawn.getvalue(), content_type="image/svg+xml")


@login_suffices
@require_POST
def act(request: HttpRequest, act: str) -> HttpResponse:
    """Turn it on with the first code, make new recovery codes, or turn it off."""
    acts: dict[str, Any] = {
        "confirm": services.confirm_second_factor,
        "codes": services.new_recovery_codes,
        "off": services.turn_off_second_factor,
    }
    if act not in acts:
        raise Http404
    form = AgainForm(request.POST)
    if form.is_valid():
        who = {"staff": staff_of(request), "now": now(), "address": address_of(request)}
        with form.refusing():
            if codes := acts[act](**form.cleaned_data, **who):
                return _page(request, AgainForm(), codes)
            messages.success(request, _("The second factor is off."))
            return redirect("staff:account")
    return _page(request, form)
