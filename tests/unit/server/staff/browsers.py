"""A browser in which somebody has logged in, for the tests of pages."""

import re
from typing import Any

from django.test import Client

from server.accounts.models import Staff

__all__ = ["browser_of", "version_in"]


def browser_of(person: Staff, **options: bool) -> Client:
    """Return a browser of `person`, in English."""
    browser = Client(**options)
    browser.force_login(person)
    browser.cookies["django_language"] = "en"
    return browser


def version_in(answer: Any) -> str:
    """Return the version that the form of a page carries (of several the first)."""
    field = re.search(r'<input[^>]*name="version"[^>]*>', answer.content.decode())
    assert field, "the page has no field of its version"
    return field[0].partition('value="')[2].partition('"')[0]
