"""The step for PDF: one picture a page, at the size of the wall.  Runs in the child."""

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from server.library.ingest.failures import Refused
from server.library.ingest.picture_writer import write_still, write_thumbnail
from server.library.ingest.protocol import Job, Made, Product, Wall
from server.library.ingest.steps import Report
from server.library.ingest.text_sizes import text_percent

if TYPE_CHECKING:
    from PIL.Image import Image
    from pypdfium2 import PdfDocument, PdfPage

__all__ = ["make_pages"]

#: A page is this many points at least (a point is 1/72 inch): smaller is damage.
_LEAST_POINTS = 1.0


def make_pages(job: Job, report: Report) -> Made:
    """Renditions and thumbnails of all pages of the PDF at `job.source`.  Raises `Refused`."""
    document = _opened(job.source)
    pages = len(document)
    if pages == 0:
        raise Refused("DOCUMENT_EMPTY")
    if pages > job.pages_limit:
        raise Refused("DOCUMENT_TOO_MANY_PAGES", pages=pages, limit=job.pages_limit)
    products: list[Product] = []
    for index in range(pages):
        products += _page(job, document, index)
        report(100 * (index + 1) // pages)
    return Made(tuple(products))


def _opened(path: str) -> "PdfDocument":
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
        document.init_forms()  # what was filled in is drawn too
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower() or "security" in str(error).lower()
        raise Refused("DOCUMENT_ENCRYPTED" if locked else "DAMAGED") from error
    return document


def _page(job: Job, document: "PdfDocument", index: int) -> list[Product]:
    import pypdfium2

    folder = Path(job.folder)
    try:
        page = document[index]
        largest = _rendered(page, job.wall_4k or job.wall)
        percent = text_percent(page)
        page.close()
    except pypdfium2.PdfiumError as error:
        raise Refused("DAMAGED") from error
    number = index + 1
    products = [write_still(largest, folder, job.wall, "wall", page=number, lossless=True)]
    if job.wall_4k is not None:
        products.append(
            write_still(largest, folder, job.wall_4k, "wall-4k", page=number, lossless=True)
        )
    products = [msgspec.structs.replace(each, text_percent=percent) for each in products]
    return [*products, write_thumbnail(largest, folder, number)]


def _rendered(page: "PdfPage", wall: Wall) -> "Image":
    """The page as large as the wall can show it, on white."""
    width, height = page.get_size()
    if width < _LEAST_POINTS or height < _LEAST_POINTS:
        raise Refused("DAMAGED")
    box = wall.box(round(width), round(height))
    scale = min(box[0] / width, box[1] / height)
    picture: Image = page.render(scale=scale, may_draw_forms=True).to_pil()
    return picture.convert("RGB")
