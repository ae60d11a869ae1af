"""Registers this app with Django."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """See the package."""

    name = "server.desk"
    label = "desk"
    default_auto_field = "django.db.models.BigAutoField"
