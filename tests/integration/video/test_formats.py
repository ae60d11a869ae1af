"""Every kind of clip that a publicity office has: its picture stands in the scene, upright."""

from pathlib import Path

import pytest
from PySide6.QtGui import QColor

from tests.integration.video.zone import ClipMaker, Zone, ZoneMaker, run_ffmpeg


def near(one: QColor, other: str, tolerance: int = 10) -> bool:
    wanted = QColor(other)
    pairs = zip(one.getRgb()[:3], wanted.getRgb()[:3], strict=True)
    return all(abs(a - b) <= tolerance for a, b in pairs)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("h264.mp4", ("-c:v", "libx264")),
        ("h264-10bit.mp4", ("-c:v", "libx264", "-pix_fmt", "yuv420p10le")),
        ("h264-444.mp4", ("-c:v", "libx264", "-pix_fmt", "yuv444p")),
        ("hevc.mp4", ("-c:v", "libx265", "-x265-params", "log-level=none")),
        ("vp9.webm", ("-c:v", "libvpx-vp9", "-deadline", "realtime")),
        ("mpeg2.mpg", ("-c:v", "mpeg2video", "-f", "vob")),
        ("mpeg2.ts", ("-c:v", "mpeg2video", "-f", "mpegts")),
        ("h264.mkv", ("-c:v", "libx264")),
        ("mpeg4.avi", ("-c:v", "mpeg4")),
        ("wmv.wmv", ("-c:v", "wmv2")),
    ],
)
def test_a_codec_shows_its_colours(
    zone: Zone, make_clip: ClipMaker, name: str, options: tuple[str, ...]
) -> None:
    zone.show(make_clip(name, *options, colour="0xC8102E"))
    assert near(zone.colour(), "#C8102E", 14), zone.colour().name()


@pytest.mark.parametrize("size", ["854x480", "1278x718", "1920x1080", "1080x1920", "64x64"])
def test_a_clip_of_any_size_fills_its_box_with_no_padding_in_sight(
    make_zone: ZoneMaker, make_clip: ClipMaker, size: str
) -> None:
    width, height = (int(side) for side in size.split("x"))
    zone = make_zone(width // 2, height // 2)
    zone.show(make_clip(f"size-{size}.mp4", colour="white", size=size, seconds=0.2))
    for corner in [(0, 0), (1, 0), (0, 1), (1, 1), (0.5, 0.5)]:
        assert near(zone.colour(*corner), "white"), (corner, zone.colour(*corner).name())


@pytest.mark.parametrize("fit", ["contain", "cover", "stretch"])
def test_a_wide_clip_in_a_square(make_zone: ZoneMaker, make_clip: ClipMaker, fit: str) -> None:
    zone = make_zone(200, 200)
    zone.show(make_clip("wide.mp4"), fit=fit)
    assert near(zone.colour(), "red")
    # What the clip leaves free shows the window's own colour.
    assert near(zone.colour(0.5, 0.05), "blue" if fit == "contain" else "red")


def test_high_definition_has_the_colours_of_bt_709(
    make_zone: ZoneMaker, make_clip: ClipMaker
) -> None:
    clip = make_clip(
        "bt709.mp4", "-vf", "scale=out_color_matrix=bt709", "-colorspace", "bt709",
        colour="0xD4A017", size="1280x720", seconds=0.2,
    )  # fmt: skip
    zone = make_zone(1280, 720)
    zone.show(clip)
    assert near(zone.colour(), "#D4A017", 5), zone.colour().name()


def test_a_phone_s_clip_with_a_rotation_mark_stands_upright(
    zone: Zone, make_clip: ClipMaker, tmp_path: Path
) -> None:
    upright = tmp_path / "halves.mp4"
    source = "color=c=red:s=180x320:r=25:d=1,drawbox=y=160:h=160:c=lime:t=fill"
    # Stored on its side, with the mark that turns it back: red above, green below.
    run_ffmpeg("-f", "lavfi", "-i", source, "-vf", "transpose=2", "-pix_fmt", "yuv420p", upright)
    marked = tmp_path / "marked.mp4"
    run_ffmpeg("-i", upright, "-c", "copy", "-metadata:s:v", "rotate=270", marked)
    zone.show(marked)
    assert near(zone.colour(0.5, 0.2), "red", 20), zone.colour(0.5, 0.2).name()
    assert near(zone.colour(0.5, 0.8), "lime", 20), zone.colour(0.5, 0.8).name()
    assert near(zone.colour(0.05, 0.5), "blue"), "it is narrow: the zone shows beside it"


def test_pixels_that_are_not_square_are_widened(make_zone: ZoneMaker, make_clip: ClipMaker) -> None:
    zone = make_zone(400, 100)
    zone.show(make_clip("sar.mp4", "-vf", "setsar=2/1", size="100x100"))
    assert near(zone.colour(0.3, 0.5), "red"), "200 of 400 pixels are covered, not 100"
    assert near(zone.colour(0.7, 0.5), "red")
    assert near(zone.colour(0.2, 0.5), "blue")


def test_sound_beside_the_picture_does_no_harm(zone: Zone, make_clip: ClipMaker) -> None:
    zone.play(make_clip("sound.mp4", sound=True), sound=True)
    zone.wait(lambda: zone.item.frames_painted > 5)
    assert zone.failed == []


def test_without_libswscale_libvlc_converts(
    zone: Zone, make_clip: ClipMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("player.stage.media.playback.is_available", lambda: False)
    zone.play(make_clip("h264.mp4", "-c:v", "libx264", colour="0xC8102E"))
    zone.wait(lambda: zone.item.frames_painted > 5)
    assert near(zone.colour(), "#C8102E", 14), zone.colour().name()


@pytest.mark.parametrize("name", ["bigbuckbunny.mp4", "echo-hereweare.webm"])
def test_clips_from_the_wild_play(zone: Zone, samples: Path, name: str) -> None:
    zone.play(samples / "video" / name)
    zone.wait(lambda: zone.item.frames_painted > 20)
    assert zone.failed == []


@pytest.mark.parametrize(
    "name", ["表 彰 2026.mp4", "🎉.mp4", "two\nlines.mp4", "%41#?&.mp4", "ن.mp4"]
)
def test_any_file_name_plays(zone: Zone, make_clip: ClipMaker, tmp_path: Path, name: str) -> None:
    odd = tmp_path / name
    odd.write_bytes(make_clip("h264.mp4", "-c:v", "libx264", colour="0xC8102E").read_bytes())
    zone.show(odd)
    assert near(zone.colour(), "#C8102E", 14)
