"""Brings the database to the newest form: all migrations, or none.

One transaction around them all, on SQLite and on PostgreSQL, so that the version before can start
again on what it left when a migration fails (docs/adr/0015).  For `init` only.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management import call_command
from django.db import connection, transaction

from server.project import pending_migrations

__all__ = ["migrate"]

#: The key of PostgreSQL's advisory lock on the form of the database.
MIGRATION_LOCK = 0x6D696772617465


def migrate() -> list[str]:
    """Apply what is pending; returns its names.  Whatever is raised, nothing has changed."""
    pending = pending_migrations()
    if pending:
        _keep_to_ourselves()
        with _without_foreign_keys(), transaction.atomic():
            _one_at_a_time()
            call_command("migrate", verbosity=0, interactive=False)
            connection.check_constraints()
    return pending


@contextmanager
def _without_foreign_keys() -> Iterator[None]:
    """SQLite: rebuilding a table needs this, and it cannot be said inside a transaction."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.disable_constraint_checking()
    try:
        yield
    finally:
        connection.enable_constraint_checking()


def _one_at_a_time() -> None:
    """PostgreSQL: of several machines that are brought to a new version at once, one migrates."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [MIGRATION_LOCK])


def _keep_to_ourselves() -> None:
    """SQLite: nobody else may read the file; the log beside it takes over its mode."""
    if connection.vendor == "sqlite":
        file = Path(connection.settings_dict["NAME"])
        file.touch(0o600)
        file.chmod(0o600)
