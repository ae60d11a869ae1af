"""Sets Django up for a command, in the order in which things may be wrong.

The configuration first (every problem at once, status 78), then the data folder, then Django.
For composition roots only: commands and the web process.
"""

import os
from pathlib import Path

from command import Failed
from content_cache import durable
from content_cache.disk import RealDisk
from server import secret_key
from server.configuration import Configuration, current
from server.database import SQLITE_FILE

__all__ = [
    "FOLDERS",
    "foreign_migrations",
    "lost_database",
    "make_folders",
    "pending_migrations",
    "set_up",
    "set_up_initialised",
]

#: What there is in the data folder beside the database; nobody but the server's user may look.
FOLDERS = ("blobs", "uploads", "backups", "keys", "work")


def set_up() -> Configuration:
    """Read the configuration and set Django up.  Raises `ConfigError`."""
    configuration = current()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.settings")
    import django

    django.setup()
    return configuration


def set_up_initialised(*, even_without_database: bool = False) -> Configuration:
    """As `set_up`, for commands that need what `yingbi-server init` makes.

    A database file that is gone is not made anew by the way: nobody would notice what was lost.
    """
    configuration = current()
    data = configuration.data.directory
    if not secret_key.read(data):
        raise Failed(_nothing_there(data), os.EX_CONFIG)
    if not even_without_database and (file := lost_database(configuration)):
        sentence = f"the database {file} is gone; run 'yingbi-server check', which says what to do"
        raise Failed(sentence, os.EX_IOERR)
    return set_up()


def lost_database(configuration: Configuration) -> Path | None:
    """Return the file that should hold the database, if it is not there."""
    file = configuration.data.directory / SQLITE_FILE
    return None if configuration.database.url or file.exists() else file


def _nothing_there(data: Path) -> str:
    return (
        f"there is no server in {data}; make one with 'yingbi-server init', or name its folder"
        " (--data, YINGBI_DATA, data.directory)"
    )


def pending_migrations() -> list[str]:
    """Return the migrations that the database still lacks, in order."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def foreign_migrations() -> list[str]:
    """Return the migrations that the database has and this version does not know."""
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(connection)
    replaced = (pair for each in loader.disk_migrations.values() for pair in each.replaces)
    known = {*loader.disk_migrations, *replaced}
    ours = loader.migrated_apps
    return [
        f"{app}.{name}"
        for app, name in loader.applied_migrations
        if app in ours and (app, name) not in known
    ]


def make_folders(data: Path) -> None:
    """Make what is missing of the data folder, for our eyes only.  Raises `StorageError`."""
    old = os.umask(0o077)
    try:
        for folder in (data, *(data / name for name in FOLDERS)):
            durable.make_folders(RealDisk(), folder)
    finally:
        os.umask(old)
