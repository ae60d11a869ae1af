"""Uploads that survive a lost network: begin, append at an offset, finish.  Writes `Upload`.

What `upload_append` has answered is on the disk.  A client that lost the answer asks for
`upload_offset` and goes on from there; finishing twice gives the same asset.  The digest is
computed on the server; what the browser says of the file (name, type) decides nothing.
"""

import errno
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from server.accounts.models import Department, Staff
from server.accounts.policy import Act, in_reach, require
from server.errors import Conflict, NoSpace, NotFound
from server.library import quotas
from server.library.models import Asset, Upload
from server.library.names import original_name
from server.library.parts import parts
from server.library.receiving import receive
from server.library.tagging import words_of

__all__ = [
    "ABANDONED_AFTER",
    "upload_append",
    "upload_begin",
    "upload_cancel",
    "upload_finish",
    "upload_offset",
    "upload_twins",
    "uploads_clean",
    "uploads_unfinished",
]

#: The longest fingerprint of a file, in characters.
FINGERPRINT_LIMIT = 64

#: An upload without progress for so long is given up, and its bytes are removed.
ABANDONED_AFTER = timedelta(hours=24)


def upload_begin(
    *,
    actor: Staff,
    department: Department,
    name: str,
    size: int,
    now: datetime,
    fingerprint: str = "",
    tags: Iterable[str] = (),
    replaces: Asset | None = None,
) -> Upload:
    """Announce a file of `size` bytes; one with the `fingerprint` of an unfinished one goes on.

    Its asset gets the `tags`; one that `replaces` another waits until somebody has looked at it.
    Raises when a quota or the disk says no (`quotas`), `Invalid`, `Forbidden`, `NotFound`.
    """
    require(actor, Act.UPLOAD, department)
    if replaces is not None:
        require(actor, Act.UPLOAD, replaces.department_id)
    words = words_of(tags)
    uploads_clean(now=now)
    begun = _begun(actor, department, size, fingerprint, replaces)
    if begun is not None:
        return begun
    with transaction.atomic():
        quotas.check(actor=actor, size=size, now=now)
        return Upload.objects.create(
            staff=actor,
            department=department,
            name=original_name(name),
            bytes=size,
            created_at=now,
            touched_at=now,
            fingerprint=fingerprint[:FINGERPRINT_LIMIT],
            tags=words,
            replaces=replaces,
        )


def _begun(
    actor: Staff, department: Department, size: int, fingerprint: str, replaces: Asset | None
) -> Upload | None:
    """The actor's unfinished upload of the same file to the same place."""
    if not fingerprint:
        return None
    same = Upload.objects.filter(staff=actor, asset=None, fingerprint=fingerprint, bytes=size)
    upload = same.filter(department=department, replaces=replaces).order_by("created_at").first()
    if upload is not None:
        upload.received = parts().length(upload.pk)
    return upload


def uploads_unfinished(*, actor: Staff) -> list[Upload]:
    """What the actor has begun to send and not finished, with the bytes that are on the disk."""
    found = list(Upload.objects.filter(staff=actor, asset=None).order_by("created_at"))
    for upload in found:
        upload.received = parts().length(upload.pk)
    return found


def upload_twins(*, actor: Staff, upload_id: UUID) -> list[Asset]:
    """The assets with the very bytes of a complete upload, the newest first.

    Only such as the actor may see: that other departments have the same file is theirs to know.
    """
    upload = _own(actor, upload_id)
    length = parts().length(upload.pk)
    if upload.asset_id is not None or length < upload.bytes:
        return []
    digest = parts().digest(upload.pk, length)
    same = Asset.objects.filter(in_reach(actor, Act.VIEW), original=digest, replaces=None)
    replaced = upload.replaces_id or 0
    return list(same.exclude(pk=replaced).order_by("-created_at", "-pk"))


def upload_append(
    *, actor: Staff, upload_id: UUID, offset: int, chunks: Iterable[bytes], now: datetime
) -> int:
    """Add bytes at `offset`, which must be where the upload stands; return where it stands now.

    Raises `Conflict` (UPLOAD_OFFSET with the true offset, UPLOAD_BUSY, UPLOAD_FINISHED),
    `TooLarge`, `NoSpace`, `NotFound`.
    """
    upload = _own(actor, upload_id)
    if upload.asset_id is not None:
        raise Conflict("This upload is finished.", code="UPLOAD_FINISHED")
    try:
        length = parts().append(upload.pk, offset, chunks, upload.bytes)
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
            message = "The server's disk is full; what has arrived is kept. Try again later."
            raise NoSpace(message, details={"offset": parts().length(upload.pk)}) from error
        raise
    Upload.objects.filter(pk=upload.pk).update(received=length, touched_at=now)
    return length


def upload_offset(*, actor: Staff, upload_id: UUID) -> int:
    """Where the upload stands: how many bytes are on the disk."""
    upload = _own(actor, upload_id)
    return upload.bytes if upload.asset_id is not None else parts().length(upload.pk)


def upload_finish(
    *, actor: Staff, upload_id: UUID, now: datetime, title: str = "", sha256: str = ""
) -> Asset:
    """Make an asset of a complete upload; asked again, return the same asset.

    `sha256`, where the client knows it, must be that of the bytes.  Raises `Conflict`
    (UPLOAD_INCOMPLETE with the offset, UPLOAD_DIFFERS), `NotFound`.
    """
    upload = _own(actor, upload_id)
    if upload.asset is not None:
        return upload.asset
    length = parts().length(upload.pk)
    if length < upload.bytes:
        raise Conflict(
            "%(bytes)s bytes of the file are missing: go on with them.",
            values={"bytes": f"{upload.bytes - length:,}"},
            code="UPLOAD_INCOMPLETE",
            details={"offset": length},
        )
    path, digest = parts().path(upload.pk), parts().digest(upload.pk, length)
    if sha256 and sha256 != digest:
        parts().drop(upload.pk)
        message = "What arrived is not what was sent: upload the file again."
        raise Conflict(message, code="UPLOAD_DIFFERS", details={"offset": 0})

    def claim(asset: Asset) -> bool:
        return bool(Upload.objects.filter(pk=upload.pk, asset=None).update(asset=asset))

    made = receive(
        path,
        digest,
        actor=actor,
        department=upload.department,
        name=upload.name,
        title=title,
        tags=upload.tags,
        replaces=upload.replaces,
        now=now,
        claim=claim,
    )
    if made is None:  # another request was faster
        return Asset.objects.get(pk=Upload.objects.values_list("asset").get(pk=upload.pk)[0])
    parts().drop(upload.pk)
    return made


def upload_cancel(*, actor: Staff, upload_id: UUID) -> None:
    """Give an unfinished upload up; its bytes go at once."""
    upload = _own(actor, upload_id)
    if upload.asset_id is None:
        parts().drop(upload.pk)
        upload.delete()


def uploads_clean(*, now: datetime) -> int:
    """Remove uploads without progress for a day, and strangers beside them; return how many."""
    limit = now - ABANDONED_AFTER
    gone = 0
    for upload in Upload.objects.filter(asset=None, touched_at__lt=limit):
        parts().drop(upload.pk)
        upload.delete()
        gone += 1
    Upload.objects.filter(touched_at__lt=limit).delete()
    known = set(map(str, Upload.objects.filter(asset=None).values_list("pk", flat=True)))
    for path in parts().names():
        if path.stem not in known and path.stat().st_mtime < limit.timestamp():
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def _own(actor: Staff, upload_id: UUID) -> Upload:
    """The actor's upload; to everybody else it is not there."""
    found = Upload.objects.select_related("asset", "department", "replaces").filter(
        pk=upload_id, staff=actor
    )
    upload = found.first()
    if upload is None:
        message = "There is no such upload: it was cancelled, or given up after a day. Begin anew."
        raise NotFound(message, code="NO_SUCH_UPLOAD")
    return upload
