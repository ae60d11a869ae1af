"""Registers this app with Django."""

from django.apps import AppConfig


class ScreensConfig(AppConfig):
    """See the package."""

    name = "server.screens"
    label = "screens"
    default_auto_field = "django.db.models.BigAutoField"
