"""What may be uploaded: by the file, by the person and day, by the room on the disk.

Asked before the first byte; each refusal says the numbers.
"""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import F, Sum

from server.accounts.models import Staff
from server.errors import Invalid, NoSpace, TooLarge, TooManyRequests
from server.library.models import Upload
from server.sentences import Sentence

__all__ = ["check", "free_bytes", "megabytes"]

#: The span that "a day" means here: the last 24 hours.
DAY = timedelta(hours=24)


def check(*, actor: Staff, size: int, now: datetime) -> None:
    """Raise when `actor` may not upload a file of `size` bytes now."""
    if size < 1:
        raise Invalid("The file is empty (0 bytes): upload it again.", code="UPLOAD_EMPTY")
    _check_file(size)
    _check_day(actor, size, now)
    _check_disk(size)


def free_bytes(folder: Path) -> int:
    """What the disk below `folder` (or the nearest folder above it that is there) has left."""
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


def megabytes(size: int) -> str:
    """A size for a person."""
    if size >= 1_000_000:
        return f"{size / 1_000_000:,.0f} MB"
    return Sentence("%(number)s bytes", {"number": f"{size:,}"})


def _check_file(size: int) -> None:
    limit: int = settings.MAX_UPLOAD_BYTES
    if size > limit:
        raise TooLarge(
            "The file has %(size)s; at most %(limit)s are accepted.",
            values={"size": megabytes(size), "limit": megabytes(limit)},
            code="UPLOAD_TOO_LARGE",
            details={"bytes": size, "limit": limit},
        )


def _check_day(actor: Staff, size: int, now: datetime) -> None:
    limit: int = settings.MAX_DAILY_UPLOAD_BYTES
    recent = Upload.objects.filter(staff=actor, created_at__gt=now - DAY)
    used = recent.aggregate(sum=Sum("bytes"))["sum"] or 0
    if used + size > limit:
        raise TooManyRequests(
            "You have uploaded %(used)s in the last 24 hours; with this file of %(size)s it would"
            " be more than %(limit)s. Try again later, or ask an administrator.",
            values={"used": megabytes(used), "size": megabytes(size), "limit": megabytes(limit)},
            code="UPLOAD_QUOTA",
            details={"bytes": size, "used": used, "limit": limit},
        )


def _check_disk(size: int) -> None:
    """Room for this file, for what other uploads still have to send, and for the reserve."""
    waiting = Upload.objects.filter(asset=None).aggregate(sum=Sum(F("bytes") - F("received")))
    free, reserve = free_bytes(settings.DATA), settings.MIN_FREE_BYTES
    left = free - (waiting["sum"] or 0) - size
    if left < reserve:
        raise NoSpace(
            "The server has %(free)s free, of which %(reserve)s are kept: no room for %(size)s."
            " Tell the maintainer to make room.",
            values={
                "free": megabytes(free),
                "reserve": megabytes(reserve),
                "size": megabytes(size),
            },
            details={"bytes": size, "free": free, "reserve": reserve},
        )
