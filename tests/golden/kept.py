"""The golden pictures on the disk: small enough for the repository, large enough to judge."""

from io import BytesIO
from pathlib import Path

from PIL import Image

__all__ = ["MOST_BYTES", "PICTURES", "TILES", "kept", "stored", "tile", "tile_of"]

PICTURES = Path(__file__).parent / "pictures"

#: Where the staff pages have the pictures by which a template is chosen.
TILES = Path(__file__).parents[2] / "server" / "staff" / "static" / "staff" / "cards"

#: How wide these are, in pixels.
TILE_WIDTH = 480

#: No picture takes more, in bytes.
MOST_BYTES = 32_000

#: The longer side of a kept picture, in pixels.
LONGER_SIDE = 980


def kept(name: str) -> Image.Image:
    """The picture of this name; `FileNotFoundError` says how to make it."""
    path = PICTURES / f"{name}.webp"
    if not path.is_file():
        raise FileNotFoundError(f"{path} is not there; python -m tests.golden --write {name}")
    with Image.open(path) as image:
        return image.convert("RGB")


def stored(image: Image.Image) -> bytes:
    """The picture as it is kept: as fine as its bytes allow."""
    scale = LONGER_SIDE / max(image.size)
    small = image.resize(
        (round(image.width * scale), round(image.height * scale)), Image.Resampling.LANCZOS
    ) if scale < 1 else image  # fmt: skip
    for quality in (80, 65, 50, 35, 20):
        out = BytesIO()
        small.save(out, "WEBP", quality=quality, method=6)
        if out.tell() <= MOST_BYTES:
            return out.getvalue()
    raise ValueError(f"no picture of {small.size} in {MOST_BYTES} bytes")


def tile_of(case: str) -> str | None:
    """The template that this case stands for where one is chosen, if it does."""
    template, _dash, shape = case.rpartition("-")
    return template if shape in {"wide", "strip"} else None


def tile(image: Image.Image) -> bytes:
    """The picture as templates are chosen by."""
    size = (TILE_WIDTH, round(TILE_WIDTH * image.height / image.width))
    out = BytesIO()
    image.resize(size, Image.Resampling.LANCZOS).save(out, "WEBP", quality=80, method=6)
    return out.getvalue()
