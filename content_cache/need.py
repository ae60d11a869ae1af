"""What of a release is needed when: for the order of downloads, and for what may wait.

Pure but for what it is given; used by `sync`.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from manifest.model import CardAsset, FileReference, ImageAsset, Manifest, VideoAsset
from scheduler.timeline import Timeline
from scheduler.upcoming import needed_from

__all__ = ["NEED_HORIZON", "URGENT_HORIZON", "in_order_of_need", "is_urgent"]

#: How far ahead the timeline is asked what is needed first.
NEED_HORIZON = timedelta(hours=6)

#: A release that changes what is shown within this time does not wait for the download window.
URGENT_HORIZON = timedelta(hours=1)


def in_order_of_need(manifest: Manifest, now: datetime) -> list[FileReference]:
    """Every file that `manifest` names, what is shown first from `now` on coming first."""
    files, found = manifest.files(), dict[str, FileReference]()
    for name in needed_from(manifest, now, NEED_HORIZON):
        for sha256 in _digests(manifest, name):
            found.setdefault(sha256, files[sha256])
    return list(found.values())


def is_urgent(new: Manifest, current: Manifest | None, now: datetime) -> bool:
    """Does `new` change what is shown within the hour (a takeover, a take-down, a new picture)?

    Then it comes at any time; so does the first release of all.
    """
    return current is None or _shown(new, now) != _shown(current, now)


def _shown(manifest: Manifest, now: datetime) -> set[tuple[str, str]]:
    """The kinds of reason and the assets, as they are written, of the pictures of the next hour."""
    found = set[tuple[str, str]]()
    for span in Timeline.of(manifest).pictures(now, now + URGENT_HORIZON):
        picture = span.picture
        reason = picture.because.kind if picture.because else "slate"
        for showing in picture.zones.values():
            if showing is not None:
                found.add((reason, repr(manifest.assets[showing.asset])))
    return found


def _digests(manifest: Manifest, name: str) -> Iterable[str]:
    asset = manifest.assets[name]
    if isinstance(asset, ImageAsset | VideoAsset):
        return [asset.sha256]
    if isinstance(asset, CardAsset):
        return [blob.sha256 for blob in asset.blobs.values()]
    return []
