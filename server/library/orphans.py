"""Collects blobs that nothing refers to any more, and files that no row names.

A chore of the night.  Safe beside uploads: a blob's row and file go in one transaction that holds
the row, so whoever wants to refer to it waits and then puts it again (`receiving.keep_blobs`).
Nothing younger than `GRACE` is touched.
"""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from server.library.blobs import store
from server.library.models import Blob
from server.library.uses import blobs_claimed, blobs_in_use

__all__ = ["GRACE", "orphans_collect"]

log = logging.getLogger("server.library")

#: Younger blobs may be on their way to being referred to.
GRACE = timedelta(hours=24)
_BATCH = 500


def orphans_collect(*, now: datetime) -> int:
    """Delete orphans; return how many blobs went."""
    limit = now - GRACE
    gone = 0
    old = Blob.objects.filter(created_at__lt=limit).values_list("pk", flat=True)
    for digests in _batches(iter(list(old))):
        gone += _collect_of(digests)
    gone += _strangers(limit)
    if gone:
        log.info("collected %d files that nothing refers to", gone)
    return gone


def _collect_of(digests: tuple[str, ...]) -> int:
    """Delete those of the blobs that nobody needs.

    The library's own references first: what none of its rows has, no new manifest can name.
    """
    free = set(digests) - blobs_in_use(digests)
    if free:
        free -= blobs_claimed(free)
    return sum(_collect(digest) for digest in sorted(free))


def _collect(sha256: str) -> bool:
    """Delete one blob, unless a row refers to it by now."""
    try:
        with transaction.atomic():
            held = Blob.objects.select_for_update().filter(pk=sha256).first()
            if held is None or blobs_in_use([sha256]):
                return False
            held.delete()
            store().delete(sha256)
    except ProtectedError:
        return False
    return True


def _strangers(limit: datetime) -> int:
    """Files of the store without a row: left by a process that was killed at the wrong moment."""
    gone = 0
    for digests in _batches(store().digests()):
        known = set(Blob.objects.filter(pk__in=digests).values_list("pk", flat=True))
        for digest in set(digests) - known:
            gone += _drop_stranger(digest, limit)
    return gone


def _drop_stranger(sha256: str, limit: datetime) -> bool:
    """Delete a file, holding its name by a row, so that nobody refers to it meanwhile."""
    try:
        if store().stored_at(sha256) >= limit:
            return False
        with transaction.atomic():
            held = Blob.objects.create(sha256=sha256, bytes=0, mime="", created_at=limit)
            store().delete(sha256)
            held.delete()
    except (FileNotFoundError, IntegrityError):
        return False
    return True


def _batches(digests: Iterator[str]) -> Iterator[tuple[str, ...]]:
    while batch := tuple(islice(digests, _BATCH)):
        yield batch
