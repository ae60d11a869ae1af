"""Registers this app with Django."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """See the package."""

    name = "server.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
