"""Registers this app with Django."""

from django.apps import AppConfig


class DatasetsConfig(AppConfig):
    """See the package."""

    name = "server.datasets"
    label = "datasets"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the library which files rows name."""
        from server.datasets.picture_fetching import claimed_blobs
        from server.library.uses import register_blob_claims

        register_blob_claims(self.label, claimed_blobs)
