"""What phones and cameras record looks right on the wall: by looking at frames, not at tags."""

import io
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from server.library.ingest import child
from server.library.ingest.child import Watch
from server.library.ingest.protocol import Job, Wall
from tests.simulators.clips import conforming, ffmpeg, make_clip
from tests.simulators.conversions import made_of, refusal_of, wall_of

deep = pytest.mark.deep

SIZE = (320, 176)
X264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")


def frame_of(path: Path, at_s: float = 0.0) -> Image.Image:
    """A frame as a player shows it, in RGB."""
    words = ["ffmpeg", "-v", "error", "-i", str(path), "-ss", str(at_s), "-frames:v", "1"]
    words += ["-c:v", "png", "-f", "image2pipe", "-"]
    done = subprocess.run(words, capture_output=True, check=True)
    return Image.open(io.BytesIO(done.stdout)).convert("RGB")


# --- interlaced ------------------------------------------------------------------------------


#: A bar that runs across: each of its two fields sees it somewhere else.
BAR = (
    "color=c=gray:s=320x176:r=50:d=1[field];color=c=white:s=20x176:r=50:d=1[bar];"
    "[field][bar]overlay=x='mod(n*10,300)':y=0,format=yuv420p"
)
TOP_FIRST = "tinterlace=interleave_top,setfield=tff"
CAMERAS = {
    "AVCHD (.mts)": (
        *("a.mts", TOP_FIRST),
        *(*X264, "-flags", "+ildct+ilme", "-x264opts", "tff=1", "-mpegts_m2ts_mode", "1"),
    ),
    "a transport stream of MPEG-2": (
        *("a.ts", TOP_FIRST),
        *("-c:v", "mpeg2video", "-flags", "+ildct+ilme", "-q:v", "3"),
    ),
    "an AVI of MPEG-4, which does not tell it in its header": (
        *("a.avi", TOP_FIRST),
        *("-c:v", "mpeg4", "-flags", "+ildct+ilme", "-q:v", "3"),
    ),
    "a Matroska with the lower field first": (
        *("a.mkv", "tinterlace=interleave_bottom,setfield=bff"),
        *(*X264, "-flags", "+ildct+ilme", "-x264opts", "bff=1"),
    ),
}


def combs(picture: Image.Image) -> float:
    """How much each line differs from the next: upright bars have none, torn ones have much."""
    width, height = picture.size
    above = picture.crop((0, 0, width, height - 1))
    below = picture.crop((0, 1, width, height))
    return max(ImageStat.Stat(ImageChops.difference(above, below)).mean)


#: What differs from another only in what ffmpeg does for both.
LEFT_TO_DEEP = {"a transport stream of MPEG-2", "a Matroska with the lower field first"}


@pytest.mark.parametrize(
    "camera", [pytest.param(c, marks=deep) if c in LEFT_TO_DEEP else c for c in CAMERAS]
)
def test_what_a_camera_records_in_fields_is_not_torn_on_the_wall(
    tmp_path: Path, camera: str
) -> None:
    name, fields, *words = CAMERAS[camera]
    clip = tmp_path / name
    ffmpeg("-f", "lavfi", "-i", BAR, "-vf", fields, *words, str(clip))
    made = made_of(clip, tmp_path / "made", Wall(*SIZE))
    wall = tmp_path / "made" / wall_of(made).file
    assert combs(frame_of(clip, 0.5)) > 2, "the test can see it"
    assert combs(frame_of(wall, 0.5)) < 0.5
    assert wall_of(made).duration_ms == pytest.approx(1000, abs=50)


# --- HDR -------------------------------------------------------------------------------------


#: Black, greys, white, skin, and the red and the gold of a banner: in sRGB.
PATCHES = (
    (0, 0, 0),
    (64, 64, 64),
    (128, 128, 128),
    (170, 170, 170),
    (222, 184, 155),
    (200, 16, 46),
    (212, 160, 23),
    (30, 90, 60),
)
#: That colours may differ by, of 255: BT.709 and sRGB are not the same curve, and 4:2:0 mixes.
CLOSE = 14


def card(path: Path) -> Path:
    """The patches side by side."""
    width = SIZE[0] // len(PATCHES)
    picture = Image.new("RGB", SIZE)
    for number, colour in enumerate(PATCHES):
        picture.paste(colour, (number * width, 0, (number + 1) * width, SIZE[1]))
    picture.save(path)
    return path


def patches_of(picture: Image.Image) -> list[tuple[int, ...]]:
    """The colour in the middle of each patch."""
    width = SIZE[0] // len(PATCHES)
    places = [((2 * number + 1) * width // 2, SIZE[1] // 2) for number in range(len(PATCHES))]
    return [tuple(int(part) for part in picture.getpixel(at)) for at in places]  # type: ignore[union-attr]


def off(found: Sequence[tuple[int, ...]], meant: Sequence[tuple[int, ...]]) -> int:
    """By how much the worst patch is wrong."""
    return max(
        abs(ours - theirs)
        for one, other in zip(found, meant, strict=True)
        for ours, theirs in zip(one, other, strict=True)
    )


def hdr_clip(path: Path, transfer: str, *, tagged: bool) -> Path:
    """The patches as a phone records them: white of 203 cd/m2 (ITU-R BT.2408), in ten bits."""
    wide = (
        f"zscale=tin=bt709:pin=bt709:min=gbr:rin=pc:npl=203:t={transfer}:p=bt2020:m=bt2020nc:r=tv"
    )
    tags = f"transfer={transfer}:log-level=none:qp=8"
    if tagged:
        tags += ":colorprim=bt2020:colormatrix=bt2020nc"
    ffmpeg(
        *("-loop", "1", "-i", str(card(path.with_suffix(".png"))), "-t", "0.5", "-r", "30"),
        *("-vf", f"format=gbrp,{wide},format=yuv420p10le"),
        *("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", tags, "-tag:v", "hvc1"),
        str(path),
    )
    return path


@pytest.mark.parametrize(
    ("transfer", "tagged"),
    [
        ("arib-std-b67", True),
        pytest.param("arib-std-b67", False, marks=deep),
        pytest.param("smpte2084", True, marks=deep),
        ("smpte2084", False),
    ],
)
def test_hdr_of_a_phone_has_the_colours_that_were_meant(
    tmp_path: Path, transfer: str, tagged: bool
) -> None:
    clip = hdr_clip(tmp_path / "a.mov", transfer, tagged=tagged)
    made = made_of(clip, tmp_path / "made", Wall(*SIZE))
    assert made.remarks == ("HDR_TO_SDR",)
    found = patches_of(frame_of(tmp_path / "made" / wall_of(made).file, 0.2))
    assert off(patches_of(frame_of(clip, 0.2)), PATCHES) > 2 * CLOSE, "pale: the test can see it"
    assert off(found, PATCHES) <= CLOSE, found


def test_white_of_hdr_is_almost_white_and_highlights_stay_below_it(tmp_path: Path) -> None:
    clip = tmp_path / "a.mp4"
    # HLG of 75 % is white (BT.2408); what is beyond are the highlights.
    ffmpeg(
        *("-f", "lavfi", "-i", "color=c=black:s=320x176:r=30:d=0.3"),
        *("-vf", "format=yuv420p10le,geq=lum='64+876*if(lt(X,160),0.75,1)':cb=512:cr=512"),
        *("-c:v", "libx265", "-preset", "ultrafast", "-tag:v", "hvc1", "-x265-params"),
        "transfer=arib-std-b67:colorprim=bt2020:colormatrix=bt2020nc:log-level=none:qp=8",
        str(clip),
    )
    made = made_of(clip, tmp_path / "made", Wall(*SIZE))
    frame = frame_of(tmp_path / "made" / wall_of(made).file)
    white, highlight = frame.getpixel((80, 88)), frame.getpixel((240, 88))
    assert isinstance(white, tuple)
    assert isinstance(highlight, tuple)
    assert 220 <= white[1] < highlight[1] - 8


def dolby(clip: bytes, profile: int, compatible: int) -> bytes:
    """An MP4 whose HEVC track says that it is Dolby Vision (ETSI TS 103 572: `dvcC`, `dvvC`)."""
    level, has_metadata_and_base = 6, 0b101
    told = (profile << 1, (level << 3) | has_metadata_and_base, compatible << 4)
    record = bytes([1, 0, *told]) + bytes(19)
    box = (8 + len(record)).to_bytes(4, "big") + b"dvcC" + record
    at = clip.index(b"hvcC") - 4
    at += int.from_bytes(clip[at : at + 4], "big")
    grown = bytearray(clip[:at] + box + clip[at:])
    for kind in (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd", b"hvc1"):
        start = clip.index(kind) - 4
        size = int.from_bytes(clip[start : start + 4], "big") + len(box)
        grown[start : start + 4] = size.to_bytes(4, "big")
    return bytes(grown)


def test_dolby_vision_that_only_televisions_decode_is_named_and_that_of_phones_is_read(
    tmp_path: Path,
) -> None:
    clip = hdr_clip(tmp_path / "hlg.mp4", "arib-std-b67", tagged=True).read_bytes()
    assert clip.index(b"moov") > clip.index(b"mdat"), "what grows is behind the samples"
    (tmp_path / "five.mp4").write_bytes(dolby(clip, 5, 0))
    (tmp_path / "phone.mp4").write_bytes(dolby(clip, 8, 4))
    assert refusal_of(tmp_path / "five.mp4", tmp_path / "made") == "VIDEO_DOLBY"
    made = made_of(tmp_path / "phone.mp4", tmp_path / "phone", Wall(*SIZE))
    found = patches_of(frame_of(tmp_path / "phone" / wall_of(made).file, 0.2))
    assert off(found, PATCHES) <= CLOSE, found


# --- lengths ---------------------------------------------------------------------------------

HOUR_LONG = "testsrc2=size=64x48:rate=1/30:duration={seconds}"


@pytest.mark.parametrize("words", [(), ("-live", "1")], ids=["told", "not told"])
def test_a_video_of_ten_hours_is_refused_at_once(tmp_path: Path, words: Sequence[str]) -> None:
    clip = tmp_path / "a.mkv"  # a recording that goes on does not tell its length
    source = HOUR_LONG.format(seconds=36_000)
    ffmpeg("-f", "lavfi", "-i", source, "-c:v", "mpeg4", *words, str(clip))
    assert refusal_of(clip, tmp_path / "made") == "VIDEO_TOO_LONG"


def test_a_recording_that_does_not_tell_its_length_is_prepared(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "a.mkv", *X264, "-live", "1", seconds=2.0)
    made = made_of(clip, tmp_path / "made", Wall(128, 96))
    assert wall_of(made).duration_ms == 2000


def test_a_long_video_that_is_only_packed_anew_says_how_far_it_is(tmp_path: Path) -> None:
    clip = conforming(tmp_path / "a.mp4", seconds=8.0)
    (tmp_path / "made").mkdir()
    told: list[int] = []
    job = Job("video", str(clip), str(tmp_path / "made"), "mp4", "mov")
    child.run(job, Watch(told.append))
    checking = [percent for percent in told if 8 < percent <= 98]
    assert checking, "silence for five minutes is taken for a hang"


def test_a_turned_video_with_its_matrix_in_the_container_is_upright(tmp_path: Path) -> None:
    flat = make_clip(tmp_path / "flat.mp4", *X264, size="160x96")
    turned = tmp_path / "turned.mov"
    ffmpeg("-i", str(flat), "-c", "copy", "-metadata:s:v", "rotate=90", str(turned))
    wall = wall_of(made_of(turned, tmp_path / "made"))
    assert (wall.width, wall.height) == (96, 160)
