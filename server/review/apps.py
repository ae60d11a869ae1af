"""Registers this app with Django."""

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    """See the package."""

    name = "server.review"
    label = "review"
    default_auto_field = "django.db.models.BigAutoField"
