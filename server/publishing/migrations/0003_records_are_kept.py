"""Triggers that keep releases, publications and roots as they were written.

For whoever comes to the database past our code, by mistake or not.  A publication may gain
signatures over the same bytes (level 2), and nothing else.  On SQLite deleting is left to the
models to refuse: Django empties test databases there by DELETE.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

#: What of a publication never changes: all but `envelope` and `complete`.
_PUBLICATION = (
    "id", "release_id", "screen_id", "version", "issued_at", "expires_at", "payload_sha256",
    "content_sha256", "payload_bytes",
)  # fmt: skip
_KEPT = ("publishing_release", "publishing_rootdocument", "publishing_publication")


def _changed(table: str) -> str:
    """The condition under which an update is refused."""
    if table != "publishing_publication":
        return "TRUE"
    return " OR ".join(f"NEW.{column} <> OLD.{column}" for column in _PUBLICATION)


def add(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Make the triggers."""
    if editor.connection.vendor == "sqlite":
        for table in _KEPT:
            editor.execute(
                f"CREATE TRIGGER {table}_kept BEFORE UPDATE ON {table} WHEN {_changed(table)} "
                f"BEGIN SELECT RAISE(ABORT, '{table} rows are records and never changed'); END",
                params=None,
            )
    elif editor.connection.vendor == "postgresql":
        editor.execute(
            "CREATE FUNCTION publishing_keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "RAISE EXCEPTION '% rows are records and never changed', TG_TABLE_NAME "
            "USING ERRCODE = 'integrity_constraint_violation'; END $$",
            params=None,
        )
        for table in _KEPT:
            editor.execute(
                f"CREATE TRIGGER {table}_kept BEFORE UPDATE ON {table} FOR EACH ROW "
                f"WHEN ({_changed(table)}) EXECUTE FUNCTION publishing_keep()",
                params=None,
            )
            editor.execute(
                f"CREATE TRIGGER {table}_never_deleted BEFORE DELETE ON {table} FOR EACH ROW "
                "EXECUTE FUNCTION publishing_keep()",
                params=None,
            )


def remove(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Take them away."""
    for table in _KEPT:
        on = f" ON {table}" if editor.connection.vendor == "postgresql" else ""
        editor.execute(f"DROP TRIGGER IF EXISTS {table}_kept{on}", params=None)
        if on:
            editor.execute(f"DROP TRIGGER IF EXISTS {table}_never_deleted{on}", params=None)
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP FUNCTION IF EXISTS publishing_keep()", params=None)


class Migration(migrations.Migration):
    dependencies = [("publishing", "0002_freshness")]

    operations = [migrations.RunPython(add, remove)]
