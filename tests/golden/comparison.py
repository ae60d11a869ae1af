"""Do two pictures look alike?  Judged as an eye does from some way off, tile by tile.

Pure: pictures in, figures out.
"""

import numpy as np
from msgspec import Struct
from PIL import Image, ImageFilter

__all__ = ["LIMITS", "MOST_ASTRAY", "Difference", "astray", "difference"]

#: The longer side at which pictures are compared, in pixels: the edges of letters are smoothed
#: differently everywhere.
LONGER_SIDE = 240

#: The side of a tile in the small picture, in pixels.
TILE = 12


class Difference(Struct, frozen=True):
    """How far two pictures are apart, of 255: all over, and in the tile where it is most."""

    mean: float
    worst_tile: float

    def exceeds(self, limits: "Difference") -> bool:
        """Say whether an eye would see it."""
        return self.mean > limits.mean or self.worst_tile > limits.worst_tile


#: What another version of the fonts, or of the compression, may change.
LIMITS = Difference(mean=3.5, worst_tile=16.0)


def difference(one: Image.Image, other: Image.Image) -> Difference:
    """Compare two pictures of one shape; `ValueError` if their shapes are not one."""
    if abs(one.width * other.height - other.width * one.height) > max(one.size) * 2:
        raise ValueError(f"{one.size} and {other.size} are no two sizes of one picture")
    scale = LONGER_SIDE / max(one.size)
    size = (max(TILE, round(one.width * scale)), max(TILE, round(one.height * scale)))
    apart = np.abs(_small(one, size) - _small(other, size)).mean(axis=2)
    rows, columns = apart.shape[0] // TILE, apart.shape[1] // TILE
    tiles = apart[: rows * TILE, : columns * TILE].reshape(rows, TILE, columns, TILE)
    return Difference(float(apart.mean()), float(tiles.mean(axis=(1, 3)).max()))


#: An edge: so far apart are pixels that touch, of 255; and a faint one, which excuses the other's.
EDGE, FAINT = 24, 8

#: As near, in pixels, another drawing has an edge that both have.
NEAR = 2

#: This share of the edges may be somewhere else in another drawing of the same layout.
MOST_ASTRAY = 0.002


def astray(one: Image.Image, other: Image.Image) -> float:
    """The share of the edges of either that the other has nowhere near, 0 to 1.

    Letters may be darker or lighter, as each way of drawing smooths them; what is somewhere else,
    is missing or has come in is seen.  `one` is made as small as `other`.
    """
    edges = _edges(one.convert("RGB").resize(other.size, Image.Resampling.LANCZOS)), _edges(other)
    return max(_alone(*edges), _alone(*reversed(edges)))


def _alone(
    edges: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
    others: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
) -> float:
    faint = Image.fromarray((others > FAINT).astype(np.uint8) * 255)
    near = np.asarray(faint.filter(ImageFilter.MaxFilter(2 * NEAR + 1))) > 0
    strong = edges > EDGE
    return float((strong & ~near).sum() / max(1, strong.sum()))


def _edges(image: Image.Image) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    grey = np.asarray(image.convert("L").filter(ImageFilter.GaussianBlur(1)), dtype=float)
    across = np.abs(np.diff(grey, axis=1, prepend=grey[:, :1]))
    down = np.abs(np.diff(grey, axis=0, prepend=grey[:1]))
    return np.maximum(across, down)


def _small(
    image: Image.Image, size: tuple[int, int]
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.asarray(image.convert("RGB").resize(size, Image.Resampling.BOX), dtype=float)
