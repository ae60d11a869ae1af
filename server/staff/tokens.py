"""One's own tokens for scripts: made (the secret is shown this once), listed, revoked."""

from datetime import timedelta

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from server.accounts import services
from server.staff.forms import PlainForm
from server.staff.requests import login_required, now, staff_of
from server.staff.rows import found

__all__ = ["revoke", "tokens"]

#: The longest life of a token that is made here, in days.
LONGEST_DAYS = 731


class TokenForm(PlainForm):
    """What the token is for, and how long it counts."""

    name = forms.CharField(
        label=_("What it is for"), max_length=60, help_text=_("Such as: nightly report")
    )
    days = forms.IntegerField(
        label=_("Counts for so many days"), min_value=1, max_value=LONGEST_DAYS, initial=365
    )
    scope = forms.ChoiceField(
        label=_("What the script may do"),
        required=False,
        choices=[
            ("", _("All that I may do")),
            ("data", _("Data sets only")),
            ("notices", _("Hand notices in only")),
            ("cap", _("Hand alerts (CAP) in only")),
            ("read", _("Only look")),
        ],
    )


@login_required
@require_http_methods(["GET", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """List one's own tokens, and make one."""
    staff, form, secret = staff_of(request), TokenForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        at = now()
        with form.refusing():
            _token, secret = services.token_issue(
                staff=staff,
                name=form.cleaned_data["name"],
                scope=form.cleaned_data["scope"],
                expires_at=at + timedelta(days=form.cleaned_data["days"]),
                actor=staff,
                now=at,
            )
            form = TokenForm()
    rows = staff.api_tokens.order_by("-pk")
    context = {"form": form, "tokens": rows, "secret": secret, "now": now()}
    return render(request, "staff/tokens.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a token count no more, from the next request on."""
    staff = staff_of(request)
    services.token_revoke(token=found(staff.api_tokens.all(), pk), actor=staff, now=now())
    return redirect("staff:tokens")
