"""Reads blobs again and compares them with their names: damage is found before a screen asks.

`blobs_wanting` before publishing; `scrub` night by night, the longest unread first.  A blob that
is wrong is set aside: from then on it is missing, and never served as good (S21).
"""

import logging
from collections.abc import Collection
from datetime import datetime

from django.db.models import F

from server.library.blobs import store
from server.library.models import Asset, Blob, Rendition

__all__ = ["SCRUB_BYTES", "blobs_wanting", "scrub"]

log = logging.getLogger("server.library")

#: How much one pass of the scrub reads.
SCRUB_BYTES = 200 * 10**9

#: What tells a file from another that replaced it, and the digest that was found in it.
_Identity = tuple[int, int, int]
_seen: dict[str, _Identity] = {}


def blobs_wanting(digests: Collection[str], *, now: datetime) -> list[str]:
    """Which of these blobs are missing or damaged, by reading them; nothing wrong: an empty list.

    Asked before publishing.  A file that this process has read already, and that is the same file
    still (inode, time of change, size), is not read again.
    """
    return [digest for digest in sorted(set(digests)) if not _is_good(digest, now)]


def scrub(*, now: datetime, limit_bytes: int = SCRUB_BYTES) -> list[str]:
    """Read the blobs unread the longest, up to `limit_bytes`; return those that are wrong."""
    wrong, read = [], 0
    waiting = Blob.objects.filter(damaged_at=None).order_by(F("checked_at").asc(nulls_first=True))
    for blob in waiting.iterator():
        if read >= limit_bytes:
            break
        _seen.pop(blob.pk, None)
        if not _is_good(blob.pk, now):
            wrong.append(blob.pk)
        read += blob.bytes
    return wrong


def _is_good(sha256: str, now: datetime) -> bool:
    identity = _identity(sha256)
    if identity is not None and _seen.get(sha256) == identity:
        return True
    verdict = store().verify(sha256)
    if verdict == "good":
        Blob.objects.filter(pk=sha256).update(checked_at=now)
        if identity is not None:
            _seen[sha256] = identity
        return True
    Blob.objects.filter(pk=sha256, damaged_at=None).update(damaged_at=now)
    log.error("BLOB_BAD: %s is %s: %s; upload it again", sha256[:16], verdict, _names(sha256))
    return False


def _identity(sha256: str) -> _Identity | None:
    path = store().local_path(sha256)
    if path is None:
        return None
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def _names(sha256: str) -> str:
    titles = set(Asset.objects.filter(original=sha256).values_list("title", flat=True))
    made = Rendition.objects.filter(blob=sha256).values_list("asset__title", flat=True)
    named = sorted(titles | set(made))
    return (
        "it belongs to " + ", ".join(f"“{title}”" for title in named[:5]) if named else "no asset"
    )
