"""Takes a complete file into the library: the blob, the asset that refers to it, the task."""

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from server.accounts.models import Department, Staff
from server.accounts.policy import Act, require
from server.audit.services import record
from server.library.blobs import digest_of
from server.library.ingest.kinds import family_of
from server.library.keeping import UNKNOWN_TYPE, Stored, keep_blobs
from server.library.models import Asset, AssetKind, Blob
from server.library.names import TITLE_LIMIT, original_name, title_of
from server.library.tagging import put_tags

__all__ = ["asset_from_file", "receive"]

_KINDS = {"image": AssetKind.IMAGE, "video": AssetKind.VIDEO}


def asset_from_file(
    path: Path, *, actor: Staff, department: Department, now: datetime, title: str = ""
) -> Asset:
    """Take a file of this machine into the library, as a finished upload would be.  For scripts.

    The file is copied and stays where it is.  Raises `OSError`, `Forbidden`, `NotFound`.
    """
    require(actor, Act.UPLOAD, department)
    made = receive(
        path,
        digest_of(path),
        actor=actor,
        department=department,
        name=original_name(path.name),
        title=title,
        now=now,
    )
    assert made is not None
    return made


def receive(
    path: Path,
    sha256: str,
    *,
    actor: Staff,
    department: Department,
    name: str,
    title: str,
    now: datetime,
    tags: Iterable[str] = (),
    replaces: Asset | None = None,
    claim: Callable[[Asset], bool] = lambda _asset: True,
) -> Asset | None:
    """Store the file and make its asset; None (and nothing made) when `claim` says no."""
    from server.library.ingest.tasks import enqueue

    with path.open("rb") as file:
        kind = _KINDS.get(family_of(file.read(4096)), AssetKind.DOCUMENT)

    def make(blob: Blob) -> Asset:
        asset = Asset.objects.create(
            title=(title.strip() or title_of(name))[:TITLE_LIMIT],
            kind=kind,
            department=department,
            uploaded_by=actor,
            original=blob,
            original_name=name,
            created_at=now,
            replaces=replaces,
        )
        put_tags(asset, tags)
        if not claim(asset):
            raise _Taken
        enqueue(asset)
        detail = {"sha256": sha256, "bytes": blob.bytes, "name": name}
        record(actor=actor, action="asset.upload", subject=asset, detail=detail, now=now)
        return asset

    whole = Stored(path, sha256, UNKNOWN_TYPE)
    try:
        return keep_blobs([whole], now, lambda rows: make(rows[0]))
    except _Taken:
        return None


class _Taken(Exception):  # noqa: N818
    """Somebody else has finished this upload."""
