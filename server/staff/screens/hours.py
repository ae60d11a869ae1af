"""When screens of a site or group are expected to be on, and who is told if they are not."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from server.accounts.policy import Act, require, require_somewhere
from server.screens.models import ScreenGroup, Site
from server.staff.forms import PlainForm
from server.staff.requests import login_required, staff_of
from server.staff.rows import found, visible
from server.staff.screens.answers import plain, who
from server.staff.toasts import say
from server.watch.models import OperatingHours
from server.watch.services import LEAST_GRACE_MIN, LONGEST_GRACE_MIN, hours_clear, hours_set

__all__ = ["hours", "hours_list"]

DAYS = (
    ("always", gettext_lazy("Around the clock")),
    ("any", gettext_lazy("Every day at these hours")),
    ("work", gettext_lazy("On workdays at these hours")),
    ("follow", gettext_lazy("Nothing of its own: as the site, or always")),
)


def _hour(label: Any) -> forms.TimeField:
    widget = forms.TimeInput({"type": "time"}, "%H:%M")
    return forms.TimeField(label=label, required=False, widget=widget)


class HoursForm(PlainForm):
    """The hours of one place."""

    days = forms.ChoiceField(label=gettext_lazy("Screens are on"), choices=DAYS)
    begins, ends = _hour(gettext_lazy("From hour")), _hour(gettext_lazy("Until hour"))
    grace_minutes = forms.IntegerField(
        label=gettext_lazy("Tell after so many minutes of silence"),
        min_value=LEAST_GRACE_MIN,
        max_value=LONGEST_GRACE_MIN,
        initial=10,
    )
    is_muted = forms.BooleanField(
        label=gettext_lazy("Tell nobody (works, removal)"), required=False
    )

    def clean(self) -> dict[str, Any]:
        """Ask for the hours where there are some."""
        told = self.cleaned_data
        if told.get("days") in {"any", "work"}:
            for name in ("begins", "ends"):
                if not told.get(name):
                    self.add_error(name, _("Say the hour."))
        return told

    @property
    def windows(self) -> list[dict[str, Any]] | None:
        """The windows, as the manifest has them."""
        told = self.cleaned_data
        if told["days"] not in {"any", "work"}:
            return None
        begins = datetime.combine(localdate() - timedelta(days=7), told["begins"])
        ends = datetime.combine(begins.date(), told["ends"])
        length = int((ends - begins).total_seconds()) % 86_400 or 86_400
        window = {
            "start": begins.strftime("%Y-%m-%dT%H:%M:%S"), "duration_s": length,
            "rrule": "FREQ=DAILY",
        }  # fmt: skip
        return [window | ({"days": "work"} if told["days"] == "work" else {})]


def _initial(row: OperatingHours | None) -> dict[str, Any]:
    if row is None:
        return {"days": "follow", "grace_minutes": 10}
    initial = {"days": "always", "grace_minutes": row.grace_minutes, "is_muted": row.is_muted}
    if row.windows:
        first = row.windows[0]
        begins = datetime.fromisoformat(first["start"])
        initial |= {
            "days": "work" if first.get("days") == "work" else "any",
            "begins": begins.time(),
            "ends": (begins + timedelta(seconds=first["duration_s"])).time(),
        }
    return initial


@login_required
@require_http_methods(["GET"])
def hours_list(request: HttpRequest) -> HttpResponse:
    """List the places with their hours."""
    require_somewhere(staff_of(request), Act.MANAGE_SCREENS)
    groups = visible(request, ScreenGroup, Act.MANAGE_SCREENS).select_related("hours")
    context = {"sites": Site.objects.select_related("hours"), "groups": groups}
    return render(request, "staff/screens/hours.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def hours(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """The hours of one site or group."""
    if kind == "site":
        require(staff_of(request), Act.MANAGE_SCREENS, None)
        place: Site | ScreenGroup = found(Site.objects.all(), pk)
    elif kind == "group":
        place = found(visible(request, ScreenGroup), pk)
        require(staff_of(request), Act.MANAGE_SCREENS, place.department_id)
    else:
        raise Http404
    row = OperatingHours.objects.filter(**{kind: place}).first()
    form = HoursForm(request.POST or None, initial=_initial(row))
    if request.method == "POST" and form.is_valid():
        with form.refusing():
            _keep(request, place, form)
            say(request, _("Saved."))
            return redirect("staff:hours_list")
    return plain(request, form, f"{_('Operating hours')} · {place}", _("Save"))


def _keep(request: HttpRequest, place: Site | ScreenGroup, form: HoursForm) -> None:
    if form.cleaned_data["days"] == "follow":
        hours_clear(place=place, **who(request))
        return
    hours_set(
        place=place,
        windows=form.windows,
        grace_minutes=form.cleaned_data["grace_minutes"],
        is_muted=form.cleaned_data["is_muted"],
        **who(request),
    )
