"""Registers this app with Django."""

from django.apps import AppConfig


class RemoteConfig(AppConfig):
    """See the package."""

    name = "server.remote"
    label = "remote"
    default_auto_field = "django.db.models.BigAutoField"
