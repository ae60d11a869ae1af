"""The schedule: which layout is due where and when, in words; takeovers above it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from server.accounts.models import Department
from server.accounts.policy import Act, may, require, require_somewhere
from server.programme import services
from server.programme.drafts import Where
from server.programme.entries import window_of
from server.programme.models import Entry, Layout, Takeover
from server.screens.models import Screen, ScreenGroup
from server.staff.forms import PlainForm, choices, many
from server.staff.requests import login_required, now, staff_of
from server.staff.rows import departments_for, found, visible
from server.staff.windows import REPETITIONS, WEEKDAYS, Hours, draft_of, hours_of, words_of

__all__ = ["create", "delete", "entry", "schedule"]


def _day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"), **more
    )


def _hour(label: Any, **more: Any) -> forms.TimeField:
    return forms.TimeField(label=label, widget=forms.TimeInput({"type": "time"}, "%H:%M"), **more)


class EntryForm(PlainForm):
    """An entry: what is due where, on which days, from when until when."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    layout = forms.ChoiceField(label=gettext_lazy("Layout"))
    first = _day(gettext_lazy("First day"))
    begins = _hour(gettext_lazy("From"))
    ends = _hour(
        gettext_lazy("Until"),
        help_text=gettext_lazy("Not later than the start: it goes on past midnight."),
    )
    repeats = forms.ChoiceField(label=gettext_lazy("Repeats"), choices=REPETITIONS)
    weekdays = forms.MultipleChoiceField(
        label=gettext_lazy("Weekdays"),
        choices=WEEKDAYS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("For “On certain weekdays”."),
    )
    until = _day(gettext_lazy("Last day"), required=False)
    rule = forms.CharField(
        label=gettext_lazy("Rule"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("For “By a rule”, such as FREQ=MONTHLY;BYMONTHDAY=1"),
    )
    priority = forms.IntegerField(
        label=gettext_lazy("Priority"),
        initial=10,
        min_value=-(2**31),
        max_value=2**31 - 1,
        help_text=gettext_lazy("Where two are due, the larger number is shown."),
    )
    enabled = forms.BooleanField(label=gettext_lazy("Switched on"), required=False, initial=True)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, request: HttpRequest, initial: dict[str, Any]) -> None:
        super().__init__(request.POST or None, initial=initial)
        self.fields["layout"].choices = choices(visible(request, Layout))  # type: ignore[attr-defined]
        screens = visible(request, Screen, Act.ARRANGE).filter(retired_at=None)
        self.fields["screens"] = many(gettext_lazy("Screens"), screens)
        groups = visible(request, ScreenGroup, Act.ARRANGE)
        self.fields["groups"] = many(gettext_lazy("Groups of screens"), groups)

    def clean(self) -> dict[str, Any]:
        """Ask for what the kind of repetition needs."""
        told = self.cleaned_data
        if told.get("repeats") == "weekly" and not told.get("weekdays"):
            self.add_error("weekdays", _("Choose a weekday."))
        if told.get("repeats") == "rule" and not told.get("rule"):
            self.add_error("rule", _("Write the rule."))
        if not told.get("screens") and not told.get("groups"):
            self.add_error("screens", _("Choose a screen or a group."))
        return told

    @property
    def parts(self) -> dict[str, Any]:
        """What the services take."""
        told = self.cleaned_data
        hours = Hours(
            first=told["first"], begins=told["begins"], ends=told["ends"],
            repeats=told["repeats"], weekdays=tuple(told["weekdays"]), until=told["until"],
            rule=told["rule"],
        )  # fmt: skip
        return {
            "name": told["name"],
            "where": Where(screens=told["screens"], groups=told["groups"]),
            "window": draft_of(hours),
            "priority": told["priority"],
            "enabled": told["enabled"],
        }


@login_required
@require_GET
def schedule(request: HttpRequest) -> HttpResponse:
    """List entries and takeovers."""
    rows = visible(request, Entry).select_related("layout", "department")
    entries = [
        {"is": each, "words": words_of(window_of(each))}
        for each in rows.prefetch_related("screens", "groups")
    ]
    takeovers = visible(request, Takeover).select_related("layout", "created_by")
    context = {
        "entries": entries,
        "takeovers": takeovers.prefetch_related("screens", "groups")[:20],
        "now": now(),
        "can_arrange": departments_for(request, Act.ARRANGE).exists(),
        "can_take_over": departments_for(request, Act.TAKE_OVER).exists(),
    }
    return render(request, "staff/schedule.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Make an entry."""
    require_somewhere(staff_of(request), Act.ARRANGE)
    form = EntryForm(request, {"first": localdate(), "begins": "08:00", "ends": "18:00"})
    owners = departments_for(request, Act.ARRANGE)
    form.fields["department"] = forms.ChoiceField(label=_("Department"), choices=choices(owners))
    if request.method == "POST" and form.is_valid():
        with form.refusing():
            services.entry_create(
                department=Department.objects.get(pk=form.cleaned_data["department"]),
                layout=found(visible(request, Layout), int(form.cleaned_data["layout"])),
                actor=staff_of(request),
                now=now(),
                **form.parts,
            )
            messages.success(request, _("Saved.  Screens show it once it is published."))
            return redirect("staff:schedule")
    context = {"form": form, "title": _("New entry"), "action": _("Save")}
    return render(request, "staff/entry.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an entry."""
    row = found(visible(request, Entry), pk)
    if request.method == "POST":
        require(staff_of(request), Act.ARRANGE, row.department_id)
    form = EntryForm(request, _initial(row))
    if request.method == "POST" and form.is_valid():
        with form.refusing(lambda: _initial(Entry.objects.get(pk=pk))):
            services.entry_change(
                entry=row,
                version=form.cleaned_data["version"] or 0,
                layout=found(visible(request, Layout), int(form.cleaned_data["layout"])),
                actor=staff_of(request),
                now=now(),
                **form.parts,
            )
            messages.success(request, _("Saved.  Screens show it once it is published."))
            return redirect("staff:schedule")
    can_change = may(staff_of(request), Act.ARRANGE, row.department_id)
    context = {"form": form, "title": row.name, "action": _("Save"), "entry": row,
               "can_change": can_change, "words": words_of(window_of(row))}  # fmt: skip
    return render(request, "staff/entry.html", context, status=422 if form.errors else 200)


def _initial(row: Entry) -> dict[str, Any]:
    hours = hours_of(window_of(row))
    return {
        "name": row.name, "layout": str(row.layout_id), "first": hours.first,
        "begins": hours.begins, "ends": hours.ends, "repeats": hours.repeats,
        "weekdays": list(hours.weekdays), "until": hours.until, "rule": hours.rule,
        "priority": row.priority, "enabled": row.enabled, "version": row.version,
        "screens": [str(pk) for pk in row.screens.values_list("pk", flat=True)],
        "groups": [str(pk) for pk in row.groups.values_list("pk", flat=True)],
    }  # fmt: skip


@login_required
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete an entry."""
    row = found(visible(request, Entry), pk)
    services.entry_delete(entry=row, actor=staff_of(request), now=now())
    messages.success(request, _("Deleted.  Screens show it until you publish."))
    return redirect("staff:schedule")
