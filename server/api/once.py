"""Requests with an `Idempotency-Key`: sent twice (after a lost answer, say), done once.

The key, the act and its answer are one transaction: either all of it is there or nothing.  What was
refused is not remembered, so that it can be sent again once it is mended.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse

from server.accounts.models import Staff
from server.api.models import SentOnce
from server.configuration import Configuration
from server.errors import Conflict, Invalid

__all__ = ["HEADER", "KEPT", "KEY_LENGTH", "PARAMETER", "answers_forget", "once"]

HEADER = "Idempotency-Key"

#: How long a key is remembered.
KEPT = timedelta(hours=24)
KEY_LENGTH = 100

#: The header, for the document.
PARAMETER = {
    "name": HEADER,
    "in": "header",
    "description": "Sent again with the same key within 24 hours, it is done once.",
    "schema": {"type": "string", "maxLength": KEY_LENGTH},
}


def once(
    request: HttpRequest, actor: Staff, now: datetime, do: Callable[[], HttpResponse]
) -> HttpResponse:
    """Do it, unless just this was asked with this key before: then that answer.

    Raises `Invalid` if the key was sent with something else.
    """
    key = str(request.headers.get(HEADER, "")).strip()
    if not key:
        return do()
    if len(key) > KEY_LENGTH or not key.isprintable():
        raise Invalid(
            "An Idempotency-Key has at most %(most)d printable characters.",
            values={"most": KEY_LENGTH},
        )
    asked = f"{request.method} {request.get_full_path()}\n".encode() + request.body
    digest = hashlib.sha256(asked).hexdigest()
    mine = SentOnce.objects.filter(staff=actor, key=key)
    if found := mine.filter(at__gt=now - KEPT).first():
        return _again(found, digest)
    try:
        with transaction.atomic():
            mine.filter(at__lte=now - KEPT).delete()
            row = SentOnce.objects.create(staff=actor, key=key, request_sha256=digest, at=now)
            answer = do()
            row.status, row.answer = answer.status_code, answer.content
            row.save(update_fields=["status", "answer"])
    except IntegrityError:
        found = mine.first()  # another process was faster with the same key
        if found is None:
            raise
        return _again(found, digest)
    return answer


def _again(found: SentOnce, digest: str) -> HttpResponse:
    if found.request_sha256 != digest:
        raise Invalid(
            "This Idempotency-Key was sent with something else: use a new one for each request.",
            code="KEY_REUSED",
        )
    if not found.status:
        raise Conflict("This request is being worked on: ask again in a moment.")
    content = bytes(found.answer)
    return HttpResponse(content, status=found.status, content_type="application/json")


def answers_forget(_configuration: Configuration, now: datetime) -> None:
    """Forget old keys; every night."""
    SentOnce.objects.filter(at__lte=now - KEPT).delete()
