"""What is said of an asset, as a form: title, tags, last day of the organisation."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.timezone import localtime, make_aware
from django.utils.translation import gettext_lazy as _

from server.library.models import Asset
from server.library.names import TITLE_LIMIT
from server.library.tagging import tagged
from server.staff.forms import PlainForm

__all__ = ["DetailsForm", "initial_of", "instant_after", "last_day_of", "tags_in"]


class DetailsForm(PlainForm):
    """Title, tags and the last day of an asset."""

    title = forms.CharField(label=_("Title"), max_length=TITLE_LIMIT)
    tags = forms.CharField(
        label=_("Tags"), required=False, max_length=900,
        widget=forms.TextInput(attrs={
            "list": "known-tags", "autocomplete": "off", "aria-label": _("Tags"),
        }),
    )  # fmt: skip
    last_day = forms.DateField(
        label=_("Shown until"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("The last day; after it no screen shows it any more. Empty: for ever."),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput)


def initial_of(asset: Asset) -> Mapping[str, Any]:
    """The form's fields as they are stored."""
    return {
        "title": asset.title, "tags": ", ".join(tagged(asset)),
        "last_day": last_day_of(asset.valid_until), "version": asset.version,
    }  # fmt: skip


def tags_in(text: str) -> list[str]:
    """The tags of a text with commas: Western ones, Chinese ones, 、."""
    for comma in "，、;；\n":
        text = text.replace(comma, ",")
    return [each.strip() for each in text.split(",") if each.strip()]


def instant_after(day: date | None) -> datetime | None:
    """The end of a day on the organisation's clock: its last instant, half-open."""
    if day is None:
        return None
    following = day + timedelta(days=1)
    return make_aware(datetime(following.year, following.month, following.day))  # noqa: DTZ001


def last_day_of(valid_until: datetime | None) -> str:
    """The last day on which something is shown that ends at this instant, as a form takes it."""
    if valid_until is None:
        return ""
    return localtime(valid_until - timedelta(microseconds=1)).date().isoformat()
