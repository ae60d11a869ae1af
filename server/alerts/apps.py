"""Registers this app with Django."""

from django.apps import AppConfig


class AlertsConfig(AppConfig):
    """See the package."""

    name = "server.alerts"
    label = "alerts"
    default_auto_field = "django.db.models.BigAutoField"
