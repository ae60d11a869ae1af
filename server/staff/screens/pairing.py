"""Where the QR code on an unpaired screen leads: choose which screen the box is, on a phone too.

The page shows the fingerprint of the root key; the box shows the same at its foot once it is
paired, so that whoever stands before it sees that both are of one server.
"""

import re
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from manifest.trust_state import fingerprint
from server.accounts.policy import Act
from server.errors import ApplicationError, Forbidden
from server.publishing.selectors import newest_root
from server.screens.models import Screen
from server.screens.pairing import pairing_check, pairing_claim
from server.staff.forms import choices
from server.staff.requests import address_of, login_required, now, staff_of
from server.staff.rows import departments_for, found, visible
from server.staff.screens.forms import ClaimForm

__all__ = ["FINGERPRINT_DIGITS", "code_in", "pair", "root_fingerprint"]

#: So many digits stand at the foot of the screen (player.stage.slate), so they are shown first.
FINGERPRINT_DIGITS = 32


def code_in(request: HttpRequest) -> str:
    """The six digits that a link carries; "" for none, or what is no code."""
    code = request.GET.get("code", "").strip()
    return code if re.fullmatch(r"[0-9]{6}", code, re.ASCII) else ""


def root_fingerprint() -> tuple[str, str] | None:
    """The digits that stand on the screen, in groups of four, and the rest; None without keys."""
    newest = newest_root()
    if newest is None:
        return None
    sha256 = fingerprint(bytes(newest[0].envelope))
    groups = [sha256[at : at + 4] for at in range(0, len(sha256), 4)]
    shown = FINGERPRINT_DIGITS // 4
    return " ".join(groups[:shown]), " ".join(groups[shown:])


class PairForm(ClaimForm):
    """The six digits, and which screen the box becomes."""

    screen = forms.TypedChoiceField(label=gettext_lazy("Which screen it is"), coerce=int)

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request.POST or None, initial={"code": request.GET.get("code", "")[:6]})
        rows = visible(request, Screen, Act.MANAGE_SCREENS).select_related("heartbeat")
        # Those that have no box come first: one of them is meant, most of the time.
        free = rows.filter(retired_at=None)
        ordered = sorted(free, key=lambda each: (hasattr(each, "heartbeat"), each.name))
        self.fields["screen"].choices = choices(ordered, blank=_("Choose a screen"))  # type: ignore[attr-defined]  # a TypedChoiceField


@login_required
@require_http_methods(["GET", "POST"])
def pair(request: HttpRequest) -> HttpResponse:
    """Make the box whose code was scanned one of the screens."""
    if not departments_for(request, Act.MANAGE_SCREENS).exists():
        raise Forbidden("Pairing takes the right to manage screens: ask an administrator.")
    form = PairForm(request)
    if request.method == "POST" and (there := _pair_or_make(request, form)) is not None:
        return there
    context = {"form": form, "fingerprint": root_fingerprint()}
    return render(request, "staff/screens/pair.html", context, status=422 if form.errors else 200)


def _pair_or_make(request: HttpRequest, form: PairForm) -> HttpResponse | None:
    """Where to go on; None if the form has to say something.

    The code is looked at first: nobody fills in a form for a box that is not there.
    """
    is_complete, code = form.is_valid(), form.cleaned_data.get("code")
    to_make = "make" in request.POST
    if to_make and not request.POST.get("code", "").strip():
        return redirect("staff:screen_create")
    if code is None:
        return None
    who: Any = {"actor": staff_of(request), "now": now()}
    try:
        if is_complete and not to_make:
            row = found(visible(request, Screen, Act.MANAGE_SCREENS), form.cleaned_data["screen"])
            pairing_claim(code=code, screen=row, address=address_of(request), **who)
            return redirect("staff:screen_wall", row.pk)
        pairing_check(code=code, **who)
    except ApplicationError as error:
        form.refuse(error)
        return None
    if to_make:
        return redirect(reverse("staff:screen_create") + "?" + urlencode({"code": code}))
    return None
