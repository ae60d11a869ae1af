"""Registers this app with Django."""

from django.apps import AppConfig


class DatasetsConfig(AppConfig):
    """See the package."""

    name = "server.datasets"
    label = "datasets"
    default_auto_field = "django.db.models.BigAutoField"
