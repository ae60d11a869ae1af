"""What an emergency needs to be told: words or blanks or a picture, where, until when, the word."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cards.emergency import MAX_ISSUER
from server.accounts.policy import Act
from server.emergency.models import PreparedCard
from server.emergency.prepared import words_of
from server.emergency.services import Asked
from server.emergency.words import Words, blanks_in, filled
from server.library.models import Asset
from server.programme.drafts import Where
from server.staff.emergency.labels import HAZARDS
from server.staff.emergency.places import Place, groups_for, mine, whole
from server.staff.forms import PlainForm, choices
from server.staff.rows import departments_for

__all__ = ["CardForm", "GoForm", "stored_of"]

#: The ends that one click chooses, in minutes.
LENGTHS = (15, 30, 60, 180)

#: The hours until which one click lasts, on the organisation's clock: noon, the end of work, of the
#: evening's traffic, and of the day.
CLOCKS = (12, 17, 18, 24)


def _ends(now: datetime) -> list[tuple[str, str]]:
    named = {
        15: _("15 minutes"), 30: _("30 minutes"), 60: _("1 hour"), 180: _("3 hours"),
    }  # fmt: skip
    found = [(str(each), named[each]) for each in LENGTHS]
    hour = localtime(now).hour
    clocks = [(f"{each}:00", _("Until %(hour)d:00") % {"hour": each}) for each in CLOCKS]
    to_come = [pair for each, pair in zip(CLOCKS, clocks, strict=True) if each > hour]
    return [*found, *to_come, ("at", _("Until …"))]


def _today_at(now: datetime, hour: int) -> datetime:
    """A full hour of today, on the organisation's clock; 24 is the coming midnight."""
    midnight = localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(hours=hour)


class WordsForm(PlainForm):
    """The words of a card."""

    hazard = forms.ChoiceField(label=gettext_lazy("About"), choices=[*HAZARDS.items()])
    title = forms.CharField(label=gettext_lazy("Headline: what has happened"), max_length=80)
    body = forms.CharField(
        label=gettext_lazy("Text: what to do"),
        max_length=400,
        required=False,
        widget=forms.Textarea({"rows": 4}),
    )
    issuer = forms.CharField(label=gettext_lazy("Who says so"), max_length=MAX_ISSUER)

    @property
    def words(self) -> Words:
        """What was written."""
        told = self.cleaned_data
        return Words(told["title"], told["body"], told["issuer"], told["hazard"])


class GoForm(WordsForm):
    """Everything that takes the screens over."""

    request_id = forms.UUIDField(widget=forms.HiddenInput)
    ends = forms.ChoiceField(label=gettext_lazy("Until when"), widget=forms.RadioSelect)
    ends_at = forms.DateTimeField(
        label=gettext_lazy("Until"),
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}, "%Y-%m-%dT%H:%M"),
    )
    typed = forms.CharField(
        label=gettext_lazy("Type the word"), max_length=20, required=False,
        widget=forms.TextInput(
            {"autocomplete": "off", "autocapitalize": "off", "aria-labelledby": "confirm"}
        ),
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("Reason, for the record"), max_length=500, required=False
    )

    def __init__(
        self, request: HttpRequest, card: PreparedCard | None, picture: Asset | None, now: datetime
    ) -> None:
        soon = _today_at(now, localtime(now).hour + 1)
        initial = {
            "request_id": uuid.uuid4(), "ends": "30", "hazard": "general", "ends_at": soon,
        }  # fmt: skip
        staff_name = str(getattr(request.user, "department", ""))
        initial["issuer"] = card.issuer if card else staff_name
        super().__init__(request.POST or None, initial=initial)
        self.card, self.picture, self._now = card, picture, now
        self.fields["ends"].choices = _ends(now)  # type: ignore[attr-defined]
        self.blanks = self._ask_for_blanks(card)
        if picture is not None:
            self.fields["title"].label = _("Headline, if the picture cannot be shown")
            del self.fields["body"]
        self.screens = mine(request)
        self.groups = groups_for(request, now)
        self.everywhere: Place = whole(self.screens, now)
        self.fields["groups"] = forms.TypedMultipleChoiceField(
            coerce=int, required=False, choices=[(each.pk, each.name) for each in self.groups]
        )
        self.fields["screens"] = forms.TypedMultipleChoiceField(
            coerce=int, required=False, choices=[(each.pk, each.name) for each in self.screens]
        )
        self.fields["everywhere"] = forms.BooleanField(required=False)

    def _ask_for_blanks(self, card: PreparedCard | None) -> dict[str, str]:
        """Fields for the blanks in the place of the words; their names by what they ask for."""
        if card is None:
            return {}
        for name in ("title", "body", "hazard", "issuer"):
            del self.fields[name]
        found = {name: f"blank_{n}" for n, name in enumerate(blanks_in(card.title, card.body))}
        for name, field in found.items():
            self.fields[field] = forms.CharField(label=name, max_length=60)
        return found

    @property
    def words(self) -> Words:
        """What was written, or the prepared words with their blanks filled."""
        told = self.cleaned_data
        if self.card is None:
            return Words(
                told["title"], told.get("body", ""), told["issuer"], told.get("hazard", "general")
            )
        plain = words_of(self.card)
        values = {name: told.get(field, "") for name, field in self.blanks.items()}
        return Words(
            filled(plain.title, values), filled(plain.body, values), plain.issuer, plain.hazard
        )

    def clean(self) -> dict[str, Any]:
        """Ask for a place and an end."""
        told = self.cleaned_data
        if not (told.get("everywhere") or told.get("groups") or told.get("screens")):
            self.add_error(None, _("Choose where: a group of screens, or all of them."))
        if told.get("ends") == "at" and not told.get("ends_at"):
            self.add_error("ends_at", _("Say when it ends."))
        return told

    def asked(self, *, is_drill: bool, seen: list[int]) -> Asked:
        """What the service takes."""
        told = self.cleaned_data
        everywhere = told["everywhere"]
        screens = [each.pk for each in self.screens] if everywhere else told["screens"]
        return Asked(
            request=told["request_id"],
            words=self.words,
            where=Where(screens=screens, groups=() if everywhere else told["groups"]),
            ends_at=self._ends_at(),
            is_drill=is_drill,
            typed=told["typed"],
            seen=seen,
            picture=self.picture.pk if self.picture else None,
            card=self.card,
            reason=told["reason"],
        )

    def _ends_at(self) -> datetime:
        told = self.cleaned_data
        if told["ends"] == "at":
            at: datetime = told["ends_at"]
            return at
        if told["ends"].endswith(":00"):
            return _today_at(self._now, int(told["ends"].removesuffix(":00")))
        return self._now + timedelta(minutes=int(told["ends"]))


def stored_of(row: PreparedCard) -> dict[str, Any]:
    """A prepared card's fields as they are stored."""
    return {
        "name": row.name, "hazard": row.hazard, "title": row.title, "body": row.body,
        "issuer": row.issuer, "version": row.version,
    }  # fmt: skip


class CardForm(WordsForm):
    """A prepared card."""

    name = forms.CharField(label=gettext_lazy("Name of the card"), max_length=60)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    field_order = ("name", "hazard", "title", "body", "issuer")

    def __init__(self, request: HttpRequest, row: PreparedCard | None) -> None:
        super().__init__(request.POST or None, initial={} if row is None else stored_of(row))
        help_text = _("Words in braces, such as {place}, are asked for when it goes.")
        self.fields["title"].help_text = self.fields["body"].help_text = help_text
        if row is None:
            owners = departments_for(request, Act.TAKE_OVER)
            self.fields["department"] = forms.ChoiceField(
                label=_("Department"), choices=choices(owners)
            )
