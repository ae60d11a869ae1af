"""Registers this app with Django."""

from django.apps import AppConfig


class PublishingConfig(AppConfig):
    """See the package."""

    name = "server.publishing"
    label = "publishing"
    default_auto_field = "django.db.models.BigAutoField"
