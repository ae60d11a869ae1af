"""What `yingbi-server check` looks at: each finding says what is wrong and what to do.

Reads only.  Every look is a function of its own, so that one that fails does not hide the others.
"""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from msgspec import Struct

from server.checks import problems
from server.clock import Clock
from server.configuration import Configuration

__all__ = ["Finding", "Severity", "look"]

#: Backups older than this are told of, in hours.
OLD_BACKUP_H = 36

#: How many missing or orphaned files are named.
NAMED = 20


class Severity(StrEnum):
    """How bad it is: `error` changes the exit status."""

    ERROR = "error"
    WARNING = "warning"


class Finding(Struct, frozen=True):
    """One thing that is wrong: a code for programs, a sentence, and what to do about it."""

    code: str
    what: str
    cure: str
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        return f"{self.severity}: {self.what} ({self.code}); {self.cure}"


def look(configuration: Configuration, clock: Clock, deep: bool) -> Iterator[Finding]:
    """Yield everything that is wrong; `deep` reads every file and every page of the database."""
    yield from _settings()
    yield from _disk(configuration)
    if (away := _database()) is not None:
        yield away
        return
    looks: list[Callable[[], Iterator[Finding]]] = [
        lambda: _integrity(deep),
        _migrations,
        _audit,
        _keys,
        lambda: _clock(clock.now()),
        lambda: _files(deep),
        lambda: _backups(configuration, clock.now()),
    ]
    for one in looks:
        try:
            yield from one()
        except (DatabaseError, InterfaceError, OSError) as error:
            yield Finding("LOOK_FAILED", str(error), "see the other findings, then try again")


def _settings() -> Iterator[Finding]:
    for message in problems():
        severity = Severity.ERROR if message.is_serious() else Severity.WARNING
        yield Finding(message.id or "CHECK", message.msg, message.hint or "", severity)


def _disk(configuration: Configuration) -> Iterator[Finding]:
    folder = configuration.data.directory
    free = shutil.disk_usage(folder).free
    if free < settings.MIN_FREE_BYTES:
        what = f"only {free / 1e9:.1f} GB are free in {folder}; uploads are refused"
        yield Finding("DISK_LOW", what, "make room, or lower data.min_free_gib")
    for name in ("blobs", "uploads", "backups", "keys"):
        if not (folder / name).is_dir():
            yield Finding("FOLDER_MISSING", f"{folder / name} is missing", "run yingbi-server init")
        elif (folder / name).stat().st_mode & 0o002:
            cure = f"chmod o-w '{folder / name}'"
            yield Finding("FOLDER_OPEN", f"everybody may write to {folder / name}", cure)


def _database() -> Finding | None:
    try:
        connection.ensure_connection()
    except (DatabaseError, InterfaceError) as error:
        text = str(error).strip().splitlines()[-1]
        return Finding("DATABASE_AWAY", f"the database cannot be opened: {text}", "start it")
    return None


def _integrity(deep: bool) -> Iterator[Finding]:
    if connection.vendor != "sqlite":
        return
    question = "PRAGMA integrity_check(10)" if deep else "PRAGMA quick_check(10)"
    try:
        with connection.cursor() as cursor:
            rows = [str(row[0]) for row in cursor.execute(question).fetchall()]
    except sqlite3.DatabaseError as error:
        rows = [str(error)]
    cure = "stop the server and restore the newest backup"
    yield from (Finding("DATABASE_DAMAGED", row, cure) for row in rows if row != "ok")


def _migrations() -> Iterator[Finding]:
    from server.project import pending_migrations

    if pending := pending_migrations():
        what = f"the database lacks {len(pending)} migrations, the first is {pending[0]}"
        yield Finding("MIGRATIONS_PENDING", what, "run yingbi-server init")


def _audit() -> Iterator[Finding]:
    from server.audit.selectors import verify_chain

    cure = "find out who can write to the database; compare with a backup"
    for fault in verify_chain().breaks:
        yield Finding("AUDIT_BROKEN", f"the audit does not hold: {fault}", cure)


def _keys() -> Iterator[Finding]:
    """Nothing can be published without keys; walls go on meanwhile."""
    from server.publishing.key_report import report
    from server.publishing.selectors import newest_root

    if newest_root() is None:
        what = "there are no signing keys yet: nothing can be published"
        cure = "run yingbi-server keys init --to FOLDER"
        yield Finding("KEYS_NONE", what, cure, Severity.WARNING)
        return
    cure = "put the key files back from where you keep them, or run yingbi-server keys rotate"
    for line in report():
        if "MISSING" in line or "UNUSABLE" in line:
            yield Finding("KEY_AWAY", " ".join(line.split()), cure)


def _clock(now: datetime) -> Iterator[Finding]:
    from server.publishing.models import Publication

    newest = Publication.objects.order_by("-issued_at").values_list("issued_at", flat=True).first()
    if newest is not None and now < newest - timedelta(minutes=1):
        what = f"the clock shows {now:%F %T}, before the newest publication ({newest:%F %T})"
        yield Finding("CLOCK_BEHIND", what, "set this machine's clock (NTP), then publish")


def _files(deep: bool) -> Iterator[Finding]:
    if settings.CONFIGURATION.storage.kind != "file":
        return
    from server.library.models import Blob

    named = dict(Blob.objects.values_list("sha256", "bytes"))
    found = dict(_stored(settings.DATA / "blobs"))
    wrong = [sha256 for sha256, size in named.items() if sha256 in found and found[sha256] != size]
    missing = sorted(named.keys() - found.keys())
    cure = "restore them from a backup (yingbi-server restore), or upload them again"
    yield from _some("BLOB_MISSING", "a file that the database names is missing", missing, cure)
    yield from _some("BLOB_DAMAGED", "a file has another size than it should", wrong, cure)
    if deep:
        damaged = [sha256 for sha256 in named if sha256 in found and _is_damaged(sha256)]
        yield from _some("BLOB_DAMAGED", "a file is not what its name says", damaged, cure)
    orphans = sorted(found.keys() - named.keys())
    if orphans:
        what = f"{len(orphans)} files are in the store and in no row"
        cure = "nothing: they go by themselves after a day"
        yield Finding("BLOB_ORPHANED", what, cure, Severity.WARNING)


def _some(code: str, what: str, digests: list[str], cure: str) -> Iterator[Finding]:
    for sha256 in islice(digests, NAMED):
        yield Finding(code, f"{what}: {sha256}", cure)
    if len(digests) > NAMED:
        yield Finding(code, f"{len(digests) - NAMED} more like this", cure)


def _stored(folder: Path) -> Iterator[tuple[str, int]]:
    for path in folder.glob("[0-9a-f][0-9a-f]/*"):
        if len(path.name) == 64 and path.is_file():
            yield path.name, path.stat().st_size


def _is_damaged(sha256: str) -> bool:
    from server.library.blobs import digest_of

    path: Path = settings.DATA / "blobs" / sha256[:2] / sha256
    return digest_of(path) != sha256


def _backups(configuration: Configuration, now: datetime) -> Iterator[Finding]:
    from server.backups.making import existing
    from server.backups.nightly import folder_of

    if configuration.backup.at is None:
        yield Finding("BACKUP_OFF", "there is no nightly backup", "set backup.at", Severity.WARNING)
        return
    folder = folder_of(configuration)
    newest = max((one.description.made_at for one in existing(folder)), default=None)
    if newest is None or newest < now - timedelta(hours=OLD_BACKUP_H):
        age = "there is no backup yet" if newest is None else f"the newest backup is of {newest:%F}"
        cure = "run yingbi-server backup, and see the log for why the nightly one fails"
        yield Finding("BACKUP_OLD", f"{age} in {folder}", cure, Severity.WARNING)
