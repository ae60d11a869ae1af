"""Registers this app with Django."""

from django.apps import AppConfig


class ProgrammeConfig(AppConfig):
    """See the package."""

    name = "server.programme"
    label = "programme"
    default_auto_field = "django.db.models.BigAutoField"
