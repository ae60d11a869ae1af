"""Writes a picture for the wall and for the page: right-sized, in the format that suits it.

Runs in the child.  Nothing of the source but its pixels comes out: no metadata, no profile.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from server.library.ingest.protocol import Product, Wall

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["THUMBNAIL_PIXELS", "write_still", "write_thumbnail", "write_walls"]

#: The longest side of a thumbnail.
THUMBNAIL_PIXELS = 480
#: A lossless rendition may be this large; beyond it, only if it is not much larger than JPEG.
LOSSLESS_BYTES = 1_500_000
JPEG_QUALITY = 92
WEBP_QUALITY = 92
THUMBNAIL_QUALITY = 80


def write_walls(
    picture: "Image", folder: Path, walls: tuple[Wall, Wall | None], *, page: int, lossless: bool
) -> list[Product]:
    """The rendition for walls, and a second for 4K walls where the picture has more to give."""
    wall, wall_4k = walls
    products = [write_still(picture, folder, wall, "wall", page=page, lossless=lossless)]
    if wall_4k is not None and wall_4k.fit(*picture.size) != wall.fit(*picture.size):
        products.append(
            write_still(picture, folder, wall_4k, "wall-4k", page=page, lossless=lossless)
        )
    return products


def write_still(
    picture: "Image",
    folder: Path,
    wall: Wall,
    purpose: Literal["wall", "wall-4k", "poster"],
    *,
    page: int = 0,
    lossless: bool,
) -> Product:
    """Write `picture` (L, RGB or RGBA) so that it fits into `wall`; `lossless` if it can be had.

    Photographs become JPEG without chroma subsampling; drawings, and what is transparent, PNG, or
    WebP where PNG would be large.
    """
    fitted = resized(picture, wall.fit(*picture.size))
    opaque = without_alpha(fitted)
    name = f"{purpose}-{page}"
    if lossless or opaque.mode == "RGBA":
        path, mime = folder / f"{name}.png", "image/png"
        opaque.save(path, "PNG", compress_level=7)
        if path.stat().st_size <= LOSSLESS_BYTES:
            return Product(path.name, purpose, mime, *opaque.size, page=page)
        path.unlink()
    if opaque.mode == "RGBA":
        path, mime = folder / f"{name}.webp", "image/webp"
        opaque.save(path, "WEBP", quality=WEBP_QUALITY, alpha_quality=100, method=4)
    else:
        path, mime = folder / f"{name}.jpg", "image/jpeg"
        opaque.save(path, "JPEG", quality=JPEG_QUALITY, subsampling=0, optimize=True)
    return Product(path.name, purpose, mime, *opaque.size, page=page)


def write_thumbnail(picture: "Image", folder: Path, page: int = 0) -> Product:
    """A small WebP for pages and lists."""
    box = Wall(THUMBNAIL_PIXELS, THUMBNAIL_PIXELS)
    small = resized(picture, box.fit(*picture.size))
    path = folder / f"thumbnail-{page}.webp"
    small.save(path, "WEBP", quality=THUMBNAIL_QUALITY, method=4)
    return Product(path.name, "thumbnail", "image/webp", *small.size, page=page)


def resized(picture: "Image", size: tuple[int, int]) -> "Image":
    """`picture` at `size`, as sharp as can be; transparent edges keep their colour."""
    from PIL.Image import Resampling

    if picture.size == size:
        return picture
    if picture.mode == "RGBA":
        scaled = picture.convert("RGBa").resize(size, Resampling.LANCZOS, reducing_gap=3.0)
        return scaled.convert("RGBA")
    return picture.resize(size, Resampling.LANCZOS, reducing_gap=3.0)


def without_alpha(picture: "Image") -> "Image":
    """Drop an alpha channel that hides nothing."""
    if picture.mode == "RGBA" and picture.getchannel("A").getextrema() == (255, 255):
        return picture.convert("RGB")
    return picture
