"""Which database, and how it is opened so that what was acknowledged outlives a power cut.

SQLite: write-ahead log, a sync at every commit (`synchronous=FULL`: NORMAL was measured to lose
every acknowledged commit of a power cut), writers queue for five seconds, each transaction takes
the write lock when it begins (one that starts as a reader cannot become a writer without a fault
that waiting does not cure), and no memory mapping (a disk error in a mapping kills the process).
PostgreSQL: the same patience for locks.
"""

import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from config.errors import ConfigError, ConfigProblem
from server.configuration import DatabaseSettings

__all__ = ["BUSY_TIMEOUT_S", "SQLITE_FILE", "databases", "has_wal_reset_bug"]

#: The database of a server without PostgreSQL, in the data folder.
SQLITE_FILE = "yingbi.sqlite3"

#: How long a writer waits for another, in seconds.
BUSY_TIMEOUT_S = 5

#: How long we wait for PostgreSQL to answer at all, in seconds.
CONNECT_TIMEOUT_S = 5

_PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA mmap_size=0"


def databases(settings: DatabaseSettings, data: Path) -> dict[str, dict[str, Any]]:
    """Return Django's DATABASES.  Raises `ConfigError` for an address that is none."""
    if settings.url:
        return {"default": _postgresql(settings)}
    return {"default": _sqlite(data / SQLITE_FILE)}


def _sqlite(file: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": file,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": BUSY_TIMEOUT_S,
            "init_command": _PRAGMAS,
        },
    }


def _postgresql(settings: DatabaseSettings) -> dict[str, Any]:
    parts = urlsplit(settings.url)
    if parts.scheme not in {"postgresql", "postgres"}:
        what = "is not the address of a PostgreSQL database"
        cure = "write postgresql://USER:PASSWORD@HOST:PORT/NAME"
        raise ConfigError([ConfigProblem("DATABASE_URL", what, cure)])
    more = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or "") or _password(settings.password_file),
        "HOST": more.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        # Every request has a thread of its own, so a connection kept would be kept for nobody.
        "CONN_MAX_AGE": 0,
        "OPTIONS": {
            "connect_timeout": CONNECT_TIMEOUT_S,
            "application_name": "yingbi-server",
            "options": f"-c lock_timeout={BUSY_TIMEOUT_S}s",
            **more,
        },
    }


def _password(file: Path | None) -> str:
    if file is None:
        return ""
    try:
        return file.read_text("utf-8").partition("\n")[0].strip()
    except OSError as error:
        cure = "let it be read by the server's user, and by nobody else"
        what = f"cannot be read ({error.strerror})"
        raise ConfigError([ConfigProblem(str(file), what, cure)]) from error


def has_wal_reset_bug(version: tuple[int, int, int] = sqlite3.sqlite_version_info) -> bool:
    """Can this SQLite damage a write-ahead log that two connections write at the same moment?

    SQLite 3.7.0 to 3.51.2; fixed in 3.51.3 (3.52.0 was withdrawn).
    """
    return (3, 7, 0) <= version < (3, 51, 3) or version[:2] == (3, 52)
