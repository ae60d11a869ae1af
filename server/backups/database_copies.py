"""A consistent copy of the database while others write, and the way back.

SQLite: its online backup, then an integrity check of the copy.  PostgreSQL: `pg_dump` in its own
format, and `pg_restore` in one transaction, so that a restore that fails changes nothing.
"""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, connections

from content_cache.disk import RealDisk
from content_cache.durable import sync_folder
from server.backups.description import BackupRefused

__all__ = ["copy_database", "integrity_faults", "put_database_back"]

#: Pages that are copied between two looks at other writers; 4 MiB.
PAGES_AT_A_TIME = 1024


def copy_database(folder: Path) -> Path:
    """Write a copy of the database into `folder`; returns its path.  Raises `BackupRefused`."""
    if connection.vendor == "sqlite":
        target = folder / "database.sqlite3"
        _copy_sqlite(Path(connection.settings_dict["NAME"]), target)
    else:
        target = folder / "database.pgdump"
        _run(["pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}"])
    _sync(target)
    return target


def _copy_sqlite(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as ours, closing(sqlite3.connect(target)) as copy:
        ours.backup(copy, pages=PAGES_AT_A_TIME)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
    if faults := integrity_faults(target):
        raise BackupRefused(
            "the copy of the database is damaged (%(why)s); the database itself may be:"
            " run 'yingbi-server check'",
            values={"why": faults[0]},
        )


def integrity_faults(file: Path) -> list[str]:
    """Return what SQLite finds wrong in a database file; nothing is well."""
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
            rows = [str(row[0]) for row in database.execute("PRAGMA integrity_check(10)")]
            rows += [
                f"broken reference {row}" for row in database.execute("PRAGMA foreign_key_check")
            ]
    except sqlite3.DatabaseError as error:
        return [str(error)]
    return [row for row in rows if row != "ok"]


def put_database_back(copy: Path, kept_as: str) -> Path | None:
    """Replace the database by `copy`; returns where the former one is kept, if it is a file.

    Raises `BackupRefused`; then nothing has changed.
    """
    connections.close_all()
    if connection.vendor == "postgresql":
        options = [
            "--clean",
            "--if-exists",
            "--no-owner",
            "--single-transaction",
            "--exit-on-error",
        ]
        _run(["pg_restore", *options, f"--dbname={_name()}", str(copy)])
        return None
    return _replace_sqlite(copy, Path(connection.settings_dict["NAME"]), kept_as)


def _replace_sqlite(copy: Path, database: Path, kept_as: str) -> Path | None:
    fresh = database.with_name(f".{database.name}.new")
    shutil.copyfile(copy, fresh)
    fresh.chmod(0o600)
    _sync(fresh)
    former = None
    if database.exists():
        # What is still in the log belongs to the former database, and would spoil the new one.
        with closing(sqlite3.connect(database)) as old:
            old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            old.execute("PRAGMA journal_mode=DELETE")
        former = database.with_name(f"{database.name}.{kept_as}")
        database.replace(former)
    for ending in ("-wal", "-shm"):
        database.with_name(database.name + ending).unlink(missing_ok=True)
    fresh.replace(database)
    sync_folder(RealDisk(), database.parent)
    return former


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _name() -> str:
    return str(connection.settings_dict["NAME"])


def _run(command: list[str]) -> None:
    """Run one of PostgreSQL's programs on our database; the password goes by the environment."""
    given: dict[str, Any] = settings.DATABASES["default"]
    environment = {
        "PGHOST": given["HOST"],
        "PGPORT": given["PORT"],
        "PGUSER": given["USER"],
        "PGPASSWORD": given["PASSWORD"],
        "PGDATABASE": _name(),
    }
    try:
        done = subprocess.run(
            [_program(command[0]), *command[1:]],
            env={**os.environ, **{key: value for key, value in environment.items() if value}},
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError as error:
        raise BackupRefused(
            "%(program)s is not installed: apt install postgresql-client",
            values={"program": command[0]},
        ) from error
    if done.returncode:
        why = done.stderr.strip().splitlines() or ["no reason given"]
        raise BackupRefused(
            "%(program)s failed: %(why)s", values={"program": command[0], "why": why[-1]}
        )


def _program(name: str) -> str:
    """Return the newest of PostgreSQL's programs of this name: Debian keeps one a version."""
    found = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: path.parts[-3].zfill(3)
    )
    return str(found[-1]) if found else name
