"""Registers this app with Django."""

from django.apps import AppConfig


class StaffConfig(AppConfig):
    """See the package."""

    name = "server.staff"
    label = "staff"
