"""Registers this app with Django."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """See the package."""

    name = "server.portal"
    label = "portal"
    default_auto_field = "django.db.models.BigAutoField"
