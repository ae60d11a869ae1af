"""Another frame to stand for a video: made beside the asset, which stays as it is and on air."""

import logging
import tempfile
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError
from django_tasks import task

from server.clock import SystemClock
from server.library.blobs import digest_of, store
from server.library.ingest import child
from server.library.ingest.child import StepFailed
from server.library.ingest.failures import Refused
from server.library.ingest.protocol import Job, Made
from server.library.keeping import Stored, keep_blobs
from server.library.models import Asset, AssetKind, AssetState, Blob, Purpose, Rendition

__all__ = ["choose", "poster"]

log = logging.getLogger("server.library")

_PURPOSES = (Purpose.POSTER, Purpose.THUMBNAIL)


@task()
def poster(asset: int) -> str:
    """Make the poster frame that the asset with this key names; the answer says what came of it."""
    return choose(asset)


def choose(key: int) -> str:
    """Make poster and thumbnail at `Asset.poster_ms`; what cannot be made stays as it was."""
    rows = Asset.objects.filter(pk=key, state=AssetState.READY, kind=AssetKind.VIDEO)
    asset = rows.exclude(poster_ms=None).first()
    made = None if asset is None else asset.renditions.filter(purpose=Purpose.WALL).first()
    if asset is None or made is None:
        return "skipped"
    try:
        _choose(asset, made)
    except (Refused, StepFailed, OSError, DatabaseError) as error:
        log.warning("the poster frame of asset %d stays as it was: %s", key, error)
        return "failed"
    return "ready"


def _choose(asset: Asset, wall: Rendition) -> None:
    above: Path = settings.DATA / "ingest"
    above.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(prefix=f"poster-{asset.pk}-", dir=above) as name:
        folder = Path(name) / "made"
        folder.mkdir(mode=0o700)
        source = store().local_path(wall.blob_id)
        if source is None or not source.exists():
            source = Path(name) / "wall.mp4"
            store().copy_to(wall.blob_id, source)
        at_ms = max(0, (asset.poster_ms or 0) - (asset.trim_from_ms or 0))
        at_ms = min(at_ms, max(0, (wall.duration_ms or 1) - 1))
        made = child.run(Job("poster", str(source), str(folder), reader="mov", poster_ms=at_ms))
        assert isinstance(made, Made)
        _store(asset, made, folder)


def _store(asset: Asset, made: Made, folder: Path) -> None:
    products = [each for each in made.products if each.purpose in _PURPOSES]
    paths = [folder / Path(each.file).name for each in products]
    files = [Stored(path, digest_of(path), each.mime)
             for path, each in zip(paths, products, strict=True)]  # fmt: skip

    def change(blobs: list[Blob]) -> None:
        asset.renditions.filter(purpose__in=_PURPOSES).delete()
        Rendition.objects.bulk_create(
            Rendition(asset=asset, purpose=each.purpose, blob=blob, width=each.width,
                      height=each.height)
            for each, blob in zip(products, blobs, strict=True)
        )  # fmt: skip
        Asset.objects.filter(pk=asset.pk).update(version=asset.version + 1)

    keep_blobs(files, SystemClock().now(), change)
