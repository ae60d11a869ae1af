"""Registers this app with Django."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """See the package."""

    name = "server.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"
