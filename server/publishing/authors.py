"""Who made the changes that a screen would show: none of them may review it.

For `publishing.reviewing`.  Reads the audit, which has a row for every act, also for what was
deleted since.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from django.db.models import Q

from manifest.model import Manifest
from server.audit.models import AuditRow
from server.library.models import Asset
from server.publishing.models import Publication, Release

__all__ = ["authors_of"]

#: Releases by which a programme came to a screen as editors had arranged it.
_ARRANGED = (Release.Kind.PUBLISH, Release.Kind.UNDO)

#: What the letters of manifest ids stand for in the audit.
_KINDS = {"l": "programme.layout", "p": "programme.playlist", "e": "programme.entry"}

#: Ids that one query asks for.
BATCH = 500


def authors_of(
    screens: Collection[int],
    changes: Collection[tuple[Manifest | None, Manifest]],
    new_assets: Collection[int],
) -> frozenset[str]:
    """The usernames of all who changed something since these screens were last published.

    Of what is new on them, whoever brought it in and whoever changed it, however long ago.
    """
    found = set(
        Asset.objects.filter(pk__in=new_assets).values_list("uploaded_by__username", flat=True)
    )
    found |= set(_actors("library.asset", map(str, new_assets), Q()))
    since = _last_arranged(screens)
    later = Q() if since is None else Q(at__gt=since)
    for kind, ids in _subjects(changes).items():
        found |= set(_actors(kind, ids, later))
    found |= set(_actors("screens.screen", map(str, screens), later))
    if any(before is None or before.calendar != after.calendar for before, after in changes):
        rows = AuditRow.objects.filter(later, action__startswith="calendar.")
        found |= set(rows.values_list("actor", flat=True))
    return frozenset(found)


def _last_arranged(screens: Collection[int]) -> datetime | None:
    """When all of these screens last showed what was arranged; None: one never did.

    After an undo that is when the programme it brought back was published: the edits since then
    are still there, and can be submitted again.
    """
    rows = Publication.objects.filter(screen__in=screens, release__kind__in=_ARRANGED)
    newest: dict[int, datetime] = {}
    columns = ("screen", "release__at", "release__restores__at")
    for screen, at, restored in rows.order_by("pk").values_list(*columns):
        newest[screen] = restored or at
    return min(newest.values()) if newest and len(newest) == len(screens) else None


def _subjects(changes: Iterable[tuple[Manifest | None, Manifest]]) -> dict[str, set[str]]:
    """Rows by their kind in the audit: all that is in one of the manifests."""
    found: dict[str, set[str]] = {kind: set() for kind in _KINDS.values()}
    for manifest in (each for pair in changes for each in pair if each is not None):
        for id_ in _ids(manifest):
            found[_KINDS[id_[0]]].add(id_[1:])
    return found


def _ids(manifest: Manifest) -> Iterator[str]:
    yield from (id_ for id_ in manifest.layouts if "." not in id_)
    yield from (id_ for id_ in manifest.playlists if "." not in id_)
    yield from (each.id for each in manifest.entries)


def _actors(kind: str, ids: Iterable[str], which: Q) -> Iterator[str]:
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), BATCH):
        rows = AuditRow.objects.filter(
            which, subject_kind=kind, subject_id__in=wanted[start : start + BATCH]
        )
        yield from rows.values_list("actor", flat=True).distinct()
