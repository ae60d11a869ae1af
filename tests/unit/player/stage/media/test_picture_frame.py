"""What a picture looks like on the glass, pixel for pixel."""

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageCms
from PySide6.QtGui import QColor, QImage

from manifest.model import Fit
from player.stage.media.animation import Prepared, Wish, prepare
from player.stage.media.errors import MediaUnplayable
from player.stage.media.picture_frame import place

#: Four colours in the quarters of a picture: top left, top right, bottom left, bottom right.
QUARTERS = ("#ff0000", "#00ff00", "#0000ff", "#ffff00")


def quarters(size: tuple[int, int] = (64, 32), mode: str = "RGB") -> Image.Image:
    picture = Image.new("RGB", size)
    across, down = size[0] // 2, size[1] // 2
    for number, colour in enumerate(QUARTERS):
        left, top = (number % 2) * across, (number // 2) * down
        picture.paste(colour, (left, top, left + across, top + down))
    return picture.convert(mode)


def shown(path: Path, zone: tuple[int, int] = (64, 32), fit: Fit = "contain") -> Prepared:
    return prepare(Wish(path, zone, fit, 0), lambda: None)


def corners(image: QImage) -> list[str]:
    """The colours in the middle of the four quarters."""
    across, down = image.width() // 4, image.height() // 4
    return [
        QColor(image.pixel(across * x, down * y)).name()
        for x, y in ((1, 1), (3, 1), (1, 3), (3, 3))
    ]


#: EXIF 2.32, 4.6.4.A: how a picture is stored that has to be shown as `quarters`.
STORED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@pytest.mark.parametrize("form", ["PNG", "TIFF", "WEBP", "JPEG"])
@pytest.mark.parametrize("orientation", STORED)
def test_every_exif_orientation_is_shown_upright(
    tmp_path: Path, orientation: int, form: str
) -> None:
    turn = STORED[orientation]
    stored = quarters() if turn is None else quarters().transpose(turn)
    exif = Image.Exif()
    exif[0x0112] = orientation
    lossless: dict[str, Any] = {"WEBP": {"lossless": True}, "JPEG": {"quality": 100}}.get(form, {})
    path = tmp_path / f"turned.{form}"
    stored.save(path, form, exif=exif, **lossless)
    frame = shown(path).frame
    assert (frame.image.width(), frame.image.height()) == (64, 32)
    assert [nearest(colour) for colour in corners(frame.image)] == list(QUARTERS)


def nearest(name: str) -> str:
    """The quarter colour that a JPEG meant."""
    colour = QColor(name)

    def distance(other: str) -> int:
        meant = QColor(other)
        return (
            abs(colour.red() - meant.red())
            + abs(colour.green() - meant.green())
            + abs(colour.blue() - meant.blue())
        )

    best = min(QUARTERS, key=distance)
    assert distance(best) < 24, f"{name} is no colour of the picture"
    return best


@pytest.mark.parametrize("orientation", [1, 6, 8])
@pytest.mark.parametrize("fit", ["contain", "cover", "stretch"])
def test_a_turned_picture_fits_its_zone_as_an_upright_one_does(
    tmp_path: Path, orientation: int, fit: Fit
) -> None:
    turn = STORED[orientation]
    stored = quarters() if turn is None else quarters().transpose(turn)
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored.save(tmp_path / "turned.png", exif=exif)
    quarters().save(tmp_path / "upright.png")
    turned, upright = (
        shown(tmp_path / name, (90, 90), fit).frame for name in ("turned.png", "upright.png")
    )
    assert turned.target == upright.target
    assert corners(turned.image) == corners(upright.image)


def test_the_samples_of_every_orientation_look_alike(samples: Path) -> None:
    for shape in ("landscape", "portrait"):
        frames = [
            shown(samples / "images" / f"exif_{shape}_{number}.jpg", (60, 60)).frame
            for number in (3, 6, 8)
        ]
        assert len({(frame.image.width(), frame.image.height()) for frame in frames}) == 1
        reference = frames[0].image
        for frame in frames[1:]:
            assert likeness(frame.image, reference) < 20


def likeness(one: QImage, other: QImage) -> float:
    """The mean difference of two pictures, on a scale of 0 to 255."""
    difference = 0
    for y in range(one.height()):
        for x in range(one.width()):
            difference += abs(
                QColor(one.pixel(x, y)).lightness() - QColor(other.pixel(x, y)).lightness()
            )
    return difference / (one.width() * one.height())


@pytest.mark.parametrize(
    ("fit", "zone", "target"),
    [
        ("contain", (100, 100), (0, 25, 100, 50)),
        ("contain", (100, 20), (30, 0, 40, 20)),
        ("cover", (100, 100), (0, 0, 100, 100)),
        ("stretch", (100, 100), (0, 0, 100, 100)),
        ("contain", (1, 1), (0, 0, 1, 1)),
    ],
)
def test_contain_shows_all_cover_fills_stretch_bends(
    tmp_path: Path, fit: Fit, zone: tuple[int, int], target: tuple[int, int, int, int]
) -> None:
    quarters((64, 32)).save(tmp_path / "a.png")
    frame = shown(tmp_path / "a.png", zone, fit).frame
    assert frame.target.getRect() == target
    assert (frame.image.width(), frame.image.height()) == target[2:]


def test_cover_crops_the_middle(tmp_path: Path) -> None:
    picture = Image.new("RGB", (300, 100), "black")
    picture.paste("white", (100, 0, 200, 100))
    picture.save(tmp_path / "a.png")
    image = shown(tmp_path / "a.png", (100, 100), "cover").frame.image
    assert {QColor(image.pixel(x, 50)).name() for x in (2, 50, 97)} == {"#ffffff"}


def test_a_sliver_keeps_at_least_a_pixel() -> None:
    assert place((10_000, 1), (1920, 1080), "contain").size == (1920, 1)


def test_transparent_pixels_stay_transparent(tmp_path: Path) -> None:
    picture = Image.new("RGBA", (64, 32), (200, 16, 46, 0))
    picture.paste((200, 16, 46, 255), (0, 0, 32, 32))
    picture.putpixel((40, 16), (255, 255, 255, 128))
    picture.save(tmp_path / "a.png")
    image = shown(tmp_path / "a.png").frame.image
    assert image.format() == QImage.Format.Format_ARGB32_Premultiplied
    assert image.pixelColor(10, 10).getRgb() == (200, 16, 46, 255)
    assert image.pixelColor(60, 10).alpha() == 0
    assert image.pixelColor(40, 16).alpha() == 128


@pytest.mark.parametrize("mode", ["P", "L", "RGB"])
def test_a_transparent_colour_stays_transparent(tmp_path: Path, mode: str) -> None:
    picture = Image.new(mode, (64, 32), 0)
    picture.paste(1 if mode == "P" else "white", (0, 0, 32, 32))
    picture.save(tmp_path / "a.png", transparency=(0, 0, 0) if mode == "RGB" else 0)
    image = shown(tmp_path / "a.png").frame.image
    assert (image.pixelColor(10, 10).alpha(), image.pixelColor(60, 10).alpha()) == (255, 0)


def test_an_edge_of_transparency_is_not_fringed_by_hidden_colours(tmp_path: Path) -> None:
    picture = Image.new("RGBA", (400, 200), (0, 255, 0, 0))  # green that must never be seen
    picture.paste((255, 0, 0, 255), (0, 0, 201, 200))
    picture.save(tmp_path / "a.png")
    image = shown(tmp_path / "a.png", (64, 32)).frame.image
    assert (
        max(image.pixelColor(x, 16).green() for x in range(64) if image.pixelColor(x, 16).alpha())
        < 8
    )


def test_an_opaque_picture_is_opaque_to_its_last_bit(tmp_path: Path) -> None:
    quarters().save(tmp_path / "a.png")
    image = shown(tmp_path / "a.png").frame.image
    assert image.format() == QImage.Format.Format_RGB32
    assert all(byte == 255 for byte in bytes(image.constBits())[3::4])


@pytest.mark.parametrize("form", ["JPEG", "TIFF"])
def test_a_print_shop_picture_in_cmyk_has_its_colours(tmp_path: Path, form: str) -> None:
    path = tmp_path / "a.img"
    quarters(mode="CMYK").save(path, form, **({"quality": 100} if form == "JPEG" else {}))
    assert [nearest(colour) for colour in corners(shown(path).frame.image)] == list(QUARTERS)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_pixels_is_shown(tmp_path: Path, mode: str) -> None:
    grey = Image.new("L", (64, 32), 0)
    grey.paste(255, (32, 0, 64, 32))
    if mode == "I;16":
        picture = grey.convert("I").point(lambda value: value * 257).convert("I;16")
    else:
        picture = grey.convert(mode)
    picture.save(tmp_path / "a.png")
    image = shown(tmp_path / "a.png").frame.image
    assert corners(image) == ["#000000", "#ffffff", "#000000", "#ffffff"]


@pytest.mark.parametrize(("value", "lightness"), [(0, 0), (257, 1), (32896, 128), (65535, 255)])
def test_sixteen_bits_of_grey_are_scaled_not_clipped(
    tmp_path: Path, value: int, lightness: int
) -> None:
    Image.new("I;16", (8, 8), value).save(tmp_path / "a.png")
    image = shown(tmp_path / "a.png", (8, 8)).frame.image
    assert image.pixelColor(4, 4).red() == lightness


def test_an_embedded_profile_is_honoured(tmp_path: Path) -> None:
    swapped = ImageCms.ImageCmsProfile(io.BytesIO(swapping_profile()))
    quarters().save(tmp_path / "a.png", icc_profile=swapped.tobytes())
    quarters().save(tmp_path / "plain.png")
    with_profile = corners(shown(tmp_path / "a.png").frame.image)
    assert with_profile != corners(shown(tmp_path / "plain.png").frame.image)
    assert with_profile[0] != "#ff0000"


def swapping_profile() -> bytes:
    """An sRGB profile whose red and blue primaries have changed places."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, blue = profile.find(b"rXYZ"), profile.find(b"bXYZ")
    profile[red : red + 4], profile[blue : blue + 4] = b"bXYZ", b"rXYZ"
    return bytes(profile).replace(b"sRGB", b"xRGB")


@pytest.mark.parametrize("profile", [b"nonsense", b"", bytes(128)])
def test_a_profile_that_makes_no_sense_costs_nothing(tmp_path: Path, profile: bytes) -> None:
    quarters().save(tmp_path / "a.png", icc_profile=profile)
    assert corners(shown(tmp_path / "a.png").frame.image) == list(QUARTERS)


def test_a_jpeg_of_48_million_pixels_is_read_at_the_size_it_is_needed(tmp_path: Path) -> None:
    quarters((8000, 6000)).save(tmp_path / "a.jpg")
    frame = shown(tmp_path / "a.jpg", (192, 108)).frame
    assert (frame.image.width(), frame.image.height()) == (144, 108)
    assert [nearest(colour) for colour in corners(frame.image)] == list(QUARTERS)


def test_a_png_with_more_pixels_than_fit_into_memory_is_refused(tmp_path: Path) -> None:
    Image.new("L", (8000, 7000)).save(tmp_path / "a.png")
    with pytest.raises(MediaUnplayable, match=r"50 million \(MAX_DECODED_PIXELS\)"):
        shown(tmp_path / "a.png")
