"""Requests with an `Idempotency-Key`: sent twice, done once (after a lost answer, say)."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from server.accounts.models import Staff
from server.datasets.models import DatasetVersion, SentOnce
from server.errors import Conflict, Invalid

__all__ = ["KEPT", "KEY_LENGTH", "once", "receipts_forget"]

#: How long a key is remembered.
KEPT = timedelta(days=2)
KEY_LENGTH = 100


def once(
    *, key: str, asked: bytes, actor: Staff, now: datetime, do: Callable[[], DatasetVersion]
) -> DatasetVersion:
    """Do it, unless the same was asked with the same key before: then what came of that.

    Raises `Conflict` if the key was used for something else, or is being worked on.
    """
    if not key:
        return do()
    if len(key) > KEY_LENGTH or not key.isprintable():
        raise Invalid(
            "An Idempotency-Key has at most %(most)d printable characters.",
            values={"most": KEY_LENGTH},
        )
    digest = hashlib.sha256(asked).hexdigest()
    found = SentOnce.objects.filter(staff=actor, key=key, at__gt=now - KEPT).first()
    if found is not None:
        return _again(found, digest)
    try:
        with transaction.atomic():
            SentOnce.objects.filter(staff=actor, key=key).delete()  # of long ago
            made = do()
            SentOnce.objects.create(
                staff=actor, key=key, request_sha256=digest, dataset=made.dataset,
                version=made.number, at=now,
            )  # fmt: skip
    except IntegrityError:
        found = SentOnce.objects.filter(staff=actor, key=key).first()
        if found is None:
            raise
        return _again(found, digest)
    return made


def _again(found: SentOnce, digest: str) -> DatasetVersion:
    if found.request_sha256 != digest:
        raise Conflict(
            "This Idempotency-Key was sent with something else: use a new one for each request."
        )
    kept = DatasetVersion.objects.filter(dataset=found.dataset_id, number=found.version).first()
    if kept is None:
        raise Conflict("What came of this request is not kept any more.")
    return kept


def receipts_forget(*, now: datetime) -> int:
    """Forget old keys; returns how many."""
    return SentOnce.objects.filter(at__lte=now - KEPT).delete()[0]
