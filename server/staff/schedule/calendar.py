"""The organisation's calendar, year by year: public holidays, and days worked in exchange (调休).

Everybody may look; who manages screens everywhere may change it, by hand or from a file.
"""

import calendar as months
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from server.accounts.policy import Act, may, require
from server.programme.calendar_file import LONGEST_EVENT_DAYS, Day
from server.programme.models import CalendarDay
from server.programme.state_holidays import notice_of
from server.staff.forms import PlainForm
from server.staff.labels import WORDS
from server.staff.requests import login_required, staff_of
from server.staff.schedule.proposals import YEARS, Proposal, propose

__all__ = ["YEARS", "calendar"]

#: What a day may be.
_KINDS = tuple((kind, WORDS[kind]) for kind in CalendarDay.Kind.values)

#: A year as it hangs on a wall: months of weeks of days, each with what is known of it.
Wall = list[list[list[tuple[date, CalendarDay | None]]]]


def _day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"), **more
    )


class DaysForm(PlainForm):
    """Some days in a row, and what they are."""

    first = _day(gettext_lazy("First day"))
    last = _day(
        gettext_lazy("Last day"), required=False, help_text=gettext_lazy("If more than one")
    )
    kind = forms.ChoiceField(label=gettext_lazy("What it is"), choices=_KINDS)
    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=60, required=False,
        help_text=gettext_lazy("Such as: National Day"),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Refuse what is no span, or longer than a holiday is."""
        told = self.cleaned_data
        first, last = told.get("first"), told.get("last") or told.get("first")
        if first and last and not 0 <= (last - first).days < LONGEST_EVENT_DAYS:
            self.add_error("last", _("The last day is the first one, or up to a month later."))
        return told

    @property
    def days(self) -> list[Day]:
        """The days, one by one."""
        told = self.cleaned_data
        number = ((told["last"] or told["first"]) - told["first"]).days + 1
        return [
            Day(told["first"] + timedelta(days=n), told["kind"], told["name"].strip())
            for n in range(number)
        ]


@login_required
@require_http_methods(["GET", "POST"])
def calendar(request: HttpRequest, year: int = 0) -> HttpResponse:
    """Show a year (0: this one), and say of some days what they are."""
    year = year or localdate().year
    if year not in YEARS:
        raise Http404
    if request.method == "POST":
        require(staff_of(request), Act.MANAGE_SCREENS, None)
    form = DaysForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with form.refusing():
            return propose(request, Proposal(form.days[0].date.year, form.days))
    rows = list(CalendarDay.objects.filter(date__year=year))
    context = {
        "form": form, "days": rows, "year": year, "months": _months(year, rows),
        "notice": None if rows else notice_of(year),
        "is_to_come": not rows and year > localdate().year,
        "can_change": may(staff_of(request), Act.MANAGE_SCREENS, None),
    }  # fmt: skip
    return render(
        request, "staff/schedule/calendar.html", context, status=422 if form.errors else 200
    )


def _months(year: int, rows: list[CalendarDay]) -> Wall:
    """The twelve months; of days of their neighbours in them nothing is said."""
    known = {each.date: each for each in rows}
    weeks = months.Calendar()
    return [
        [[(day, known.get(day)) if day.month == month else (day, None) for day in week]
         for week in weeks.monthdatescalendar(year, month)]
        for month in range(1, 13)
    ]  # fmt: skip
