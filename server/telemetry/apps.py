"""Registers this app with Django."""

from django.apps import AppConfig


class TelemetryConfig(AppConfig):
    """See the package."""

    name = "server.telemetry"
    label = "telemetry"
    default_auto_field = "django.db.models.BigAutoField"
