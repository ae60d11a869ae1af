"""Looks at the database: is it there, whole, of our version, and can it be backed up?"""

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator

from django.db import DatabaseError, InterfaceError, connection

from server.configuration import Configuration
from server.database_errors import is_damaged, one_line
from server.findings.finding import Finding
from server.project import foreign_migrations, lost_database, pending_migrations

__all__ = ["dump_program", "integrity", "unusable", "version"]

RESTORE = "stop the server and bring the newest backup back (yingbi-server restore)"


def unusable(configuration: Configuration) -> Finding | None:
    """Why nothing can be asked of the database; None if it answers."""
    if file := lost_database(configuration):
        what = f"the database {file} is gone"
        cure = f"{RESTORE}; only if there was nothing in it yet, run yingbi-server init"
        return Finding("DATABASE_MISSING", what, cure)
    try:
        connection.ensure_connection()
    except (DatabaseError, InterfaceError) as error:
        if is_damaged(error):
            return Finding("DATABASE_DAMAGED", f"the database: {one_line(error)}", RESTORE)
        return _away(error)
    return None


def _away(error: Exception) -> Finding:
    what = f"the database cannot be opened: {one_line(error)}"
    if connection.vendor == "sqlite":
        cure = "let the server's user read and write it and its folder"
    else:
        cure = "start PostgreSQL, or correct database.url (DATABASE_URL) and its password"
    return Finding("DATABASE_AWAY", what, cure)


def integrity(deep: bool) -> Iterator[Finding]:
    """SQLite: is every page what it should be?"""
    if connection.vendor != "sqlite":
        return
    question = "PRAGMA integrity_check(10)" if deep else "PRAGMA quick_check(10)"
    try:
        with connection.cursor() as cursor:
            rows = [str(row[0]) for row in cursor.execute(question).fetchall()]
    except (sqlite3.DatabaseError, DatabaseError) as error:
        rows = [one_line(error)]
    yield from (Finding("DATABASE_DAMAGED", row, RESTORE) for row in rows if row != "ok")


def version() -> Iterator[Finding]:
    """Is it of another version than this program?"""
    if foreign := foreign_migrations():
        what = f"the database is of a newer version than this program (it has {foreign[0]})"
        cure = "install that version again, or bring a backup from before it back"
        yield Finding("DATABASE_NEWER", what, cure)
    elif pending := pending_migrations():
        what = f"the database is of an older version: it lacks {len(pending)} migrations"
        cure = "stop the server and run yingbi-server init, which brings it to this version"
        yield Finding("MIGRATIONS_PENDING", f"{what}, the first is {pending[0]}", cure)


def dump_program() -> Iterator[Finding]:
    """PostgreSQL: without a `pg_dump` that is as new as the server there is no backup."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        server = int(cursor.fetchone()[0]) // 10_000
    ours = _dump_version()
    cure = f"install postgresql-client-{server} or newer"
    if ours is None:
        yield Finding("DUMP_MISSING", "there is no pg_dump: backups cannot be made", cure)
    elif ours < server:
        what = f"pg_dump is of PostgreSQL {ours}, the database of {server}: backups fail"
        yield Finding("DUMP_OLDER", what, cure)


def _dump_version() -> int | None:
    program = shutil.which("pg_dump")
    if program is None:
        return None
    said = subprocess.run(
        [program, "--version"], capture_output=True, text=True, check=False, env={**os.environ}
    )
    found = re.search(r"\b(\d+)[.\d]*", said.stdout)
    return int(found[1]) if found else None
