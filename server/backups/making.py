"""Makes a backup while the server runs: the database first, then every file that it names.

In this order a file that is uploaded meanwhile is merely not in this backup; one that is deleted
meanwhile is named as missing.  The folder has its name only when all is written.
"""

import logging
import os
import shutil
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from msgspec import Struct

from content_cache.disk import RealDisk
from content_cache.durable import make_folders, sync_folder, write_durably
from server.audit.selectors import head
from server.backups.database_copies import copy_database
from server.backups.description import FORMAT, BackupRefused, Description, decode, encode, name_of
from server.backups.pool import Pool
from server.library.blobs import digest_of
from server.secret_key import OWN_KEYS

__all__ = ["BLOBS", "KEYS", "Made", "blob_list", "existing", "forget_old", "make_backup"]

log = logging.getLogger("server.backups")

#: The pool of files beside the backups, and the list of a backup's own.
BLOBS, BLOB_LIST = "blobs", "blobs.txt"

#: Where a backup keeps keys, if it was told to.
KEYS = "keys"


class Made(Struct, frozen=True):
    """A backup that is there."""

    path: Path
    description: Description


def make_backup(*, folder: Path, with_keys: bool, now: datetime) -> Made:
    """Make one below `folder`, where nobody else makes one (`nightly.only_one`).

    Raises `BackupRefused`, `StorageError` or `OSError`.
    """
    disk = RealDisk()
    old = os.umask(0o077)
    try:
        make_folders(disk, folder / BLOBS)
        for left in folder.glob(".[0-9]*Z.new"):  # of a process that was killed: we are alone here
            shutil.rmtree(left, ignore_errors=True)
        building = folder / f".{name_of(now)}.new"
        make_folders(disk, building)
        try:
            description = _fill(building, Pool(folder / BLOBS), with_keys, now)
            path = folder / name_of(now)
            building.replace(path)
            sync_folder(disk, folder)
        finally:
            shutil.rmtree(building, ignore_errors=True)
    finally:
        os.umask(old)
    return Made(path, description)


def _fill(building: Path, pool: Pool, with_keys: bool, now: datetime) -> Description:
    audit_rows, audit_head = head()
    database = copy_database(building)
    blobs = _blobs()
    missing = tuple(
        sha256 for sha256, size in blobs.items() if not pool.take(sha256, size, _stored(sha256))
    )
    kept = [sha256 for sha256 in blobs if sha256 not in set(missing)]
    disk = RealDisk()
    write_durably(disk, building / BLOB_LIST, "".join(f"{one}\n" for one in kept).encode())
    if with_keys:
        _copy_keys(building / KEYS)
    description = Description(
        format=FORMAT,
        made_at=now,
        version=_version(),
        organisation=settings.ORGANISATION,
        database="sqlite" if connection.vendor == "sqlite" else "postgresql",
        database_file=database.name,
        database_sha256=digest_of(database),
        migrations=tuple(sorted(f"{app}.{name}" for app, name in _applied())),
        audit_rows=audit_rows,
        audit_head=audit_head,
        blobs=len(kept),
        blob_bytes=sum(blobs[one] for one in kept),
        missing_blobs=missing,
        has_keys=with_keys,
    )
    write_durably(disk, building / "backup.json", encode(description))
    return description


def _blobs() -> dict[str, int]:
    """Return every file that rows name and that should lie on our own disk, with its size."""
    from server.library.models import Blob

    if settings.CONFIGURATION.storage.kind != "file":
        return {}  # the S3 store keeps its own copies
    return dict(Blob.objects.filter(damaged_at=None).values_list("sha256", "bytes"))


def _stored(sha256: str) -> Path:
    path: Path = settings.DATA / "blobs" / sha256[:2] / sha256
    return path


def _applied() -> list[tuple[str, str]]:
    return list(MigrationRecorder(connection).applied_migrations())


def _version() -> str:
    from importlib.metadata import version

    return version("yingbi")


def _copy_keys(target: Path) -> None:
    shutil.copytree(settings.DATA / "keys", target)
    for name in OWN_KEYS:
        if (settings.DATA / name).exists():  # an older server has not all of them
            shutil.copyfile(settings.DATA / name, target / name)


def existing(folder: Path) -> list[Made]:
    """Return the backups below `folder`, oldest first; what is damaged is left out and told."""
    found = []
    for file in sorted(folder.glob("[0-9]*Z/backup.json")):
        try:
            found.append(Made(file.parent, decode(file.read_bytes(), str(file))))
        except (OSError, BackupRefused) as error:
            log.warning("a backup is left out: %s", error)
    return found


def forget_old(*, folder: Path, keep: int) -> int:
    """Delete all but the newest `keep` backups, and files that none of them names.

    A backup whose description cannot be read keeps its files: the disk may be better tomorrow.
    """
    backups = existing(folder)
    old = backups[:-keep] if keep else backups
    for one in old:
        shutil.rmtree(one.path)
    lists = folder.glob(f"[0-9]*Z/{BLOB_LIST}")
    wanted = {name for one in lists for name in blob_list(one.parent)}
    Pool(folder / BLOBS).keep_only(wanted)
    return len(old)


def blob_list(backup: Path) -> list[str]:
    """Return the digests of a backup's files."""
    return (backup / BLOB_LIST).read_text("ascii").split()
