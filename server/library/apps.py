"""Registers this app with Django."""

from django.apps import AppConfig


class LibraryConfig(AppConfig):
    """See the package."""

    name = "server.library"
    label = "library"
    default_auto_field = "django.db.models.BigAutoField"
