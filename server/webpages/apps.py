"""Registers this app with Django."""

from django.apps import AppConfig


class WebPagesConfig(AppConfig):
    """See the package."""

    name = "server.webpages"
    label = "webpages"
    default_auto_field = "django.db.models.BigAutoField"
