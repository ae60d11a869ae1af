"""A field of a template as a field of a form, and its value as a card's data holds it.

For the forms of this package.  Knows shapes and widgets; no rows, no requests, no services.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from server.datasets.shapes import Field
from server.staff.cards.pictures import OfferedPicture
from server.staff.data.words import choice_named, field_named

__all__ = ["PictureSelect", "form_field", "picture_field", "shown", "stored"]

#: A text that may be longer than this gets several lines.
ONE_LINE = 120
#: The same in a row, where there is less room.
LONG_CELL = 40

#: How a moment is written by the browsers' own field.
_MOMENT = "%Y-%m-%dT%H:%M"


class MomentField(forms.CharField):
    """A date and a time on the clock of the wall, in no time zone."""

    def clean(self, value: Any) -> Any:
        """Return it as ISO 8601 has it, without a zone."""
        text = super().clean(value)
        if not text:
            return ""
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            found = None
        if found is None or found.tzinfo is not None:
            raise forms.ValidationError(_("Write it like 2026-11-23 09:30."), code="invalid")
        return found.isoformat()


def form_field(field: Field, value: Any, *, in_row: int = 0) -> forms.Field:
    """Return the form's field; `value` is what it holds already, `in_row` its row from 1 on.

    What a row requires is not required by its cells: a row may be empty altogether.
    """
    label = field_named(field.path.rpartition(".")[2])
    named = _("%(field)s, row %(n)d") % {"field": label, "n": in_row} if in_row else label
    more: dict[str, Any] = {
        "label": named,
        "required": field.is_required and not in_row and field.kind != "yes-no",
        "initial": shown(field, value),
    }
    if field.is_list:
        widget = forms.Textarea({"rows": 4})
        return forms.CharField(widget=widget, help_text=_("One in each line."), **more)
    made = _of_kind(field, value, more, is_cell=bool(in_row))
    if in_row:
        made.widget.attrs["aria-label"] = named
    return made


def _of_kind(field: Field, value: Any, more: dict[str, Any], *, is_cell: bool) -> forms.Field:
    between: dict[str, Any] = {"min_value": field.least, "max_value": field.most}
    if field.kind == "number":
        return forms.FloatField(widget=forms.NumberInput({"step": "any"}), **between, **more)
    if field.kind == "whole":
        return forms.IntegerField(**between, **more)
    if field.kind == "date":
        widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
        return forms.DateField(widget=widget, input_formats=["%Y-%m-%d"], **more)
    if field.kind == "moment":
        return MomentField(widget=forms.TextInput({"type": "datetime-local"}), **more)
    if field.kind == "yes-no":
        return forms.BooleanField(**more)
    if field.kind == "choice":
        return forms.ChoiceField(choices=_choices(field, value, is_cell), **more)
    return _text(field, more, is_cell=is_cell)


def _choices(field: Field, value: Any, is_cell: bool) -> list[tuple[str, str]]:
    """What can be chosen; a word that only data uses (早餐) is offered if it stands there."""
    offered = [each for each in field.words if each.isascii() or each == value]
    named = [(each, choice_named(each)) for each in offered]
    return (
        [("", "–"), *named] if is_cell or (not field.is_required and not field.default) else named
    )


def _text(field: Field, more: dict[str, Any], *, is_cell: bool) -> forms.Field:
    is_address = field.path.rpartition(".")[2] == "address"
    most = LONG_CELL if is_cell else ONE_LINE
    is_long = (field.longest or 0) > most and not is_address
    attrs: dict[str, Any] = {"rows": 2 if is_cell else 8} if is_long else {}
    if is_address:
        attrs |= {"inputmode": "url", "placeholder": "https://"}
    if field.longest and not is_cell:
        attrs["data-counted"] = str(field.longest)
        more["help_text"] = _("At most %(most)d characters.") % {"most": field.longest}
    widget = forms.Textarea(attrs) if is_long else forms.TextInput(attrs)
    return forms.CharField(max_length=field.longest, widget=widget, **more)


class PictureSelect(forms.Select):
    """A choice of pictures; its script shows them (cards/picker.js)."""

    def __init__(self, attrs: dict[str, Any], smalls: Mapping[str, str]) -> None:
        super().__init__({"data-pictures": "", **attrs})
        self._smalls = smalls

    def create_option(self, name: str, value: Any, *more: Any, **others: Any) -> dict[str, Any]:
        """Say where the small picture of each choice is."""
        made: dict[str, Any] = super().create_option(name, value, *more, **others)
        if small := self._smalls.get(str(value)):
            made["attrs"]["data-small"] = small
        return made


def picture_field(cell: forms.Field, offered: Sequence[OfferedPicture]) -> forms.Field:
    """The cell as a choice of these pictures."""
    smalls = {each.value: each.small for each in offered}
    widget = PictureSelect({"aria-label": str(cell.label)}, smalls)
    choices = [(each.value, each.title) for each in offered]
    return forms.ChoiceField(label=cell.label, required=False, choices=choices, widget=widget)


def shown(field: Field, value: Any) -> Any:
    """A value of a card's data as the form shows it."""
    if value is None:
        value = field.default
    if field.is_list:
        return "\n".join(value or ())
    if field.kind == "moment" and value:
        return datetime.fromisoformat(str(value)).strftime(_MOMENT)
    if field.kind == "number" and isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def stored(field: Field, typed: Mapping[str, Any], name: str) -> Any:
    """What the form took, as a card's data holds it; None: nothing, the template's own stands."""
    value = typed.get(name)
    if field.kind == "yes-no":
        return bool(value)
    if value in ("", None):
        return None
    if field.is_list:
        return [each.strip() for each in value.splitlines() if each.strip()] or None
    if field.kind == "date":
        return value.isoformat()
    if field.kind == "number" and value.is_integer():
        return int(value)
    return value.replace("\r\n", "\n") if isinstance(value, str) else value
