"""`backup.json`: what a backup holds, by which it is checked before anything is restored.  Pure."""

from datetime import UTC, datetime
from typing import Literal

import msgspec
from msgspec import Struct

from server.errors import ApplicationError

__all__ = ["FORMAT", "BackupRefused", "Description", "decode", "encode", "name_of"]

#: The only format there is.
FORMAT = 1


class BackupRefused(ApplicationError):
    """A backup cannot be used: damaged, incomplete, or of a newer version."""

    status = 422
    code = "BACKUP_REFUSED"


class Description(Struct, frozen=True, forbid_unknown_fields=True):
    """What is in a backup; digests are SHA-256 in hexadecimal."""

    format: int
    made_at: datetime
    version: str
    organisation: str
    database: Literal["sqlite", "postgresql"]
    database_file: str
    database_sha256: str
    migrations: tuple[str, ...]
    audit_rows: int
    audit_head: str
    blobs: int
    blob_bytes: int
    missing_blobs: tuple[str, ...]
    has_keys: bool


def encode(description: Description) -> bytes:
    """Return the file's bytes."""
    return msgspec.json.format(msgspec.json.encode(description), indent=2) + b"\n"


def decode(content: bytes, where: str) -> Description:
    """Read the file's bytes.  Raises `BackupRefused`."""
    try:
        description = msgspec.json.decode(content, type=Description)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BackupRefused(
            "%(file)s is damaged (%(why)s); take another backup",
            values={"file": where, "why": error},
        ) from error
    if description.format != FORMAT:
        raise BackupRefused(
            "%(file)s is of a newer version; install that version first", values={"file": where}
        )
    return description


def name_of(made_at: datetime) -> str:
    """Return the name of a backup's folder: it sorts by time."""
    return made_at.astimezone(UTC).strftime("%Y-%m-%dT%H%M%S.%fZ")
