"""Looks at the machine: settings, certificate, disk, folders."""

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from django.conf import settings

from server.checks import problems
from server.configuration import Configuration
from server.database_errors import FULL_BYTES
from server.findings.finding import Finding, Severity

__all__ = ["NO_WRITING", "certificate", "disk", "settings_that_are_wrong"]

#: A certificate that ends within this time is told of.
ENDS_SOON = timedelta(days=30)

#: On such a disk SQLite cannot even be read: no wonder, and no finding of its own.
NO_WRITING = frozenset({"DISK_FULL", "DISK_READ_ONLY"})

FOLDERS = ("blobs", "uploads", "backups", "keys")


def settings_that_are_wrong() -> Iterator[Finding]:
    """What `run` would say of the settings and the programs that are needed."""
    for message in problems():
        severity = Severity.ERROR if message.is_serious() else Severity.WARNING
        yield Finding(message.id or "CHECK", message.msg, message.hint or "", severity)


def certificate(configuration: Configuration, now: datetime) -> Iterator[Finding]:
    """Our own certificate; that of a proxy in front is not ours to read."""
    file = configuration.web.tls_certificate
    if file is None:
        return
    try:
        shown = x509.load_pem_x509_certificate(file.read_bytes())
    except (OSError, ValueError):
        return  # yingbi.E009 has it
    end = shown.not_valid_after_utc
    cure = "renew it and restart the server; screens play on meanwhile and say TLS"
    if shown.not_valid_before_utc > now:
        what = f"{file} is valid from {shown.not_valid_before_utc:%F %T} UTC on only"
        yield Finding("CERTIFICATE_EARLY", what, "wait, or set this machine's clock (NTP)")
    elif end < now:
        yield Finding("CERTIFICATE_ENDED", f"{file} ended on {end:%F %T} UTC", cure)
    elif end < now + ENDS_SOON:
        what = f"{file} ends on {end:%F %T} UTC"
        yield Finding("CERTIFICATE_ENDS", what, cure, Severity.WARNING)


def disk(configuration: Configuration) -> Iterator[Finding]:
    """The disk of the data folder, and its folders."""
    folder = configuration.data.directory
    yield from _room(folder)
    for name in FOLDERS:
        if not (folder / name).is_dir():
            cure = "mount what belongs there; if nothing does, run yingbi-server init"
            yield Finding("FOLDER_MISSING", f"{folder / name} is missing", cure)
        elif (folder / name).stat().st_mode & 0o002:
            cure = f"chmod o-w '{folder / name}'"
            yield Finding("FOLDER_OPEN", f"everybody may write to {folder / name}", cure)


def _room(folder: Path) -> Iterator[Finding]:
    found = os.statvfs(folder)
    free, total = found.f_bavail * found.f_frsize, found.f_blocks * found.f_frsize
    room = "make room: delete what is not ours, old backups first, or enlarge the disk"
    if found.f_flag & os.ST_RDONLY:
        cure = "see dmesg for why; a failing disk is best replaced before it is mounted again"
        yield Finding("DISK_READ_ONLY", f"the disk of {folder} is read-only", cure)
    elif free < FULL_BYTES:
        what = f"the disk of {folder} is full ({total / 1e9:.1f} GB): nothing can be saved"
        yield Finding("DISK_FULL", f"{what}, and screens cannot report", room)
    elif free < settings.MIN_FREE_BYTES:
        what = f"only {free / 1e9:.1f} GB of {total / 1e9:.1f} are free in {folder}"
        cure = f"{room}, or lower data.min_free_gib"
        yield Finding("DISK_LOW", f"{what}: uploads are refused", cure)
    elif found.f_files and not found.f_favail:
        what = f"the disk of {folder} has no room for more files (inodes)"
        yield Finding("DISK_FULL", what, "delete small files that are not ours")
