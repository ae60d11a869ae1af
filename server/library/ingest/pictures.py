"""The step for pictures: stills and animations, made right for the wall.  Runs in the child."""

from pathlib import Path
from typing import TYPE_CHECKING

from server.library.ingest.animations import is_animated, make_animation
from server.library.ingest.picture_reader import load, normalised, open_picture
from server.library.ingest.picture_writer import write_thumbnail, write_walls
from server.library.ingest.protocol import Job, Made
from server.library.ingest.steps import Report

if TYPE_CHECKING:
    from PIL.ImageFile import ImageFile

__all__ = ["make_picture"]

#: Formats that come from cameras: their renditions are JPEG.
_LOSSY = frozenset({"JPEG", "HEIF", "AVIF", "MPO"})
#: Where the chunk with the pixels of a still WebP begins, at the latest, unless a profile is huge.
_CHUNKS_BYTES = 4096
#: A picture whose longer side is shorter looks soft on a wall: the editor is told.
SMALL_PIXELS = 960


def make_picture(job: Job, report: Report) -> Made:
    """Renditions and thumbnail of the picture at `job.source`.  Raises `Refused`."""
    folder = Path(job.folder)
    picture = open_picture(Path(job.source), job.reader)
    report(5)
    if not job.is_still and is_animated(picture):
        return make_animation(job, picture, report)
    walls = (job.wall, job.wall_4k)
    largest = job.wall_4k or job.wall
    load(picture, largest.box(*picture.size))
    report(40)
    lossless = not _is_lossy(picture, Path(job.source))
    pixels = normalised(picture)
    report(60)
    products = write_walls(pixels, folder, walls, page=0, lossless=lossless)
    report(90)
    products.append(write_thumbnail(pixels, folder))
    return Made(tuple(products), _remarks(picture))


def _is_lossy(picture: "ImageFile", source: Path) -> bool:
    """Does it come from a camera?  WebP says in its chunks how the pixels are packed (RFC 9649)."""
    if picture.format != "WEBP":
        return picture.format in _LOSSY
    with source.open("rb") as file:
        return b"VP8L" not in file.read(_CHUNKS_BYTES)


def _remarks(picture: "ImageFile") -> tuple[str, ...]:
    found = []
    if int(getattr(picture, "n_frames", 1)) > 1 and picture.format in {"TIFF", "HEIF"}:
        found.append("FIRST_PICTURE_ONLY")
    if max(picture.size) < SMALL_PIXELS:
        found.append("SMALL_PICTURE")
    return tuple(found)
