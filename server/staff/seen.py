"""What the reader of a form saw, for rows without a number of their version.

Such a form carries a seal of all that it showed; it is saved only while that is still what is
stored.  Models with a `version` of their own do not need it: their services ask for the number.
"""

import hashlib
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from typing import Any

import msgspec
from django import forms
from django.db import transaction
from django.db.models import Model, QuerySet

from server.errors import ApplicationError, Conflict
from server.staff.forms import PlainForm

__all__ = ["SeenForm", "hold_as_seen", "seal_of", "with_seal"]

#: Hexadecimal digits of a seal: it tells changes apart and keeps no secret.
SEAL_LENGTH = 16


def seal_of(stored: Mapping[str, Any]) -> str:
    """Return a short text that is another one whenever a value is another one."""
    shown = {name: value for name, value in stored.items() if name != "version"}
    told = msgspec.json.encode(shown, order="deterministic", enc_hook=str)
    return hashlib.sha256(told).hexdigest()[:SEAL_LENGTH]


def with_seal(stored: Mapping[str, Any]) -> dict[str, Any]:
    """Return the initial values of a form that knows what it showed."""
    return {**stored, "version": seal_of(stored)}


def hold_as_seen(rows: QuerySet[Any], seen: str, stored: Callable[[], Mapping[str, Any]]) -> None:
    """Hold `rows` until the end of the transaction; raise `Conflict` if `stored` was not `seen`."""
    held: list[Model] = list(rows.select_for_update())
    newest = seal_of(stored())
    if seen != newest:
        raise Conflict(
            "%(name)s was changed by somebody else meanwhile: look at it again, then change it.",
            values={"name": ", ".join(str(each) for each in held)},
            details={"version": newest},
        )


class SeenForm(PlainForm):
    """A form that shows both sides in the place of a lost update."""

    version = forms.CharField(widget=forms.HiddenInput, required=False)

    @contextmanager
    def seen(
        self, rows: QuerySet[Any], stored: Callable[[], Mapping[str, Any]]
    ) -> Generator[None, None, None]:
        """Run a block in a transaction that holds `rows`; raise `Conflict` before it if overtaken.

        `stored` reads what the form would show now.  Within `refusing(stored)`, which shows it.
        """
        with transaction.atomic():
            hold_as_seen(rows, self.cleaned_data["version"], stored)
            yield

    def refuse(
        self, error: ApplicationError, stored: Callable[[], Mapping[str, Any]] | None = None
    ) -> None:
        """Show `error`; of both sides those fields too of which nothing is stored."""
        if stored is None:
            super().refuse(error)
            return
        blank = {name: _blank(field) for name, field in self.fields.items()}
        super().refuse(error, lambda: blank | dict(stored()))


def _blank(field: forms.Field) -> str:
    """What a field shows of which nothing is stored: nothing, or the first of its choices."""
    choices = getattr(field, "choices", ())
    return next((str(each[0]) for each in choices), "")
