"""The files that manifests name: are they there, and which must not be collected?

For publishing, and for the library, which asks before it deletes a blob.
"""

import re
from collections.abc import Collection, Iterable, Iterator

from django.utils.translation import gettext_noop as _

from server.library.blobs import store
from server.library.models import Blob
from server.publishing.compile import Body
from server.publishing.errors import BlobMissing
from server.publishing.models import Publication
from server.publishing.selectors import BATCH, payload_in

__all__ = ["claimed_blobs", "require_files"]

#: Publications of a screen whose files it may still fetch: the newest and the one before.
_KEPT = 2

_DIGEST = re.compile(rb'"sha256":"([0-9a-f]{64})"')


def require_files(bodies: Iterable[Body]) -> None:
    """Refuse bodies that name a file which is missing or damaged in the store (S18).

    On this machine's disk every file is looked at; of a store elsewhere the nightly scrub's word
    is taken.  Raises `BlobMissing` with the titles that are concerned.
    """
    different = {each.sha256: each for each in bodies}.values()
    named = {
        sha256: file.bytes for each in different for sha256, file in each.manifest.files().items()
    }
    known = dict(Blob.objects.filter(damaged_at=None).in_bulk(list(named)))
    for sha256, size in named.items():
        if sha256 not in known or not _is_there(sha256, size):
            raise _missing(sha256, different)


def _is_there(sha256: str, size: int) -> bool:
    path = store().local_path(sha256)
    try:
        return path is None or path.stat().st_size == size
    except OSError:
        return False


def _missing(sha256: str, bodies: Iterable[Body]) -> BlobMissing:
    titles = sorted(
        {
            asset.title
            for body in bodies
            for asset in body.manifest.assets.values()
            if getattr(asset, "sha256", None) == sha256
        }
    )
    return BlobMissing(
        _(
            "The file of “%(titles)s” is missing or damaged on the server, so nothing was "
            "published: upload it again, or take it out."
        ),
        values={"titles": ", ".join(titles) or sha256},
        details={"sha256": sha256, "titles": titles},
    )


def claimed_blobs(digests: Collection[str]) -> set[str]:
    """Which of these blobs a screen may still fetch, by its newest manifest or the one before."""
    wanted, found = set(digests), set[str]()
    for payload in _fetchable():
        if found == wanted:
            break
        found |= wanted & {each.decode() for each in _DIGEST.findall(payload)}
    return found


def _fetchable() -> Iterator[bytes]:
    """The manifests that screens may have or wait for, each different content once."""
    kept: dict[int, int] = {}
    contents: dict[str, int] = {}
    rows = Publication.objects.order_by("screen", "-version")
    for pk, screen, content, complete in rows.values_list(
        "pk", "screen", "content_sha256", "complete"
    ).iterator():
        if kept.get(screen, 0) < _KEPT:
            contents.setdefault(content, pk)
            kept[screen] = kept.get(screen, 0) + complete
    pks = list(contents.values())
    for start in range(0, len(pks), BATCH):
        batch = Publication.objects.filter(pk__in=pks[start : start + BATCH])
        for envelope in batch.values_list("envelope", flat=True):
            yield payload_in(envelope)
