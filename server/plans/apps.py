"""Registers this app with Django."""

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """See the package."""

    name = "server.plans"
    label = "plans"
    default_auto_field = "django.db.models.BigAutoField"
