"""Registers this app with Django."""

from django.apps import AppConfig


class EmergencyConfig(AppConfig):
    """See the package."""

    name = "server.emergency"
    label = "emergency"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hear of receipts: a screen that has taken an emergency over is asked for a picture."""
        from server.emergency.proof import ask_for_pictures
        from server.telemetry.listeners import on_receipts

        on_receipts(self.label, ask_for_pictures)
