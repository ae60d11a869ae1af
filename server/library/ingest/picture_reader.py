"""Opens a picture that an editor uploaded: one reader, limits before pixels, damage refused.

Runs in the child.  Only the reader that the first bytes name is loaded, so a file never chooses
a decoder by its name.  What comes out is upright, in sRGB, 8 bits a channel: L, RGB or RGBA.
"""

import contextlib
import importlib
import io
import logging
import os
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, cast

from server.library.ingest.failures import Refused

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFile import ImageFile

__all__ = ["DECODED_LIMIT_PIXELS", "SOURCE_LIMIT_PIXELS", "load", "normalised", "open_picture"]

#: What the header of a JPEG may announce: the largest phone cameras.  It is read reduced.
SOURCE_LIMIT_PIXELS = 210_000_000
#: What is decoded at once: 300 MB of RGB.
DECODED_LIMIT_PIXELS = 100_000_000
#: The longest edge that JPEG and most decoders know.
EDGE_LIMIT_PIXELS = 65_500

_MODULES = {
    "JPEG": "PIL.JpegImagePlugin",
    "PNG": "PIL.PngImagePlugin",
    "GIF": "PIL.GifImagePlugin",
    "TIFF": "PIL.TiffImagePlugin",
    "BMP": "PIL.BmpImagePlugin",
    "WEBP": "PIL.WebPImagePlugin",
    "AVIF": "PIL.AvifImagePlugin",
}
_ORIENTATION_TAG = 0x0112


def open_picture(path: Path, reader: str) -> "ImageFile":
    """The picture with its header read and nothing decoded.  Raises `Refused`."""
    from PIL import Image

    _silence()
    if reader == "HEIF":
        import pillow_heif

        pillow_heif.register_heif_opener(decode_threads=2, thumbnails=False)
    else:
        importlib.import_module(_MODULES[reader])
    factory, _accept = Image.OPEN[reader]
    try:
        # The file stays open as long as the picture; both end with this process.
        picture = factory(path.open("rb"), "")
    except Refused:
        raise
    except Exception as error:
        raise _failed(error) from error
    _check_size(picture)
    return picture


def load(picture: "ImageFile", box: tuple[int, int]) -> None:
    """Decode `picture`; a JPEG no larger than `box` asks for.  Raises `Refused`."""
    with _damage_refused(), _complaints_refused(picture.format == "TIFF"):
        if picture.format == "JPEG":
            picture.draft(picture.mode, box)
        if picture.size[0] * picture.size[1] > DECODED_LIMIT_PIXELS:
            raise too_large(picture.size, DECODED_LIMIT_PIXELS)
        picture.load()


def normalised(picture: "Image") -> "Image":
    """Upright, in sRGB, 8 bits: L, RGB or RGBA.  `picture` is loaded."""
    profile = picture.info.get("icc_profile")
    orientation = _orientation(picture)
    pixels = _in_srgb(_in_eight_bits(picture), profile)
    turned = _upright(pixels, orientation)
    if turned is picture:  # a frame of an animation goes on with its own notes
        turned = picture.copy()
    turned.info = {}
    return turned


def too_large(size: tuple[int, int], limit: int) -> Refused:
    """The refusal of a picture of this size."""
    millions = limit // 1_000_000
    return Refused("IMAGE_TOO_LARGE", width=size[0], height=size[1], limit=millions)


def _check_size(picture: "ImageFile") -> None:
    width, height = picture.size
    if width < 1 or height < 1:
        raise Refused("DAMAGED")
    limit = SOURCE_LIMIT_PIXELS if picture.format == "JPEG" else DECODED_LIMIT_PIXELS
    if width * height > limit or max(width, height) > EDGE_LIMIT_PIXELS:
        raise too_large(picture.size, limit)


@contextlib.contextmanager
def _damage_refused() -> Iterator[None]:
    try:
        yield
    except (Refused, MemoryError):
        raise
    except Exception as error:
        raise _failed(error) from error


def _failed(error: Exception) -> Refused:
    """The refusal for what a reader raised."""
    if isinstance(error, MemoryError):
        return Refused("TOO_HEAVY")
    if type(error).__name__ == "DecompressionBombError":
        return Refused("TOO_HEAVY")
    return Refused("CUT_OFF" if "truncated" in str(error) else "DAMAGED")


@contextlib.contextmanager
def _complaints_refused(watched: bool) -> Iterator[None]:
    """Refuse what libtiff complains about: it prints, and goes on with half a picture."""
    if not watched:
        yield
        return
    kept = os.dup(2)
    with tempfile.TemporaryFile() as heard:
        os.dup2(heard.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)
        heard.seek(0)
        lines = heard.read(65_536).splitlines()
    if any(b"warning" not in line.lower() for line in lines):
        raise Refused("DAMAGED")


def _orientation(picture: "Image") -> int:
    """The EXIF orientation 1..8 (EXIF 2.32, tag 0x0112); 1 where there is none."""
    try:
        value = picture.getexif().get(_ORIENTATION_TAG, 1)
    except Exception:  # noqa: BLE001  (broken EXIF must not cost the editor the picture)
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _upright(picture: "Image", orientation: int) -> "Image":
    from PIL.Image import Transpose

    turns = {
        2: Transpose.FLIP_LEFT_RIGHT,
        3: Transpose.ROTATE_180,
        4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270,
        7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_90,
    }
    return picture.transpose(turns[orientation]) if orientation in turns else picture


def _in_eight_bits(picture: "Image") -> "Image":
    """A mode that profiles and encoders know: L, RGB, RGBA, CMYK or LAB."""
    if picture.has_transparency_data:
        return picture.convert("RGBA")
    if picture.mode.startswith("I;16"):
        return picture.convert("I").point(lambda grey: grey * (1 / 257)).convert("L")
    if picture.mode in {"I", "F"}:
        return _scaled_grey(picture)
    if picture.mode in {"L", "RGB", "CMYK", "LAB"}:
        return picture
    return picture.convert("L" if picture.mode == "1" else "RGB")


def _scaled_grey(picture: "Image") -> "Image":
    """Scale 32-bit and floating-point greys to 8 bits; Pillow alone would clip them."""
    low, high = cast("tuple[float, float]", picture.getextrema())
    full = 1.0 if high <= 1.0 else 255.0 if high <= 255.0 else 65_535.0
    full = max(full, high - min(0.0, low))
    floor = min(0.0, low)
    return picture.point(lambda grey: grey * (255.0 / full) - floor * (255.0 / full)).convert("L")


def _in_srgb(picture: "Image", profile: object) -> "Image":
    """Apply the embedded ICC profile; one that does not fit is ignored."""
    from PIL import ImageCms

    if isinstance(profile, bytes) and profile:
        with contextlib.suppress(ImageCms.PyCMSError, OSError, ValueError):
            return _through_profile(picture, profile)
    if picture.mode in {"CMYK", "LAB"}:
        return _lab_in_rgb(picture) if picture.mode == "LAB" else picture.convert("RGB")
    return picture


def _through_profile(picture: "Image", profile: bytes) -> "Image":
    from PIL import ImageCms

    source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    srgb = ImageCms.createProfile("sRGB")
    if picture.mode == "RGBA":
        alpha = picture.getchannel("A")
        colours = ImageCms.profileToProfile(picture.convert("RGB"), source, srgb, outputMode="RGB")
        assert colours is not None
        colours.putalpha(alpha)
        return colours
    grey = source.profile.xcolor_space.strip() == "GRAY"
    target = "L" if picture.mode == "L" and grey else "RGB"
    if target == "L":
        return picture  # the tone curve of a grey profile is close to that of sRGB
    converted = ImageCms.profileToProfile(picture, source, srgb, outputMode="RGB")
    assert converted is not None
    return converted


def _lab_in_rgb(picture: "Image") -> "Image":
    from PIL import ImageCms

    lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
    converted = ImageCms.profileToProfile(picture, lab, srgb, outputMode="RGB")
    assert converted is not None
    return converted


def _silence() -> None:
    """Keep Pillow's remarks to itself; let it refuse what is too large in late frames."""
    from PIL import Image

    warnings.filterwarnings("ignore", module=r"PIL\.")
    logging.getLogger("PIL").setLevel(logging.CRITICAL)
    Image.MAX_IMAGE_PIXELS = SOURCE_LIMIT_PIXELS // 2
