"""Turns a decoded picture into the frame for a zone: upright, fitted, in the screen's colours.

Pure apart from the pixels it makes; called on worker threads only.  Every step that takes long
releases the GIL (resampling, conversion, rotation), and the copy into the `QImage` goes band by
band, so that the GUI thread never waits for more than a fraction of a millisecond.
"""

import io
from typing import TYPE_CHECKING, cast

from msgspec import Struct
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage

from manifest.model import Fit
from player.stage.media.errors import MediaUnplayable

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["Frame", "Placement", "orientation_of", "place", "render"]

_ORIENTATION_TAG = 0x0112
#: How many bytes are copied into a `QImage` at once.
_BAND_BYTES = 256 * 1024

Box = tuple[float, float, float, float]


class Frame(Struct, frozen=True):
    """Pixels at their final size, and the rectangle of the zone (device pixels) they stand in."""

    image: QImage
    target: QRectF


class Placement(Struct, frozen=True):
    """Which part of the upright source goes where: `box` in it, `size` and `at` in the zone."""

    box: Box
    size: tuple[int, int]
    at: tuple[int, int]


def place(source: tuple[int, int], zone: tuple[int, int], fit: Fit) -> Placement:
    """Return where a picture of `source` pixels stands in a `zone`, centred.

    contain shows all of it, cover fills the zone and crops what is over, stretch does neither.
    """
    (width, height), (zone_width, zone_height) = source, zone
    whole = (0.0, 0.0, float(width), float(height))
    if fit == "stretch":
        return Placement(whole, zone, (0, 0))
    if fit == "cover":
        scale = max(zone_width / width, zone_height / height)
        left = max(0.0, (width - zone_width / scale) / 2)
        top = max(0.0, (height - zone_height / scale) / 2)
        return Placement((left, top, width - left, height - top), zone, (0, 0))
    scale = min(zone_width / width, zone_height / height)
    size = (
        min(zone_width, max(1, round(width * scale))),
        min(zone_height, max(1, round(height * scale))),
    )
    return Placement(whole, size, ((zone_width - size[0]) // 2, (zone_height - size[1]) // 2))


def orientation_of(picture: "Image") -> int:
    """Return the EXIF orientation 1..8 (EXIF 2.32, tag 0x0112); 1 where there is none."""
    try:
        value = picture.getexif().get(_ORIENTATION_TAG, 1)
    except Exception:  # noqa: BLE001  (broken EXIF must not cost us the picture)
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def render(
    picture: "Image", zone: tuple[int, int], fit: Fit, orientation: int, moves: bool
) -> Frame:
    """Return the frame of a loaded `picture` for a zone of device pixels.

    A still is resampled as well as can be.  One that `moves` is enlarged by Qt, which takes a
    quarter of the time and is not as sharp; nobody sees that in a twentieth of a second.
    """
    stored_zone = (zone[1], zone[0]) if orientation >= 5 else zone
    placement = place(picture.size, stored_zone, fit)
    profile = picture.info.get("icc_profile")
    pixels = _in_true_colour(picture)
    pixels = _cropped(pixels, placement) if moves else _resampled(pixels, placement)
    pixels = _in_screen_colours(pixels, profile)
    image = _to_qimage(_upright(pixels, orientation))
    turned = orientation >= 5
    size = (placement.size[1], placement.size[0]) if turned else placement.size
    at = (placement.at[1], placement.at[0]) if turned else placement.at
    if (image.width(), image.height()) != size:
        from PySide6.QtCore import Qt  # all enumerations of Qt: 16 ms of a cold start

        ignore, smooth = Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode
        image = image.scaled(*size, ignore, smooth.SmoothTransformation)
    return Frame(image, QRectF(*at, *size))


def _resampled(pixels: "Image", placement: Placement) -> "Image":
    """Crop and scale to the final size."""
    width, height = pixels.size
    if placement.size == pixels.size and placement.box == (0.0, 0.0, float(width), float(height)):
        return pixels
    from PIL.Image import Resampling

    filter_ = Resampling.LANCZOS
    return pixels.resize(placement.size, filter_, placement.box, reducing_gap=2.0)


def _cropped(pixels: "Image", placement: Placement) -> "Image":
    """Crop to whole pixels; scale only where that makes the picture smaller, and so cheaper."""
    left, top, right, bottom = (round(edge) for edge in placement.box)
    if placement.size[0] * placement.size[1] < (right - left) * (bottom - top):
        return _resampled(pixels, placement)
    if (left, top, right, bottom) == (0, 0, *pixels.size):
        return pixels
    return pixels.crop((left, top, max(right, left + 1), max(bottom, top + 1)))


def _in_true_colour(picture: "Image") -> "Image":
    """Return `picture` in a mode that can be resampled: L, RGB, RGBA, CMYK or LAB."""
    mode = picture.mode
    if picture.has_transparency_data:
        return picture if mode == "RGBA" else picture.convert("RGBA")
    if mode.startswith("I") or mode == "F":
        return _in_eight_bits(picture)
    if mode in {"L", "RGB", "CMYK", "LAB"}:
        return picture
    return picture.convert("L" if mode == "1" else "RGB")


def _in_eight_bits(picture: "Image") -> "Image":
    """Scale 16-bit, 32-bit and floating-point greys to 8 bits; Pillow alone would clip them."""
    if picture.mode.startswith("I;16"):
        return picture.convert("I").point(lambda grey: grey * (1 / 257)).convert("L")
    extrema = picture.getextrema()
    low, high = (float(value) for value in extrema if isinstance(value, int | float))
    full = 1.0 if picture.mode == "F" and high <= 1.0 else 255.0 if high <= 255.0 else 65535.0
    full = max(full, high - min(0.0, low))
    return picture.convert("F").point(lambda grey: grey * (255.0 / full)).convert("L")


def _in_screen_colours(pixels: "Image", profile: bytes | None) -> "Image":
    """Convert to sRGB, through the embedded ICC profile where there is one that fits."""
    if pixels.mode == "LAB" or (profile and b"sRGB" not in profile):
        pixels = _through_profile(pixels, profile)
    if pixels.mode in {"RGB", "RGBA"}:
        return pixels
    return pixels.convert("RGB")


def _through_profile(pixels: "Image", profile: bytes | None) -> "Image":
    from PIL import ImageCms

    mode = "RGBA" if pixels.mode == "RGBA" else "RGB"
    try:
        source = (
            ImageCms.createProfile("LAB")
            if pixels.mode == "LAB"
            else ImageCms.ImageCmsProfile(io.BytesIO(profile or b""))
        )
        screen = ImageCms.createProfile("sRGB")
        converted = ImageCms.profileToProfile(pixels, source, screen, outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return pixels  # a profile that does not fit its picture is worth nothing
    return pixels if converted is None else converted


def _upright(pixels: "Image", orientation: int) -> "Image":
    """Undo the EXIF orientation (EXIF 2.32, section 4.6.4.A)."""
    if orientation == 1:
        return pixels
    from PIL.Image import Transpose

    turn = {
        2: Transpose.FLIP_LEFT_RIGHT,
        3: Transpose.ROTATE_180,
        4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270,
        7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_90,
    }[orientation]
    return pixels.transpose(turn)


def _to_qimage(pixels: "Image") -> QImage:
    """Copy RGB or RGBA pixels into the format that Qt paints fastest."""
    width, height = pixels.size
    alpha = pixels.mode == "RGBA"
    packing = ("RGBa", "BGRa") if alpha else ("RGBA", "BGRA")
    form = QImage.Format.Format_ARGB32_Premultiplied if alpha else QImage.Format.Format_RGB32
    image = QImage(width, height, form)
    if image.isNull():
        raise MediaUnplayable(f"there is no memory for {width} x {height} pixels")
    into = cast("memoryview[int]", image.bits())
    rows = max(1, _BAND_BYTES // (4 * width))
    for top in range(0, height, rows):
        band = pixels.crop((0, top, width, min(height, top + rows)))
        copied = band.convert(packing[0]).tobytes("raw", packing[1])
        begin = 4 * width * top
        into[begin : begin + len(copied)] = copied
    return image
