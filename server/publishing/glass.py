"""What should be on a screen now, by its newest manifest, and whether it says that it shows that.

Manifests never change once they are published, so those of the newest publications are kept ready.
What a box reports is hostile: it is compared, and never believed to have a shape.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from msgspec import Struct

from manifest.model import Manifest
from scheduler.picture import Picture
from scheduler.timeline import on_screen_at
from server.publishing.selectors import Told, manifests_of

__all__ = ["Due", "due_on", "is_as_due", "manifest_of", "ready"]

#: Manifests that are kept ready: those of a large house.
KEPT = 512

#: By how much a right clock and a slow line may part a heartbeat from its picture.
TOLERANCE = timedelta(seconds=6)

Signature = tuple[str | None, tuple[tuple[str, str | None], ...]]

#: By the digest of what is shown, which many screens share: numbers of rows may come again, digests
#: never do.
_kept: dict[str, Manifest] = {}


class Due(Struct, frozen=True):
    """What should be on a screen: the title in its largest zone ("" for the slate), and all zones.

    `zones` are pairs of a zone's name and the title in it (None: its background).
    """

    title: str
    zones: tuple[tuple[str, str | None], ...]


def ready(publications: Collection[Told]) -> None:
    """Read the manifests of these publications that are not known yet, in one query."""
    missing = {each.content_sha256: each.pk for each in publications if not _is_kept(each)}
    if not missing:
        return
    if len(_kept) + len(missing) > KEPT:
        _kept.clear()
    content = {pk: sha256 for sha256, pk in list(missing.items())[:KEPT]}
    _kept.update({content[pk]: found for pk, found in manifests_of(content).items()})


def manifest_of(publication: Told) -> Manifest:
    """The manifest of a publication, or of another screen that is told the same."""
    known = _kept.get(publication.content_sha256)
    return known or manifests_of([publication.pk])[publication.pk]


def _is_kept(publication: Told) -> bool:
    return publication.content_sha256 in _kept


def due_on(manifest: Manifest, at: datetime) -> Due:
    """What should be on the screen at `at`."""
    picture = on_screen_at(manifest, at)
    titles = {
        zone: None if showing is None else manifest.assets[showing.asset].title
        for zone, showing in picture.zones.items()
    }
    first = next((titles[zone] for zone in _by_size(manifest, picture) if titles[zone]), "")
    return Due(first or "", tuple(titles.items()))


def _by_size(manifest: Manifest, picture: Picture) -> list[str]:
    if picture.layout is None:
        return []
    zones = manifest.layouts[picture.layout].zones
    return [each.id for each in sorted(zones, key=lambda each: -each.width * each.height)]


def is_as_due(manifest: Manifest, reported: Any, at: datetime) -> bool:
    """Is what a box `reported` at `at` (our clock) due about then?  A report of nothing is not."""
    said = _signature_of_report(reported)
    return any(said == _signature(manifest, at + shift) for shift in _shifts())


@lru_cache(maxsize=1)
def _shifts() -> tuple[timedelta, ...]:
    return timedelta(0), -TOLERANCE, TOLERANCE


def _signature(manifest: Manifest, at: datetime) -> Signature:
    picture = on_screen_at(manifest, at)
    zones = ((zone, each.item if each else None) for zone, each in picture.zones.items())
    return picture.layout, tuple(sorted(zones))


def _signature_of_report(reported: Any) -> Signature | None:
    if not isinstance(reported, Mapping) or not isinstance(reported.get("zones"), Mapping):
        return None
    zones = (
        (str(zone), str(each.get("item")) if isinstance(each, Mapping) else None)
        for zone, each in reported["zones"].items()
    )
    layout = reported.get("layout")
    return (None if layout is None else str(layout)), tuple(sorted(zones))
