"""Forms about screens: made, changed, claimed; sites and groups; panel hours."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from server.accounts.policy import Act
from server.programme.models import Layout
from server.screens.models import LARGEST_SIDE, LEAST_SIDE, Screen, ScreenGroup, Site
from server.staff.forms import PlainForm, choices, many
from server.staff.rows import departments_for, visible

__all__ = ["ClaimForm", "GroupForm", "NewScreenForm", "ScreenForm", "SiteForm"]

_SLUG = forms.RegexField(
    r"\A[A-Za-z0-9._-]{1,64}\Z",
    label=_("Short name"),
    required=False,
    error_messages={"invalid": _("Letters, digits, dot and hyphen, at most 64.")},
)


class ShortNameForm(PlainForm):
    """A form with a short name that is made of the name where none is typed, and shown before."""

    name = forms.CharField(label=_("Name"), max_length=100)
    slug = _SLUG

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["name"].widget.attrs |= {
            "hx-get": reverse("staff:short_name"), "hx-trigger": "input changed delay:300ms, load",
            "hx-include": "closest form", "hx-target": "#short-name", "hx-params": "name,site",
        }  # fmt: skip
        self.fields["slug"].help_text = format_html(
            '{} <output id="short-name" class="code"></output>',
            _("It never changes. Empty: made of the name, by its pinyin initials."),
        )


PANEL_DAYS = (
    ("always", _("Always lit")),
    ("any", _("Lit every day at these hours")),
    ("work", _("Lit on workdays at these hours")),
)


def _side(label: Any, initial: int) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, initial=initial, min_value=LEAST_SIDE, max_value=LARGEST_SIDE
    )


class SiteForm(ShortNameForm):
    """A new site."""


class GroupForm(PlainForm):
    """A group of screens."""

    name = forms.CharField(label=_("Name"), max_length=100)
    allow_4k = forms.BooleanField(label=_("All of them can play 4K"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, request: HttpRequest, initial: dict[str, Any] | None = None) -> None:
        super().__init__(request.POST or None, initial=initial)
        screens = visible(request, Screen, Act.MANAGE_SCREENS).filter(retired_at=None)
        self.fields["screens"] = many(_("Screens"), screens)
        if initial is None:
            owners = departments_for(request, Act.MANAGE_SCREENS)
            self.fields["department"] = forms.ChoiceField(
                label=_("Department"), choices=choices(owners)
            )


class ScreenForm(PlainForm):
    """What may be changed of a screen."""

    name = forms.CharField(label=_("Name"), max_length=100)
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    level = forms.ChoiceField(
        label=_("Level, for the rules of review"),
        choices=[("ordinary", _("Ordinary")), ("prominent", _("Prominent"))],
        required=False,
    )
    canvas_width = _side(_("Width in pixels"), 1920)
    canvas_height = _side(_("Height in pixels"), 1080)
    timezone = forms.CharField(label=_("Time zone"), max_length=64, initial="Asia/Shanghai")
    default_layout = forms.ChoiceField(label=_("When nothing is due, show"), required=False)
    panel = forms.ChoiceField(label=_("Panel"), choices=PANEL_DAYS)
    panel_begins = forms.TimeField(
        label=_("Lit from"), required=False, widget=forms.TimeInput({"type": "time"}, "%H:%M")
    )
    panel_ends = forms.TimeField(
        label=_("Lit until"), required=False, widget=forms.TimeInput({"type": "time"}, "%H:%M")
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, request: HttpRequest, initial: dict[str, Any] | None = None) -> None:
        super().__init__(request.POST or None, initial=initial)
        layouts = choices(visible(request, Layout), blank=str(_("The slate")))
        self.fields["default_layout"].choices = layouts  # type: ignore[attr-defined]
        self.fields["groups"] = many(_("Groups of screens"), visible(request, ScreenGroup))
        self._layouts = visible(request, Layout)
        self._groups = visible(request, ScreenGroup)

    def clean(self) -> dict[str, Any]:
        """Ask for the hours of a panel that has some."""
        told = self.cleaned_data
        if told.get("panel") != "always":
            for name in ("panel_begins", "panel_ends"):
                if not told.get(name):
                    self.add_error(name, _("Say the hour."))
        return told

    @property
    def parts(self) -> dict[str, Any]:
        """What the services take."""
        told = self.cleaned_data
        plain = ("name", "place", "canvas_width", "canvas_height", "timezone")
        layout = told["default_layout"]
        return {
            **{name: told[name] for name in plain},
            **({"level": told["level"]} if told["level"] else {}),
            "default_layout": self._layouts.filter(pk=int(layout)).first() if layout else None,
            "groups": list(self._groups.filter(pk__in=told["groups"])),
            "panel_on": _panel(told),
        }


def _panel(told: dict[str, Any]) -> list[dict[str, Any]] | None:
    if told["panel"] == "always":
        return None
    day = datetime(2026, 1, 1)  # noqa: DTZ001  (a wall time)
    begins = datetime.combine(day, told["panel_begins"])
    ends = datetime.combine(day, told["panel_ends"])
    ends += timedelta(days=1) if ends <= begins else timedelta()
    return [
        {
            "start": f"{begins:%Y-%m-%dT%H:%M:%S}",
            "duration_s": int((ends - begins).total_seconds()),
            "rrule": "FREQ=DAILY",
            "days": told["panel"],
        }
    ]


def panel_initial(panel_on: Any) -> dict[str, Any]:
    """What the form shows of a panel's hours; more than one window is shown as its first."""
    if not panel_on:
        return {"panel": "always"}
    first = panel_on[0]
    begins = datetime.fromisoformat(first["start"])
    return {
        "panel": "work" if first.get("days") == "work" else "any",
        "panel_begins": begins.time(),
        "panel_ends": (begins + timedelta(seconds=first["duration_s"])).time(),
    }


class NewScreenForm(ShortNameForm, ScreenForm):
    """A new screen."""

    field_order = ("name", "slug", "site", "department", "place")

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        owners = departments_for(request, Act.MANAGE_SCREENS)
        self.fields["site"] = forms.ChoiceField(
            label=_("Site"), choices=choices(Site.objects.all())
        )
        self.fields["department"] = forms.ChoiceField(
            label=_("Department"), choices=choices(owners)
        )
        self.order_fields(self.field_order)


class ClaimForm(PlainForm):
    """The six digits that a box shows."""

    code = forms.RegexField(
        r"\A[0-9]{6}\Z",
        label=_("Six digits"),
        help_text=_("They stand on the screen of the box."),
        widget=forms.TextInput(
            {"inputmode": "numeric", "autocomplete": "off", "class": "pairing-code"}
        ),
        error_messages={"invalid": _("The code has six digits.")},
    )
