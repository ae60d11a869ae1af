"""The files that manifests name: are they there and whole, and which must not be collected?

For publishing, and for the library, which asks before it deletes a blob.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Literal, TypeVar

from django.utils.translation import gettext_noop as _

from manifest.model import Manifest
from server.errors import Busy
from server.library.blobs import store
from server.library.models import Blob
from server.library.services import blobs_wanting
from server.publishing.errors import BlobMissing
from server.publishing.models import Publication
from server.publishing.parts import digests_of
from server.publishing.selectors import BATCH, payload_in

__all__ = ["Unread", "claimed_blobs", "require_files", "with_files_read"]

#: How long a file that was read counts as whole; the nightly scrub reads 200 GB.
READ_WITHIN = timedelta(days=7)

#: How often publishing begins again because there are files that nobody has read lately.
ATTEMPTS = 5

#: When publishing is worth trying again that met new files every time, in seconds.
RETRY_AFTER_S = 2

#: Publications of a screen whose files it may still fetch: the newest and the one before.
_KEPT = 2

Made = TypeVar("Made")

_State = Literal["whole", "unread", "wanting"]

_DIGEST = re.compile(rb'"sha256":"([0-9a-f]{64})"')


class Unread(Exception):  # noqa: N818
    """Files that are to be published and that nobody has read lately: see `with_files_read`."""

    def __init__(self, digests: Collection[str]) -> None:
        super().__init__(f"{len(digests)} files were not read lately")
        self.digests = digests


def with_files_read(publish: Callable[[Collection[str]], Made], now: datetime) -> Made:
    """Call `publish`, and again as often as it finds files unread; it is given what was read.

    `publish` is a transaction that asks `require_files`.  What was not read lately is read between
    two attempts, when nothing is locked: a film takes seconds, and others want to write meanwhile.
    """
    read = set[str]()
    for _attempt in range(ATTEMPTS):
        try:
            return publish(read)
        except Unread as unread:
            blobs_wanting(unread.digests, now=now)  # it marks what is wrong, and that is refused
            read |= set(unread.digests)
    raise Busy(
        _("The files are being replaced at this moment: publish again."),
        retry_after_s=RETRY_AFTER_S,
    )


def require_files(manifests: Iterable[Manifest], read: Collection[str], now: datetime) -> None:
    """Refuse manifests that name a file which is missing or damaged in the store (S18, S21).

    Raises `BlobMissing` with the titles that are concerned, and `Unread` for files that may be
    damaged without anybody knowing: those that are not in `read`, and that nobody has read since
    they were stored, or for `READ_WITHIN`, or since they were changed.
    """
    named = {sha256: file.bytes for each in manifests for sha256, file in each.files().items()}
    states = _states(named, now)
    wanting = {sha256 for sha256, state in states.items() if state == "wanting"}
    if wanting:
        raise _missing(wanting, manifests)
    unread = {sha256 for sha256, state in states.items() if state == "unread"} - set(read)
    if unread:
        raise Unread(unread)


def _states(named: Mapping[str, int], now: datetime) -> dict[str, _State]:
    known = Blob.objects.filter(damaged_at=None).in_bulk(list(named))
    return {
        sha256: _state(known[sha256], size, now) if sha256 in known else "wanting"
        for sha256, size in named.items()
    }


def _state(blob: Blob, size: int, now: datetime) -> _State:
    """Of a store elsewhere only what the row says: asking it for each file takes too long."""
    changed_at, path = blob.created_at, store().local_path(blob.pk)
    if path is not None:
        try:
            found = path.stat()
        except OSError:
            return "wanting"
        if found.st_size != size:
            return "wanting"
        changed_at = max(changed_at, datetime.fromtimestamp(found.st_mtime, UTC))
    checked_at = blob.checked_at
    is_read = checked_at is not None and checked_at > max(changed_at, now - READ_WITHIN)
    return "whole" if is_read else "unread"


def _missing(wanting: Collection[str], manifests: Iterable[Manifest]) -> BlobMissing:
    titles = sorted(
        {
            asset.title
            for manifest in manifests
            for asset in manifest.assets.values()
            if not digests_of(asset).isdisjoint(wanting)
        }
    )
    return BlobMissing(
        _(
            "The file of “%(titles)s” is missing or damaged on the server, so nothing was "
            "published: upload it again, or take it out."
        ),
        values={"titles": "”, “".join(titles)},
        details={"files": sorted(wanting), "titles": titles},
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
