"""Pictures come out upright, in sRGB, right-sized, and stripped of all but their pixels."""

import io
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image, ImageCms, ImageDraw

from server.library.ingest.protocol import Made, Wall
from tests.simulators.conversions import HD, UHD, made_of, refusal_of, wall_of

CMYK_PROFILE = Path("/usr/share/color/icc/ghostscript/default_cmyk.icc")


def quarters(size: tuple[int, int] = (120, 80)) -> Image.Image:
    """Red and green above, blue and yellow below: every turn of it looks different."""
    picture = Image.new("RGB", size)
    draw, (width, height) = ImageDraw.Draw(picture), size
    draw.rectangle((0, 0, width // 2, height // 2), "red")
    draw.rectangle((width // 2, 0, width, height // 2), "lime")
    draw.rectangle((0, height // 2, width // 2, height), "blue")
    draw.rectangle((width // 2, height // 2, width, height), "yellow")
    return picture


def shown(made: Made, folder: Path) -> Image.Image:
    picture = Image.open(folder / wall_of(made).file)
    picture.load()
    return picture


def corners(picture: Image.Image) -> list[str]:
    """The names of the colours near the four corners, row by row."""
    width, height = picture.size
    places = [(8, 8), (width - 8, 8), (8, height - 8), (width - 8, height - 8)]
    names = {(1, 0, 0): "red", (0, 1, 0): "lime", (0, 0, 1): "blue", (1, 1, 0): "yellow"}
    pixels = picture.convert("RGB")
    found = []
    for place in places:
        colour = pixels.getpixel(place)
        assert isinstance(colour, tuple)
        red, green, blue = (int(part > 127) for part in colour)
        found.append(names.get((red, green, blue), "?"))
    return found


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_exif_orientation_comes_out_upright(tmp_path: Path, orientation: int) -> None:
    turns = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # what a camera does to the pixels
    undo = {5: 5, 6: 2, 7: 6, 8: 4, 3: 3, 2: 0, 4: 1}
    assert turns == undo
    stored = quarters()
    if orientation > 1:
        inverse = {6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}
        same = {
            2: Image.Transpose.FLIP_LEFT_RIGHT,
            3: Image.Transpose.ROTATE_180,
            4: Image.Transpose.FLIP_TOP_BOTTOM,
            5: Image.Transpose.TRANSPOSE,
            7: Image.Transpose.TRANSVERSE,
        }
        stored = stored.transpose((inverse | same)[orientation])
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored.save(tmp_path / "a.jpg", exif=exif, quality=95)
    made = made_of(tmp_path / "a.jpg", tmp_path / "made")
    result = shown(made, tmp_path / "made")
    assert result.size == (120, 80)
    assert corners(result) == ["red", "lime", "blue", "yellow"]
    assert not result.getexif(), "metadata came through"


def test_a_large_picture_is_fitted_to_both_walls_and_a_small_one_never_enlarged(
    tmp_path: Path,
) -> None:
    Image.new("RGB", (5000, 2000), "navy").save(tmp_path / "large.jpg")
    made = made_of(tmp_path / "large.jpg", tmp_path / "large", HD, UHD)
    sizes = {each.purpose: (each.width, each.height) for each in made.products}
    assert sizes == {"wall": (1920, 768), "wall-4k": (3840, 1536), "thumbnail": (480, 192)}
    Image.new("RGB", (300, 200), "navy").save(tmp_path / "small.png")
    made = made_of(tmp_path / "small.png", tmp_path / "small", HD, UHD)
    assert {(each.width, each.height) for each in made.products} == {(300, 200)}
    assert made.remarks == ("SMALL_PICTURE",)


def test_a_portrait_picture_fits_a_standing_wall(tmp_path: Path) -> None:
    Image.new("RGB", (1500, 4000), "navy").save(tmp_path / "a.png")
    wall = wall_of(made_of(tmp_path / "a.png", tmp_path / "made"))
    assert (wall.width, wall.height) == (720, 1920)


@pytest.mark.skipif(not CMYK_PROFILE.exists(), reason="NO CMYK PROFILE: libgs is not installed")
def test_cmyk_comes_out_in_srgb_by_its_own_profile(tmp_path: Path) -> None:
    profile = CMYK_PROFILE.read_bytes()
    to_cmyk = ImageCms.profileToProfile(
        quarters(), ImageCms.createProfile("sRGB"), io.BytesIO(profile), outputMode="CMYK"
    )
    assert to_cmyk is not None
    to_cmyk.save(tmp_path / "a.jpg", icc_profile=profile, quality=95)
    made = made_of(tmp_path / "a.jpg", tmp_path / "made")
    result = shown(made, tmp_path / "made")
    assert (result.mode, corners(result)) == ("RGB", ["red", "lime", "blue", "yellow"])
    assert "icc_profile" not in result.info


def test_cmyk_without_a_profile_is_still_the_right_colours(tmp_path: Path) -> None:
    quarters().convert("CMYK").save(tmp_path / "a.tif")
    made = made_of(tmp_path / "a.tif", tmp_path / "made")
    assert corners(shown(made, tmp_path / "made")) == ["red", "lime", "blue", "yellow"]


def test_sixteen_bits_are_scaled_and_not_clipped(tmp_path: Path) -> None:
    grey = Image.new("I;16", (40, 40), 0x8000)
    grey.save(tmp_path / "a.png")
    result = shown(made_of(tmp_path / "a.png", tmp_path / "made"), tmp_path / "made")
    value = result.convert("L").getpixel((20, 20))
    assert isinstance(value, int)
    assert abs(value - 0x80) <= 1


@pytest.mark.parametrize("kind", ["HEIF", "AVIF"])
def test_what_phones_make_is_read(tmp_path: Path, kind: str) -> None:
    if kind == "HEIF":
        import pillow_heif

        heif = pillow_heif.from_pillow(quarters((320, 240)))
        heif.save(tmp_path / "a.jpg", quality=90)
    else:
        quarters((320, 240)).save(tmp_path / "a.jpg", kind)
    made = made_of(tmp_path / "a.jpg", tmp_path / "made")
    assert wall_of(made).mime == "image/jpeg"
    assert corners(shown(made, tmp_path / "made")) == ["red", "lime", "blue", "yellow"]


def test_transparency_is_kept_and_drawings_stay_lossless(tmp_path: Path) -> None:
    drawing = quarters().convert("RGBA")
    drawing.putpixel((0, 0), (0, 0, 0, 0))
    drawing.save(tmp_path / "a.webp", lossless=True)
    made = made_of(tmp_path / "a.webp", tmp_path / "made")
    result = shown(made, tmp_path / "made")
    assert (wall_of(made).mime, result.mode) == ("image/png", "RGBA")
    assert result.getpixel((0, 0)) == (0, 0, 0, 0)
    assert result.getpixel((30, 30)) == (255, 0, 0, 255)


def moving(path: Path, frames: int, size: tuple[int, int] = (64, 48), ms: int = 100) -> Path:
    """An animated GIF whose frames all differ."""
    pictures = [Image.new("P", size, number * 37 % 256) for number in range(frames)]
    for picture in pictures:
        picture.putpalette([value for grey in range(256) for value in (grey, grey, 255 - grey)])
    pictures[0].save(path, save_all=True, append_images=pictures[1:], duration=ms, loop=0)
    return path


def test_a_short_animation_keeps_moving_as_webp(tmp_path: Path) -> None:
    made = made_of(moving(tmp_path / "a.gif", 7), tmp_path / "made")
    result = shown(made, tmp_path / "made")
    assert wall_of(made).mime == "image/webp"
    assert (result.n_frames, result.info["loop"]) == (7, 0)
    assert result.info["duration"] == 100


def test_a_long_animation_becomes_a_video_of_the_same_length(tmp_path: Path) -> None:
    made = made_of(moving(tmp_path / "a.gif", 125, ms=500), tmp_path / "made")
    wall = wall_of(made)
    assert (wall.mime, wall.duration_ms, wall.audio) == ("video/mp4", 62_500, False)
    assert made.remarks == ("ANIMATION_TO_VIDEO",)
    assert {each.purpose for each in made.products} == {"wall", "poster", "thumbnail"}


def test_an_animation_of_ten_thousand_frames_is_refused(tmp_path: Path) -> None:
    gif = moving(tmp_path / "a.gif", 2, (2, 2)).read_bytes()
    frame = gif[gif.index(b"\x21\xf9") : -1]
    (tmp_path / "b.gif").write_bytes(gif[:-1] + frame * 6000 + b";")
    assert refusal_of(tmp_path / "b.gif", tmp_path / "made") == "TOO_MANY_FRAMES"


def png_of(width: int, height: int) -> bytes:
    """A PNG whose header announces this size; its data is a few bytes of zeros."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        sealed = kind + content
        return struct.pack(">I", len(content)) + sealed + struct.pack(">I", zlib.crc32(sealed))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(bytes(1 << 20))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("size", [(20_000, 10_000), (60_000, 60_000), (2_000_000, 2)])
def test_a_bomb_is_refused_by_its_header(tmp_path: Path, size: tuple[int, int]) -> None:
    (tmp_path / "a.png").write_bytes(png_of(*size))
    assert refusal_of(tmp_path / "a.png", tmp_path / "made") == "IMAGE_TOO_LARGE"


def test_a_polyglot_loses_what_hides_behind_its_pixels(tmp_path: Path) -> None:
    file = io.BytesIO()
    quarters().save(file, "PNG")
    hidden = b"PK\x03\x04<script>alert(1)</script>"
    (tmp_path / "a.png").write_bytes(file.getvalue() + hidden)
    made = made_of(tmp_path / "a.png", tmp_path / "made")
    for product in made.products:
        assert b"script" not in (tmp_path / "made" / product.file).read_bytes()


def test_a_picture_that_is_cut_off_is_refused_and_never_half_shown(tmp_path: Path) -> None:
    for kind in ("JPEG", "PNG", "WEBP", "TIFF", "BMP"):
        file = io.BytesIO()
        Image.effect_noise((400, 300), 80).convert("RGB").save(file, kind)
        whole = file.getvalue()
        (tmp_path / kind).write_bytes(whole[: len(whole) * 2 // 3])
        assert refusal_of(tmp_path / kind, tmp_path / "made") in {"CUT_OFF", "DAMAGED"}, kind


#: Hostile files that can be read all the same: what comes out is made of clean pixels.
NEUTRALISED = {"truncated_app14.jpg", "truncated_exif_dpi.jpg"}


def test_every_hostile_picture_is_refused_or_neutralised(tmp_path: Path, samples: Path) -> None:
    files = sorted((samples / "hostile-images").iterdir())
    assert len(files) >= 28
    for path in files:
        if path.name in NEUTRALISED:
            made = made_of(path, tmp_path / path.name)
            assert shown(made, tmp_path / path.name).mode in {"L", "RGB"}
        else:
            code = refusal_of(path, tmp_path / path.name)
            assert code in {"UNKNOWN_KIND", "DAMAGED", "CUT_OFF", "TOO_HEAVY"}, path.name


@pytest.mark.deep
def test_every_real_picture_is_accepted(tmp_path: Path, samples: Path) -> None:
    for path in sorted((samples / "images").iterdir()):
        made = made_of(path, tmp_path / path.name, Wall(640, 360))
        result = shown(made, tmp_path / path.name)
        assert max(result.size) <= 640
