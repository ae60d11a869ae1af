"""When screens of a site or group are expected to be on, and who is told if they are not."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from server.accounts.policy import Act, require, require_somewhere
from server.screens.models import ScreenGroup, Site
from server.staff.requests import login_required, staff_of
from server.staff.rows import found, visible
from server.staff.screens.answers import who
from server.staff.screens.opening import DAYS, Opening, openings_of, said_of
from server.staff.seen import SeenForm, with_seal
from server.staff.toasts import say
from server.watch.models import OperatingHours
from server.watch.services import LEAST_GRACE_MIN, LONGEST_GRACE_MIN, hours_clear, hours_set

__all__ = ["hours", "hours_list", "stored_of"]

MODES = (
    ("always", gettext_lazy("Around the clock")),
    ("set", gettext_lazy("At these hours")),
    ("follow", gettext_lazy("Nothing of its own: as the site, or always")),
)

#: Rows that the form offers beyond those that are filled, and at most.
BLANK_ROWS, MOST_ROWS = 2, 14


class HoursForm(SeenForm):
    """The hours of one place."""

    days = forms.ChoiceField(label=gettext_lazy("Screens are on"), choices=MODES)
    not_on_holidays = forms.BooleanField(
        label=gettext_lazy("Closed on public holidays"),
        required=False,
        help_text=gettext_lazy("By the holiday calendar; workdays in exchange (调休) stay open."),
    )
    grace_minutes = forms.IntegerField(
        label=gettext_lazy("Tell after so many minutes of silence"),
        min_value=LEAST_GRACE_MIN,
        max_value=LONGEST_GRACE_MIN,
        initial=10,
    )
    is_muted = forms.BooleanField(
        label=gettext_lazy("Tell nobody (works, removal)"), required=False
    )

    def __init__(self, request: HttpRequest, row: OperatingHours | None) -> None:
        rows, self.others = openings_of(row.windows if row else None)
        initial = with_seal(stored_of(row))
        super().__init__(request.POST if request.method == "POST" else None, initial=initial)
        self._count = min(max(len(rows) + BLANK_ROWS, 3), max(MOST_ROWS, len(rows)))
        for number in range(self._count):
            self._add_row(number)

    def _add_row(self, number: int) -> None:
        at = {"n": number + 1}
        self.fields[f"days_{number}"] = forms.ChoiceField(
            label=_("Days, row %(n)d") % at, choices=DAYS, required=False
        )
        for name, label in (("begins", _("From, row %(n)d")), ("ends", _("Until, row %(n)d"))):
            widget = forms.TimeInput({"type": "time"}, "%H:%M")
            self.fields[f"{name}_{number}"] = forms.TimeField(
                label=label % at, required=False, widget=widget
            )

    @property
    def rows(self) -> list[tuple[Any, Any, Any]]:
        """The fields of each row."""
        names = ("days", "begins", "ends")
        return [tuple(self[f"{name}_{n}"] for name in names) for n in range(self._count)]  # type: ignore[misc]  # three

    @property
    def plain(self) -> list[Any]:
        """The fields below the rows."""
        return [self[name] for name in ("not_on_holidays", "grace_minutes", "is_muted")]

    def clean(self) -> dict[str, Any]:
        """Ask for both hours of a row that has one, and for a row where hours are wanted."""
        told = self.cleaned_data
        if told.get("days") != "set":
            return told
        for number in range(self._count):
            given = [told.get(f"{name}_{number}") for name in ("begins", "ends")]
            if any(given) and not all(given):
                missing = "begins" if given[0] is None else "ends"
                self.add_error(f"{missing}_{number}", _("Say the hour."))
        if not self.errors and not self._openings and not self.others:
            self.add_error("begins_0", _("Say the hours, or choose “around the clock”."))
        return told

    @property
    def _openings(self) -> list[Opening]:
        told = self.cleaned_data
        found = (
            (told[f"days_{n}"] or "any", told[f"begins_{n}"], told[f"ends_{n}"])
            for n in range(self._count)
        )
        return [Opening(*each) for each in found if each[1] is not None and each[2] is not None]

    @property
    def windows(self) -> list[dict[str, Any]] | None:
        """The windows, as the manifest has them; those that the form cannot show stay."""
        if self.cleaned_data["days"] != "set":
            return None
        return [*(each.window for each in self._openings), *(dict(each) for each in self.others)]


def stored_of(row: OperatingHours | None) -> dict[str, Any]:
    """The form's fields as they are stored, and the rows of the hours; None: nothing of its own."""
    if row is None:
        return {"days": "follow", "grace_minutes": 10}
    stored: dict[str, Any] = {
        "days": "always" if row.windows is None else "set",
        "not_on_holidays": row.not_on_holidays,
        "grace_minutes": row.grace_minutes,
        "is_muted": row.is_muted,
    }
    rows, stored["others"] = openings_of(row.windows)
    for number, each in enumerate(rows):
        stored |= {
            f"days_{number}": each.days, f"begins_{number}": each.begins,
            f"ends_{number}": each.ends,
        }  # fmt: skip
    return stored


@login_required
@require_http_methods(["GET"])
def hours_list(request: HttpRequest) -> HttpResponse:
    """List the places with their hours."""
    require_somewhere(staff_of(request), Act.MANAGE_SCREENS)
    groups = visible(request, ScreenGroup, Act.MANAGE_SCREENS).select_related("hours")
    sites = Site.objects.select_related("hours")
    context = {
        "places": [("site", each, _said(each)) for each in sites]
        + [("group", each, _said(each)) for each in groups],
    }
    return render(request, "staff/screens/hours.html", context)


def _said(place: Site | ScreenGroup) -> str:
    row: OperatingHours | None = getattr(place, "hours", None)
    if row is None:
        is_group = isinstance(place, ScreenGroup)
        return _("As the site") if is_group else _("Around the clock")
    return said_of(row.windows, not_on_holidays=row.not_on_holidays)


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
    form = HoursForm(request, _row(kind, place))
    if request.method == "POST" and form.is_valid():
        same = type(place).objects.filter(pk=pk)

        def stored() -> dict[str, Any]:
            return stored_of(_row(kind, place))

        with form.refusing(stored), form.seen(same, stored):
            _keep(request, place, form)
            say(request, _("Saved."))
            return redirect("staff:hours_list")
    status = 422 if form.errors else 200
    context = {"form": form, "place": place}
    return render(request, "staff/screens/hours_form.html", context, status=status)


def _row(kind: str, place: Site | ScreenGroup) -> OperatingHours | None:
    return OperatingHours.objects.filter(**{kind: place}).first()


def _keep(request: HttpRequest, place: Site | ScreenGroup, form: HoursForm) -> None:
    told = form.cleaned_data
    if told["days"] == "follow":
        hours_clear(place=place, **who(request))
        return
    hours_set(
        place=place,
        windows=form.windows,
        not_on_holidays=told["not_on_holidays"],
        grace_minutes=told["grace_minutes"],
        is_muted=told["is_muted"],
        **who(request),
    )
