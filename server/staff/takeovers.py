"""Takeovers: an urgent layout above everything else, started and ended at once."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from server.accounts.models import Department
from server.accounts.policy import Act, require_somewhere
from server.errors import ApplicationError
from server.programme.drafts import Where
from server.programme.models import Layout, Takeover
from server.publishing.services import end_takeover, start_takeover
from server.screens.models import Screen, ScreenGroup
from server.staff.forms import PlainForm, choices, many
from server.staff.refusals import sentence_of
from server.staff.requests import login_required, now, staff_of
from server.staff.rows import departments_for, found, visible

__all__ = ["end", "start"]

#: The longest takeover of the form, in minutes: a week.
LONGEST_MIN = 7 * 24 * 60


class TakeoverForm(PlainForm):
    """What takes over where, for how long, and why."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    department = forms.ChoiceField(label=gettext_lazy("Department"))
    layout = forms.ChoiceField(label=gettext_lazy("Layout"))
    minutes = forms.IntegerField(
        label=gettext_lazy("For how many minutes"), min_value=1, max_value=LONGEST_MIN, initial=30
    )
    reason = forms.CharField(label=gettext_lazy("Reason, for the record"), max_length=500)

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request.POST or None)
        owners = departments_for(request, Act.TAKE_OVER)
        self.fields["department"].choices = choices(owners)  # type: ignore[attr-defined]
        self.fields["layout"].choices = choices(visible(request, Layout))  # type: ignore[attr-defined]
        screens = visible(request, Screen, Act.TAKE_OVER).filter(retired_at=None)
        self.fields["screens"] = many(gettext_lazy("Screens"), screens)
        groups = visible(request, ScreenGroup, Act.TAKE_OVER)
        self.fields["groups"] = many(gettext_lazy("Groups of screens"), groups)

    def clean(self) -> dict[str, Any]:
        """Ask for a place."""
        if not self.cleaned_data.get("screens") and not self.cleaned_data.get("groups"):
            self.add_error("screens", _("Choose a screen or a group."))
        return self.cleaned_data


@login_required
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Start a takeover: the screens are told at once."""
    require_somewhere(staff_of(request), Act.TAKE_OVER)
    form = TakeoverForm(request)
    if request.method == "POST" and form.is_valid():
        told, at = form.cleaned_data, now()
        with form.refusing():
            start_takeover(
                name=told["name"],
                department=Department.objects.get(pk=told["department"]),
                shows=found(visible(request, Layout), int(told["layout"])),
                where=Where(screens=told["screens"], groups=told["groups"]),
                starts_at=at,
                ends_at=at + timedelta(minutes=told["minutes"]),
                actor=staff_of(request),
                reason=told["reason"],
                now=at,
            )
            messages.success(request, _("The takeover has begun: the screens are told at once."))
            return redirect("staff:schedule")
    context = {
        "form": form, "title": _("Start a takeover"), "action": _("Take over now"),
        "lead": _("It stands above everything else, at once, and ends by itself."),
        "back": reverse("staff:schedule"),
    }  # fmt: skip
    return render(request, "staff/plain_form.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a takeover before its time."""
    row = found(visible(request, Takeover), pk)
    try:
        end_takeover(takeover=row, actor=staff_of(request), reason=_("Ended by hand."), now=now())
    except ApplicationError as error:
        messages.error(request, sentence_of(error))
    else:
        messages.success(request, _("The takeover is over: the screens are told at once."))
    return redirect("staff:schedule")
