"""The Django application."""

from django.apps import AppConfig

__all__ = ["Cap"]


class Cap(AppConfig):
    """Alerts of other authorities."""

    name = "server.cap"
    label = "cap"
    default_auto_field = "django.db.models.BigAutoField"
