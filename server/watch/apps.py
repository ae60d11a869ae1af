"""Registers this app with Django."""

from django.apps import AppConfig


class WatchConfig(AppConfig):
    """See the package."""

    name = "server.watch"
    label = "watch"
    default_auto_field = "django.db.models.BigAutoField"
