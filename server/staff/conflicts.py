"""Two people changed the same thing: what one has typed beside what the other has stored.

The page shows both and keeps what was typed; saving again overwrites, loading anew gives it up.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from msgspec import Struct

from server.errors import ApplicationError, Conflict

__all__ = ["Sides", "is_overtaken", "sides_of", "sides_of_form"]


class Sides(Struct, frozen=True):
    """One field, as the reader has typed it and as it is stored now; a line for each value."""

    label: str
    mine: list[str]
    stored: list[str]


def is_overtaken(error: ApplicationError) -> bool:
    """Was it refused because somebody else has saved meanwhile?"""
    return isinstance(error, Conflict) and "version" in error.details


def sides_of(fields: Iterable[tuple[str, Any, Any]]) -> list[Sides]:
    """Return what differs, of (label, typed, stored); lists are compared line by line."""
    every = [Sides(label, _lines(mine), _lines(stored)) for label, mine, stored in fields]
    return [each for each in every if each.mine != each.stored]


def sides_of_form(form: forms.Form, stored: Mapping[str, Any]) -> list[Sides]:
    """Return what differs between a bound form and the initial values of the row as it is now."""
    return sides_of(
        (str(bound.label), _words(bound.field, bound.value()), _words(bound.field, stored[name]))
        for name, bound in ((each.name, each) for each in form.visible_fields())
        if name in stored
    )


def _lines(value: Any) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list | tuple) else [str(value)]


def _words(field: forms.Field, value: Any) -> list[str]:
    """A field's value as a person reads it: the words of choices, dates as the form shows them."""
    if isinstance(field, forms.BooleanField):
        return [_("Yes") if field.to_python(value) else _("No")]
    values = value if isinstance(value, list | tuple) else [value]
    if isinstance(field, forms.ChoiceField):
        words = {str(key): str(word) for key, word in field.choices}  # type: ignore[misc,union-attr]  # flat
        return sorted(words.get(str(each), str(each)) for each in values)
    return [str(field.widget.format_value(each) or "") for each in values]
