"""Registers this app with Django."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """See the package."""

    name = "server.api"
    label = "api"
    default_auto_field = "django.db.models.BigAutoField"
