"""Registers this app with Django."""

from django.apps import AppConfig


class ProgrammeConfig(AppConfig):
    """See the package."""

    name = "server.programme"
    label = "programme"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the library where assets stand."""
        from server.library.uses import register_uses
        from server.programme.playlists import uses_in_playlists

        register_uses(self.label, uses_in_playlists)
