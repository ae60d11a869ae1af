"""Registers this app with Django."""

from django.apps import AppConfig


class LibraryConfig(AppConfig):
    """See the package."""

    name = "server.library"
    label = "library"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the checks, and hear of tasks whose worker was killed too often."""
        from django_tasks.signals import task_finished

        from server.library import checks
        from server.library.ingest import tasks

        del checks
        task_finished.connect(tasks.on_task_finished, dispatch_uid="library")
