"""A browser in which somebody has logged in, for the tests of pages."""

from django.test import Client

from server.accounts.models import Staff

__all__ = ["browser_of"]


def browser_of(person: Staff, **options: bool) -> Client:
    """Return a browser of `person`, in English."""
    browser = Client(**options)
    browser.force_login(person)
    browser.cookies["django_language"] = "en"
    return browser
