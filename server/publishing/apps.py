"""Registers this app with Django."""

from django.apps import AppConfig


class PublishingConfig(AppConfig):
    """See the package."""

    name = "server.publishing"
    label = "publishing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the library which files screens may still fetch."""
        from server.library.uses import register_blob_claims
        from server.publishing.files import claimed_blobs

        register_blob_claims(self.label, claimed_blobs)
