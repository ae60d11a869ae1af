"""Pictures that nobody uploaded, by the same child as an upload: stills in the place of an asset's,
and files of their own.

For what is drawn here again and again, and for what is fetched.  An asset's last good picture stays
until the new one is whole; the same pixels make no new version.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from server.library.blobs import store
from server.library.ingest import child
from server.library.ingest.child import ChildCrashed
from server.library.ingest.failures import Refused
from server.library.ingest.pipeline import made_file, make_ready, refuse_full_disk, rendition_of
from server.library.ingest.protocol import Inspected, Job, Made, Wall
from server.library.ingest.scanning import scan
from server.library.keeping import Stored, keep_blobs
from server.library.models import Asset, AssetState, Blob, Rendition

__all__ = ["still_made", "still_put"]

_WALL = Wall(1920, 1080)


def still_made(source: Path, folder: Path, wall: Wall) -> Stored:
    """A file from a stranger as one still picture that fits into `wall`, in `folder` (empty).

    Raises `Refused` for what is no picture, `child.StepFailed` and `OSError`.
    """
    refuse_full_disk()
    scan(source)
    found = child.run(Job("inspect", str(source), str(folder)))
    if not isinstance(found, Inspected):
        raise ChildCrashed("it answered another question")
    if found.family != "image":
        raise Refused("UNKNOWN_KIND")
    job = Job("picture", str(source), str(folder), found.name, found.reader, wall, is_still=True)
    made = child.run(job)
    if not isinstance(made, Made):
        raise ChildCrashed("it answered another question")
    return made_file(next(each for each in made.products if each.purpose == "wall"), folder)


def still_put(
    *, asset: Asset, png: Path, folder: Path, now: datetime, then: Callable[[Asset], None]
) -> bool:
    """Let `asset` show the PNG, prepared in `folder` (empty); whether it has other pixels now.

    `then` is called in the transaction of the change.  Raises `Refused`, `child.StepFailed`,
    `OSError`, `Asset.DoesNotExist`, and what the database or an S3 client raises.
    """
    refuse_full_disk()
    made = child.run(Job("picture", str(png), str(folder), "png", "PNG", _WALL))
    if not isinstance(made, Made):
        raise ChildCrashed("it answered another question")
    stored = [made_file(product, folder) for product in made.products]
    if _is_shown(asset, made, stored):
        return False

    def change(blobs: list[Blob]) -> None:
        held = Asset.objects.select_for_update().get(pk=asset.pk)
        Rendition.objects.filter(asset=held).delete()
        pairs = zip(made.products, blobs, strict=True)
        files = [rendition_of(held, *pair) for pair in pairs]
        Rendition.objects.bulk_create(files)
        was_withdrawn = held.state == AssetState.WITHDRAWN
        make_ready(held, made, files)
        if was_withdrawn:  # while it was drawn
            Asset.objects.filter(pk=held.pk).update(state=AssetState.WITHDRAWN)
        then(held)

    keep_blobs(stored, now, change)
    return True


def _is_shown(asset: Asset, made: Made, stored: list[Stored]) -> bool:
    """The writer is exact: the same pixels are the same bytes, and those are in the store."""
    there = set(asset.renditions.values_list("purpose", "page", "blob"))
    pairs = zip(made.products, stored, strict=True)
    new = {(product.purpose, product.page, file.sha256) for product, file in pairs}
    return there == new and all(store().size(file.sha256) is not None for file in stored)
