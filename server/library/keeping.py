"""Puts files into the store and the rows that refer to them into the database, in that order.

A file is durable under its digest before any row names it; the rows come in one transaction; and
then the file is looked at again, because a collection of orphans may have taken it between the
two (`orphans`).
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from django.db import IntegrityError, transaction
from msgspec import Struct

from server.library.blobs import store
from server.library.models import Blob

__all__ = ["UNKNOWN_TYPE", "Stored", "keep_blobs"]

#: How often a blob is put again that was collected while it was put.
_TRIES = 3

#: The media type of an original, which nobody is ever sent.
UNKNOWN_TYPE = "application/octet-stream"

Made = TypeVar("Made")


class Stored(Struct, frozen=True):
    """A file that shall be a blob: where it lies, its digest (just computed), its media type."""

    path: Path
    sha256: str
    mime: str


def keep_blobs(files: Sequence[Stored], now: datetime, make: Callable[[list[Blob]], Made]) -> Made:
    """Store the files under their digests, and call `make` with their rows in one transaction.

    `make` must write what refers to the rows: a blob that nothing refers to is collected.
    """
    for attempt in range(_TRIES):
        _put(files)
        try:
            with transaction.atomic():
                made = make([_row(file, now) for file in files])
        except IntegrityError:
            # A row was collected while we referred to it; anything else fails again.
            if attempt + 1 == _TRIES:
                raise
            continue
        _put(files)  # one may have been collected before there was a row
        return made
    raise AssertionError("the last try has returned or raised")


def _put(files: Sequence[Stored]) -> None:
    for file in files:
        store().put(file.path, file.sha256)


def _row(file: Stored, now: datetime) -> Blob:
    size = file.path.stat().st_size
    values = {"bytes": size, "mime": file.mime, "created_at": now, "checked_at": now}
    blob, made = Blob.objects.get_or_create(sha256=file.sha256, defaults=values)
    if made:
        return blob
    # The same bytes have come again: what was damaged is whole, and their type may be known now.
    known = blob.mime if file.mime == UNKNOWN_TYPE else file.mime
    if blob.damaged_at is not None or blob.mime != known:
        blob.damaged_at, blob.mime = None, known
        blob.save(update_fields=["damaged_at", "mime"])
    return blob
