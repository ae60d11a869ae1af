"""The form of an entry: what is due where, on which days, from when until when."""

from collections.abc import Mapping
from datetime import time
from typing import Any, cast

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from server.accounts.policy import Act
from server.programme.drafts import Where
from server.programme.models import Layout, Playlist
from server.programme.repetition import Ends, Repetition, window
from server.programme.repetition_words import WEEKDAYS, WORKWEEK
from server.screens.models import Screen, ScreenGroup
from server.staff.forms import PlainForm, choices, many
from server.staff.rows import visible

__all__ = ["LEVELS", "MONDAY_TO_FRIDAY", "PLAYLIST", "EntryForm"]

#: What a choice of the field `layout` begins with if it is a playlist, to fill the screen.
PLAYLIST = "playlist-"

#: Priorities that have a word; any other is a number.
LEVELS = (
    ("0", gettext_lazy("In the background")),
    ("10", gettext_lazy("Ordinary")),
    ("20", gettext_lazy("Goes before ordinary ones")),
    ("50", gettext_lazy("Goes before everything but a takeover")),
    ("other", gettext_lazy("Another number")),
)

#: A choice of the field `repeats`: the same as a weekly repetition with five ticks.
MONDAY_TO_FRIDAY = "mon-fri"

REPETITIONS = (
    ("once", gettext_lazy("Once")),
    ("daily", gettext_lazy("Every day")),
    ("work", gettext_lazy("Every working day, not on holidays")),
    (MONDAY_TO_FRIDAY, gettext_lazy("Monday to Friday, on holidays too")),
    ("rest", gettext_lazy("Every day off")),
    ("weekly", gettext_lazy("Weekly, on certain weekdays")),
    ("monthly", gettext_lazy("Monthly, on a day of the month")),
    ("monthly-weekday", gettext_lazy("Monthly, on a weekday")),
    ("yearly", gettext_lazy("Yearly, on this date")),
    ("rule", gettext_lazy("By a rule (RRULE)")),
)
_NTH = (
    ("1", gettext_lazy("first")), ("2", gettext_lazy("second")), ("3", gettext_lazy("third")),
    ("4", gettext_lazy("fourth")), ("-1", gettext_lazy("last")),
)  # fmt: skip
_ON = (
    ("any", gettext_lazy("On all days")),
    ("work", gettext_lazy("Only on working days")),
    ("rest", gettext_lazy("Only on days off")),
)
_ENDINGS = (
    ("never", gettext_lazy("Never")),
    ("until", gettext_lazy("On a day")),
    ("count", gettext_lazy("After so many times")),
)
_DAYS_LATER = (
    ("0", gettext_lazy("the same day, or past midnight")), ("1", gettext_lazy("the next day")),
    ("2", gettext_lazy("2 days later")), ("3", gettext_lazy("3 days later")),
    ("4", gettext_lazy("4 days later")), ("5", gettext_lazy("5 days later")),
    ("6", gettext_lazy("6 days later")), ("7", gettext_lazy("7 days later")),
)  # fmt: skip


def _day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"), **more
    )


def _hour(label: Any, **more: Any) -> forms.TimeField:
    widget = forms.TimeInput({"type": "time", "step": "60", "list": "usual-hours"}, "%H:%M")
    return forms.TimeField(label=label, widget=widget, **more)


def _of(pairs: tuple[tuple[str, Any], ...], label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=pairs, required=False)


class EntryForm(PlainForm):
    """An entry, an occurrence of it, or its occurrences from one on."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    layout = forms.ChoiceField(label=gettext_lazy("What is shown"))
    first = _day(gettext_lazy("First day"))
    begins = _hour(gettext_lazy("From"))
    ends = _hour(gettext_lazy("Until"))
    days_later = _of(_DAYS_LATER, gettext_lazy("It ends"))
    repeats = forms.ChoiceField(label=gettext_lazy("Repeats"), choices=REPETITIONS)
    every = forms.IntegerField(
        label=gettext_lazy("Every how many"),
        required=False,
        min_value=1,
        max_value=99,
        initial=1,
        help_text=gettext_lazy("1: each time; 2: every second day, week or month."),
    )
    weekdays = forms.MultipleChoiceField(
        label=gettext_lazy("Weekdays"), choices=tuple(WEEKDAYS.items()), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    month_day = forms.TypedChoiceField(
        label=gettext_lazy("Day of the month"), coerce=int, required=False, empty_value="1",
        choices=[*((str(n), str(n)) for n in range(1, 32)), ("-1", gettext_lazy("the last day"))],
    )  # fmt: skip
    nth = forms.TypedChoiceField(
        label=gettext_lazy("Which one"), choices=_NTH, coerce=int, required=False, empty_value="1"
    )
    nth_weekday = _of(tuple(WEEKDAYS.items()), gettext_lazy("Weekday"))
    on = _of(_ON, gettext_lazy("Holidays"))
    ending = _of(_ENDINGS, gettext_lazy("Ends"))
    until = _day(gettext_lazy("Last day"), required=False)
    count = forms.IntegerField(
        label=gettext_lazy("Times"), required=False, min_value=1, max_value=9_999
    )
    rule = forms.CharField(
        label=gettext_lazy("Rule"), required=False, max_length=500,
        help_text=gettext_lazy("Such as FREQ=MONTHLY;BYMONTHDAY=1"),
    )  # fmt: skip
    level = _of(LEVELS, gettext_lazy("How important"))
    priority = forms.IntegerField(
        label=gettext_lazy("Priority"), initial=10, min_value=-(2**31), max_value=2**31 - 1,
        required=False, help_text=gettext_lazy("Where two are due, the larger number is shown."),
    )  # fmt: skip
    enabled = forms.BooleanField(label=gettext_lazy("Switched on"), required=False, initial=True)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    at = forms.CharField(widget=forms.HiddenInput, required=False, max_length=19)
    scope = forms.CharField(widget=forms.HiddenInput, required=False, max_length=6)

    def __init__(self, request: HttpRequest, initial: Mapping[str, Any]) -> None:
        super().__init__(request.POST or None, initial=dict(initial))
        fields = cast(dict[str, Any], self.fields)
        layouts = visible(request, Layout)
        playlists = visible(request, Playlist).filter(items__isnull=False).distinct()
        fields["layout"].choices = [
            ("", _("Choose what is shown")),
            (_("Layouts"), choices(layouts)),
            (_("Playlists, full screen"),
             [(f"{PLAYLIST}{each.pk}", each.name) for each in playlists]),
        ]  # fmt: skip
        screens = visible(request, Screen, Act.ARRANGE).filter(retired_at=None)
        fields["screens"] = many(gettext_lazy("Screens"), screens)
        fields["groups"] = many(
            gettext_lazy("Groups of screens"), visible(request, ScreenGroup, Act.ARRANGE)
        )
        for name, label in (
            ("skipped", gettext_lazy("Dates left out")),
            ("added", gettext_lazy("Dates added")),
        ):
            if dates := tuple(initial.get(name, ())):
                fields[name] = forms.MultipleChoiceField(
                    label=label, required=False, widget=forms.CheckboxSelectMultiple,
                    choices=[(each, each.replace("T", " ")[:16]) for each in dates],
                )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Ask for what the kind of repetition needs."""
        told = self.cleaned_data
        if told.get("repeats") == "weekly" and not told.get("weekdays"):
            self.add_error("weekdays", _("Choose a weekday."))
        if told.get("repeats") == "rule" and not told.get("rule"):
            self.add_error("rule", _("Write the rule."))
        if not told.get("screens") and not told.get("groups"):
            self.add_error("screens", _("Choose a screen or a group."))
        self._clean_ending(told)
        if told.get("level") in {"", "other"} and told.get("priority") is None:
            self.add_error("priority", _("Write a number."))
        return told

    def _clean_ending(self, told: dict[str, Any]) -> None:
        if told.get("ending") == "until" and not told.get("until") and "until" not in self.errors:
            self.add_error("until", _("Choose the last day."))
        until, first = told.get("until"), told.get("first")
        if until and first and until < first and told.get("ending") != "never":
            self.add_error("until", _("The last day is before the first."))
        if told.get("ending") == "count" and not told.get("count"):
            self.add_error("count", _("Write how many times."))
        filtered = told.get("repeats") in {"work", "rest"} or (
            told.get("on") in {"work", "rest"} and told.get("repeats") != MONDAY_TO_FRIDAY
        )
        if until and not self.errors and window(self.repetition).start[:10] > f"{until}":
            self.add_error("until", _("No such day comes before the last day."))
        if told.get("ending") == "count" and filtered:
            self.add_error(
                "count", _("With working days and days off, choose the last day instead.")
            )

    @property
    def repetition(self) -> Repetition:
        """What it says of when it is due."""
        told = self.cleaned_data
        repeats, begins = told["repeats"], told["begins"]
        is_plain = repeats in {"work", "rest", MONDAY_TO_FRIDAY}  # neither filtered nor every 2nd
        weekdays = tuple(told["weekdays"]) if repeats == "weekly" else ()
        if repeats == MONDAY_TO_FRIDAY:
            repeats, weekdays = "weekly", WORKWEEK
        if repeats == "monthly-weekday":
            weekdays = (told["nth_weekday"] or "MO",)
        ending: Ends = told["ending"] or ("until" if told["until"] else "never")
        if repeats in {"once", "rule"}:
            ending = "never"
        return Repetition(
            first=told["first"], begins=begins, ends=told["ends"],
            days_later=int(told["days_later"] or 0), repeats=repeats,
            every=(told["every"] or 1) if not is_plain else 1, weekdays=weekdays,
            month_day=int(told["month_day"] or 1), nth=int(told["nth"] or 1),
            on=(told["on"] or "any") if not is_plain and repeats != "once" else "any",
            ending=ending, until=told["until"] if ending == "until" else None,
            count=told["count"] if ending == "count" else None, rule=told["rule"],
            skipped=self._dates("skipped", begins), added=self._dates("added", begins),
        )  # fmt: skip

    def canvas(self) -> tuple[int, int]:
        """The pixels of the first screen that is chosen, by itself or in a group."""
        where = self.where
        screen = Screen.objects.filter(pk__in=where.screens).first()
        if screen is None:
            screen = Screen.objects.filter(groups__in=where.groups).first()
        return (1920, 1080) if screen is None else (screen.canvas_width, screen.canvas_height)

    def _dates(self, name: str, begins: time) -> tuple[str, ...]:
        """The single dates that stay; those at the hour of the series move with it."""
        before = f"{self.initial['begins']:%H:%M:%S}" if name in self.fields else ""
        return tuple(
            f"{each[:10]}T{begins:%H:%M:%S}" if each[11:] == before else each
            for each in self.cleaned_data.get(name, ())
        )

    @property
    def importance(self) -> int:
        """The priority, by its word or its number."""
        level = self.cleaned_data["level"]
        return int(self.cleaned_data["priority"] if level in {"", "other"} else level)

    @property
    def where(self) -> Where:
        """On which screens and groups."""
        told = self.cleaned_data
        return Where(screens=told["screens"], groups=told["groups"])

    @property
    def parts(self) -> dict[str, Any]:
        """What the services take, but for the layout."""
        return {
            "name": self.cleaned_data["name"],
            "where": self.where,
            "window": window(self.repetition),
            "priority": self.importance,
            "enabled": self.cleaned_data["enabled"],
        }
