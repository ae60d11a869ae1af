"""Brings a backup back: everything is checked before anything changes.

Afterwards the database is brought to this version, the files are put back where they are missing,
and the audit says that it happened.  Versions of manifests still rise, because they are the time in
milliseconds or more (docs/trust.md): screens accept what is published next.
"""

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from msgspec import Struct

from content_cache.errors import StorageError
from server.backups.database_copies import integrity_faults, put_database_back
from server.backups.description import BackupRefused, Description, decode, name_of
from server.backups.making import BLOBS, KEYS, blob_list
from server.backups.pool import Pool
from server.library.blobs import digest_of
from server.secret_key import OWN_KEYS

__all__ = ["Restored", "checked", "restore_backup"]


class Restored(Struct, frozen=True):
    """What was done: where the former database is kept, and which files could not be had."""

    former: Path | None
    files: int
    missing: tuple[str, ...]


def checked(backup: Path) -> Description:
    """Return what a backup holds, or raise `BackupRefused` with why it cannot be used."""
    try:
        description = decode((backup / "backup.json").read_bytes(), str(backup))
        database = backup / description.database_file
        found = digest_of(database)
    except OSError as error:
        raise BackupRefused(
            "%(folder)s is no complete backup (%(why)s)", values={"folder": backup, "why": error}
        ) from error
    if found != description.database_sha256:
        raise BackupRefused(
            "%(file)s is damaged: its digest is not that of backup.json", values={"file": database}
        )
    if description.database == "sqlite" and (faults := integrity_faults(database)):
        raise BackupRefused(
            "%(file)s is damaged (%(why)s)", values={"file": database, "why": faults[0]}
        )
    if description.database != ("sqlite" if connection.vendor == "sqlite" else "postgresql"):
        raise BackupRefused(
            "this backup is of %(found)s, and the settings name %(wanted)s;"
            " change database.url for the restore",
            values={"found": description.database, "wanted": connection.vendor},
        )
    _refuse_newer(description)
    return description


def _refuse_newer(description: Description) -> None:
    from django.db.migrations.loader import MigrationLoader

    ours = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    if newer := sorted(set(description.migrations) - ours):
        raise BackupRefused(
            "this backup is of version %(version)s, which is newer than this one"
            " (%(migration)s is not known here); install that version first",
            values={"version": description.version, "migration": newer[0]},
        )


def restore_backup(backup: Path, description: Description, now: datetime) -> Restored:
    """Bring a `checked` backup back.  Raises `BackupRefused` or `OSError`."""
    former = put_database_back(backup / description.database_file, f"before-{name_of(now)}")
    from server.migrating import migrate

    migrate()
    files, missing = _files_back(backup)
    if description.has_keys:
        _keys_back(backup / KEYS)
    _note(backup.name, description, now)
    return Restored(former, files, missing)


def _files_back(backup: Path) -> tuple[int, tuple[str, ...]]:
    from server.library.models import Blob

    pool, store = Pool(backup.parent / BLOBS), Pool(settings.DATA / "blobs")
    listed = set(blob_list(backup))
    brought, missing = 0, []
    for sha256, size in Blob.objects.filter(damaged_at=None).values_list("sha256", "bytes"):
        if store.has(sha256, size):
            continue
        if sha256 in listed and _take(store, sha256, size, pool.path(sha256)):
            brought += 1
        elif settings.CONFIGURATION.storage.kind == "file":
            missing.append(sha256)
    return brought, tuple(missing)


def _take(store: Pool, sha256: str, size: int, source: Path) -> bool:
    """Put one file back; a copy whose bytes are not those of its name stays out."""
    try:
        return digest_of(source) == sha256 and store.take(sha256, size, source)
    except (OSError, StorageError):
        return False


def _keys_back(kept: Path) -> None:
    """Put keys back where there are none: those that are there may be newer."""
    for source in (path for path in kept.rglob("*") if path.is_file()):
        relative = source.relative_to(kept)
        is_secret = relative.parts[0] in OWN_KEYS
        target: Path = settings.DATA / relative if is_secret else settings.DATA / KEYS / relative
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            target.touch(0o600)
            target.write_bytes(source.read_bytes())


@transaction.atomic
def _note(name: str, description: Description, now: datetime) -> None:
    from server.accounts.models import LoginSession
    from server.audit.services import record

    LoginSession.objects.all().delete()  # who was logged in then need not be allowed to now
    detail = {"backup": name, "made_at": description.made_at, "audit_head": description.audit_head}
    record(actor=None, action="backup.restore", detail=detail, now=now)
