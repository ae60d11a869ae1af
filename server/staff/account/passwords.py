"""The field for a new password, wherever one is chosen: it says the one rule there is."""

from django import forms
from django.conf import settings
from django.utils.functional import lazystr
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

__all__ = ["new_password"]


def new_password() -> forms.CharField:
    """Return the field."""
    return forms.CharField(
        label=_("New password"),
        help_text=lazystr(_Rule()),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
    )


class _Rule:
    """The rule, in the language of whoever reads it."""

    def __str__(self) -> str:
        least = settings.CONFIGURATION.staff.password_characters
        return gettext("%(least)d characters or more; a short sentence is a good one.") % {
            "least": least
        }
