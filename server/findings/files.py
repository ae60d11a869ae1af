"""Looks at the files that the database names, and at the backups."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from django.conf import settings

from server.configuration import Configuration
from server.findings.finding import Finding, Severity

__all__ = ["backups", "stored"]

#: Backups older than this are told of, in hours.
OLD_BACKUP_H = 36

#: How many missing or orphaned files are named.
NAMED = 20


def stored(deep: bool) -> Iterator[Finding]:
    """Is every file there, of the right size and (`deep`) with the right bytes?"""
    if settings.CONFIGURATION.storage.kind != "file":
        return
    from server.library.models import Blob

    named = dict(Blob.objects.values_list("sha256", "bytes"))
    found = dict(_files_in(settings.DATA / "blobs"))
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


def _files_in(folder: Path) -> Iterator[tuple[str, int]]:
    for path in folder.glob("[0-9a-f][0-9a-f]/*"):
        if len(path.name) == 64 and path.is_file():
            yield path.name, path.stat().st_size


def _is_damaged(sha256: str) -> bool:
    from server.library.blobs import digest_of

    path: Path = settings.DATA / "blobs" / sha256[:2] / sha256
    return digest_of(path) != sha256


def backups(configuration: Configuration, now: datetime) -> Iterator[Finding]:
    """Is there a backup of last night?"""
    from server.backups.making import existing
    from server.backups.nightly import folder_of

    if configuration.backup.at is None:
        yield Finding("BACKUP_OFF", "there is no nightly backup", "set backup.at", Severity.WARNING)
        return
    folder = folder_of(configuration)
    newest = max((one.description.made_at for one in existing(folder)), default=None)
    if newest is None or newest < now - timedelta(hours=OLD_BACKUP_H):
        age = "there is no backup yet" if newest is None else f"the newest backup is of {newest:%F}"
        cure = "run yingbi-server backup; why the nightly one fails stands in the log"
        yield Finding("BACKUP_OLD", f"{age} in {folder}", cure, Severity.WARNING)
