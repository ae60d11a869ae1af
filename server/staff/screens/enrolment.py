"""Enrolment keys: boxes that have one in their settings become screens without a person."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate, make_aware
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from server.accounts.models import Department
from server.accounts.policy import Act
from server.errors import Forbidden
from server.screens.enrolment import USES_LIMIT, enrolment_key_create, enrolment_key_revoke
from server.screens.models import EnrolmentKey, ScreenGroup, Site
from server.staff.forms import PlainForm, choices, many
from server.staff.requests import address_of, login_required, now, staff_of
from server.staff.rows import departments_for, found, visible

__all__ = ["keys", "revoke"]

#: How long a key counts if nothing else is said, in days.
USUAL_DAYS = 14


class KeyForm(PlainForm):
    """For how many boxes, until when, and what they become."""

    name = forms.CharField(
        label=_("What it is for"), max_length=60, help_text=_("Such as: boxes of the new canteen")
    )
    site = forms.ChoiceField(label=_("Site"))
    department = forms.ChoiceField(label=_("Department"))
    uses = forms.IntegerField(
        label=_("For so many boxes"), min_value=1, max_value=USES_LIMIT, initial=1
    )
    last_day = forms.DateField(
        label=_("Last day"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )

    def __init__(self, request: HttpRequest, *, is_sent: bool) -> None:
        usual = localdate() + timedelta(days=USUAL_DAYS)
        super().__init__(request.POST if is_sent else None, initial={"last_day": usual})
        self.fields["site"].choices = choices(Site.objects.order_by("name"))  # type: ignore[attr-defined]
        owners = departments_for(request, Act.MANAGE_SCREENS)
        self.fields["department"].choices = choices(owners)  # type: ignore[attr-defined]
        groups = visible(request, ScreenGroup, Act.MANAGE_SCREENS)
        self.fields["groups"] = many(_("Groups of screens"), groups)
        self._groups = groups

    @property
    def parts(self) -> dict[str, Any]:
        """What the service takes."""
        told = self.cleaned_data
        end = datetime.combine(told["last_day"] + timedelta(days=1), time.min)
        return {
            "name": told["name"],
            "site": Site.objects.get(pk=told["site"]),
            "department": Department.objects.get(pk=told["department"]),
            "groups": self._groups.filter(pk__in=told["groups"]),
            "uses": told["uses"],
            "expires_at": make_aware(end),
        }


@login_required
@require_http_methods(["GET", "POST"])
def keys(request: HttpRequest) -> HttpResponse:
    """List the keys of departments whose screens one manages, and make one."""
    if not departments_for(request, Act.MANAGE_SCREENS).exists():
        raise Forbidden("Enrolment keys take the right to manage screens: ask an administrator.")
    form, secret = KeyForm(request, is_sent=request.method == "POST"), ""
    if request.method == "POST" and form.is_valid():
        with form.refusing():
            secret = enrolment_key_create(
                **form.parts, actor=staff_of(request), now=now(), address=address_of(request)
            ).secret
            form = KeyForm(request, is_sent=False)
    rows = visible(request, EnrolmentKey, Act.MANAGE_SCREENS).select_related("site", "department")
    context = {"form": form, "keys": rows.order_by("-pk"), "secret": secret, "now": now()}
    return render(request, "staff/screens/keys.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Let nobody in with this key any more; the screens that it made stay."""
    row = found(visible(request, EnrolmentKey, Act.MANAGE_SCREENS), pk)
    enrolment_key_revoke(key=row, actor=staff_of(request), now=now(), address=address_of(request))
    return redirect("staff:keys")
