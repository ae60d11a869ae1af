"""The base of all forms of the staff pages: fields that say what is wrong to every reader."""

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, cast

from django import forms
from django.db.models import Model
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from server.errors import ApplicationError
from server.sentences import local
from server.staff.conflicts import Sides, is_overtaken, sides_of_form
from server.staff.refusals import sentence_of

__all__ = ["PlainForm", "choices", "many"]


class PlainForm(forms.Form):
    """A form that can also show what a service refused."""

    required_css_class = "is-required"

    #: What differs from what somebody else has stored meanwhile (`parts/conflict.html`).
    sides: Sequence[Sides] = ()

    #: How long to wait before it is worth trying again, in seconds; None: at once.
    retry_after_s: int | None = None

    @contextmanager
    def refusing(
        self, stored: Callable[[], Mapping[str, Any]] | None = None
    ) -> Generator[None, None, None]:
        """Run a block that asks services and returns; show what they refuse, and go on behind it.

        `stored` is that of `refuse`.
        """
        try:
            yield
        except ApplicationError as error:
            self.refuse(error, stored)

    def refuse(
        self, error: ApplicationError, stored: Callable[[], Mapping[str, Any]] | None = None
    ) -> None:
        """Show `error` at the fields that its details name, else above the form.

        `stored` gives the initial values of the row as it is now: if somebody else has saved it
        meanwhile, both sides are shown.
        """
        named = {
            name: text
            for name, text in error.details.items()
            if name in self.fields and isinstance(text, str)
        }
        self.retry_after_s = error.retry_after_s
        if not named:
            self.add_error(None, sentence_of(error))
        for name, text in named.items():
            self.add_error(name, local(text))
        if stored is not None and is_overtaken(error):
            self.sides = sides_of_form(self, stored())
        if "version" in error.details and "version" in self.fields:
            data = cast(QueryDict, self.data).copy()  # whoever has read it may save again
            data["version"] = str(error.details["version"])
            self.data = data


def choices(rows: Iterable[Model], *, blank: str | None = None) -> list[tuple[Any, str]]:
    """Return rows as the choices of a select; `blank` is what stands for none of them."""
    first = [] if blank is None else [("", blank)]
    return [*first, *((str(row.pk), str(row)) for row in rows)]


def many(
    label: Any, rows: Iterable[Model], *, required: bool = False
) -> forms.TypedMultipleChoiceField:
    """Return a field of tick boxes over rows; its value is a list of keys."""
    offered = choices(rows)
    return forms.TypedMultipleChoiceField(
        label=label,
        choices=offered,
        help_text="" if offered else _("None."),
        coerce=int,
        required=required,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("This is not yours to choose.")},
    )
