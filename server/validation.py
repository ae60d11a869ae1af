"""Model validation in our own words: what Django's `full_clean` refuses becomes `Invalid`."""

from collections.abc import Collection
from typing import TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Model

from server.errors import Invalid
from server.sentences import Sentence, joined, of_validation

__all__ = ["cleaned", "refusal"]

M = TypeVar("M", bound=Model)


def cleaned(instance: M, exclude: Collection[str] = ()) -> M:
    """Return the instance, checked; raise `Invalid` with everything wrong, by field."""
    try:
        instance.full_clean(exclude=exclude)
    except ValidationError as error:
        raise refusal(error) from error
    return instance


def refusal(error: ValidationError) -> Invalid:
    """Return what a validation said, as one sentence a field."""
    if not hasattr(error, "error_dict"):
        return Invalid(of_validation(error))
    by_field = {
        field: of_validation(ValidationError(errors)) for field, errors in error.error_dict.items()
    }
    named = {field: text for field, text in by_field.items() if field != NON_FIELD_ERRORS}
    sentences = [
        Sentence("%(field)s: %(why)s", {"field": field, "why": text})
        for field, text in named.items()
    ]
    if whole := by_field.get(NON_FIELD_ERRORS):
        sentences.append(whole)
    return Invalid(joined(sentences), details=by_field)
