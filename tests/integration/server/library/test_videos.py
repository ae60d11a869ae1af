"""Whatever a camera, a phone or an office makes of video comes out in the one profile."""

import itertools
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from player.stage.media.probe import probe as player_probe
from server.library.ingest.protocol import Wall
from tests.simulators.clips import conforming, ffmpeg, make_clip
from tests.simulators.conversions import made_of, refusal_of, wall_of

SMALL = Wall(128, 96)
X264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")


def looked_at(path: Path) -> dict[str, Any]:
    """What ffprobe says of our result; the streams by kind."""
    words = ["ffprobe", "-v", "error", "-of", "json", "-show_streams", "-show_format", str(path)]
    said = json.loads(subprocess.run(words, capture_output=True, check=True).stdout)
    return {each["codec_type"]: each for each in said["streams"]}


def frames_of(path: Path) -> list[dict[str, Any]]:
    words = ["ffprobe", "-v", "error", "-of", "json", "-select_streams", "v:0"]
    words += ["-show_entries", "frame=pict_type,key_frame,pts", str(path)]
    frames: list[dict[str, Any]] = json.loads(
        subprocess.run(words, capture_output=True, check=True).stdout
    )["frames"]
    return frames


ODD_SORTS = {
    "an AVI of MPEG-4 with MP3": ("a.avi", ("-c:v", "mpeg4", "-c:a", "libmp3lame")),
    "a WMV": ("a.wmv", ("-c:v", "wmv2", "-c:a", "wmav2")),
    "a program stream of MPEG-2": ("a.mpg", ("-c:v", "mpeg2video", "-c:a", "mp2")),
    "a transport stream": ("a.ts", (*X264, "-c:a", "aac")),
    "a WebM of VP8": ("a.webm", ("-c:v", "libvpx", "-c:a", "libopus")),
    "a Matroska of HEVC in ten bits": (
        "a.mkv",
        (
            "-c:v",
            "libx265",
            "-preset",
            "ultrafast",
            "-x265-params",
            "log-level=none",
            "-pix_fmt",
            "yuv420p10le",
            "-c:a",
            "flac",
        ),
    ),
    "a 3GP": ("a.3gp", ("-c:v", "h263", "-s", "176x144", "-c:a", "aac")),
    "a MOV of ProRes": ("a.mov", ("-c:v", "prores_ks", "-c:a", "pcm_s16le")),
}


#: Sorts that differ from another only in what ffmpeg does for both.
LEFT_TO_DEEP = {"a WMV", "a transport stream", "a 3GP", "a MOV of ProRes"}


@pytest.mark.parametrize(
    "sort",
    [pytest.param(s, marks=pytest.mark.deep) if s in LEFT_TO_DEEP else s for s in ODD_SORTS],
)
def test_every_sort_of_video_becomes_the_one_profile(tmp_path: Path, sort: str) -> None:
    name, words = ODD_SORTS[sort]
    clip = make_clip(tmp_path / name, *words, sound=True)
    made = made_of(clip, tmp_path / "made", SMALL)
    wall = wall_of(made)
    result = looked_at(tmp_path / "made" / wall.file)
    video, audio = result["video"], result["audio"]
    assert (video["codec_name"], video["profile"], video["pix_fmt"]) == ("h264", "High", "yuv420p")
    assert video["level"] <= 41
    assert video["sample_aspect_ratio"] == "1:1"
    assert video["r_frame_rate"] == video["avg_frame_rate"]
    assert (video["color_space"], video["color_range"]) == ("smpte170m", "tv")
    assert (audio["codec_name"], audio["profile"], audio["channels"]) == ("aac", "LC", 2)
    assert (wall.audio, wall.mime) == (True, "video/mp4")
    assert abs((wall.duration_ms or 0) - 1000) <= 80
    assert {each.purpose for each in made.products} == {
        "wall",
        "poster",
        "thumbnail",
        "strip",
    }


def test_high_definition_is_tagged_bt709_with_closed_groups_of_two_seconds(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "a.mp4", *X264, size="1280x720", rate="10", seconds=5.0)
    wall = wall_of(made_of(clip, tmp_path / "made", wall=Wall(1920, 1080)))
    path = tmp_path / "made" / wall.file
    video = looked_at(path)["video"]
    tags = [video[f"color_{each}"] for each in ("space", "primaries", "transfer")]
    assert tags == ["bt709"] * 3
    keys = [number for number, frame in enumerate(frames_of(path)) if frame["key_frame"]]
    assert keys[0] == 0
    assert max(after - before for before, after in zip(keys, [*keys[1:], 50], strict=True)) <= 20
    head = path.read_bytes()[:4096]
    assert 0 < head.find(b"moov") < 4096, "the index is not in front"


def test_the_length_is_that_of_the_frames_and_the_player_agrees(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "a.mp4", *X264, rate="30000/1001", seconds=1.3, sound=True)
    wall = wall_of(made_of(clip, tmp_path / "made", SMALL))
    frames = len(frames_of(tmp_path / "made" / wall.file))
    assert wall.duration_ms == round(frames * 1001 / 30)
    assert abs(player_probe(tmp_path / "made" / wall.file).length_ms - wall.duration_ms) <= 40


def test_sound_that_is_longer_than_its_picture_ends_with_it(tmp_path: Path) -> None:
    picture = make_clip(tmp_path / "p.mp4", *X264)
    sound = ("-f", "lavfi", "-i", "sine=frequency=300:duration=3")
    clip = tmp_path / "a.mp4"
    ffmpeg("-i", str(picture), *sound, "-c:v", "copy", "-c:a", "aac", str(clip))
    wall = wall_of(made_of(clip, tmp_path / "made", SMALL))
    assert wall.duration_ms == 1000
    audio = looked_at(tmp_path / "made" / wall.file)["audio"]
    assert abs(float(audio["duration"]) - 1.0) < 0.1


@pytest.mark.parametrize(
    ("rate", "expected"), [("60", "30/1"), ("50", "25/1"), ("24000/1001", "24000/1001")]
)
def test_fast_rates_are_halved_and_usual_ones_stay(
    tmp_path: Path, rate: str, expected: str
) -> None:
    clip = make_clip(tmp_path / "a.mp4", *X264, rate=rate)
    wall = wall_of(made_of(clip, tmp_path / "made", SMALL))
    assert looked_at(tmp_path / "made" / wall.file)["video"]["r_frame_rate"] == expected


def test_a_video_with_uneven_frames_gets_a_constant_rate(tmp_path: Path) -> None:
    uneven = ("-vf", "setpts='if(gt(N,10),PTS+0.21/TB,PTS)'", "-fps_mode", "vfr")
    clip = make_clip(tmp_path / "a.mkv", *uneven, *X264)
    wall = wall_of(made_of(clip, tmp_path / "made", SMALL))
    stamps = [frame["pts"] for frame in frames_of(tmp_path / "made" / wall.file)]
    assert len({after - before for before, after in itertools.pairwise(stamps)}) == 1


def test_a_video_that_a_phone_turned_stands_upright(tmp_path: Path) -> None:
    lying = make_clip(tmp_path / "lying.mp4", *X264)
    clip = tmp_path / "a.mp4"
    turned = ("-metadata:s:v:0", "rotate=90", "-c", "copy")
    ffmpeg("-i", str(lying), *turned, str(clip))
    wall = wall_of(made_of(clip, tmp_path / "made", wall=Wall(160, 160)))
    assert (wall.width, wall.height) == (120, 160)
    assert "side_data_list" not in looked_at(tmp_path / "made" / wall.file)["video"]


def test_pixels_that_are_not_square_become_square(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "a.mkv", "-vf", "setsar=4/3", *X264)
    wall = wall_of(made_of(clip, tmp_path / "made", wall=Wall(640, 360)))
    assert (wall.width, wall.height) == (212, 120)


def test_interlaced_video_becomes_progressive(tmp_path: Path) -> None:
    interlaced = ("-c:v", "mpeg2video", "-flags", "+ildct+ilme", "-vf", "setfield=tff")
    clip = make_clip(tmp_path / "a.mpg", *interlaced)
    wall = wall_of(made_of(clip, tmp_path / "made", SMALL))
    assert looked_at(tmp_path / "made" / wall.file)["video"]["field_order"] == "progressive"


def test_hdr_is_brought_into_the_usual_range_and_said(tmp_path: Path) -> None:
    hdr = ("-c:v", "libx265", "-preset", "ultrafast", "-pix_fmt", "yuv420p10le", "-x265-params")
    tags = "colorprim=bt2020:transfer=arib-std-b67:colormatrix=bt2020nc:log-level=none"
    clip = make_clip(tmp_path / "a.mp4", *hdr, tags, "-tag:v", "hvc1")
    made = made_of(clip, tmp_path / "made", SMALL)
    assert made.remarks == ("HDR_TO_SDR",)
    assert looked_at(tmp_path / "made" / wall_of(made).file)["video"]["color_transfer"] == "bt709"


def test_a_conforming_file_is_only_packed_anew(tmp_path: Path) -> None:
    clip = conforming(tmp_path / "a.mp4")
    wall = wall_of(made_of(clip, tmp_path / "made", wall=Wall(1920, 1080)))
    assert packets_of(tmp_path / "made" / wall.file) == packets_of(clip)


def test_a_file_that_misses_the_profile_in_one_point_is_encoded(tmp_path: Path) -> None:
    clip = conforming(tmp_path / "a.mp4", "-g", "500", seconds=3.0)
    wall = wall_of(made_of(clip, tmp_path / "made", wall=Wall(1920, 1080)))
    assert packets_of(tmp_path / "made" / wall.file) != packets_of(clip)


def packets_of(path: Path) -> list[str]:
    """The digests of the picture's packets: equal when nothing was encoded."""
    words = ["ffmpeg", "-v", "error", "-i", str(path), "-map", "0:v", "-c", "copy"]
    done = subprocess.run([*words, "-f", "framemd5", "-"], capture_output=True, check=True)
    lines = done.stdout.decode().splitlines()
    return [line.rpartition(",")[2] for line in lines if not line.startswith("#")]


def test_a_4k_rendition_comes_only_where_the_source_has_more_to_give(tmp_path: Path) -> None:
    large = make_clip(tmp_path / "a.mp4", *X264, size="320x240", seconds=0.5)
    made = made_of(large, tmp_path / "large", SMALL, Wall(256, 192))
    sizes = {each.purpose: (each.width, each.height) for each in made.products}
    assert (sizes["wall"], sizes["wall-4k"]) == ((128, 96), (256, 192))
    small = make_clip(tmp_path / "b.mp4", *X264, size="96x64", seconds=0.5)
    made = made_of(small, tmp_path / "small", SMALL, Wall(256, 192))
    sizes = {each.purpose: (each.width, each.height) for each in made.products}
    assert "wall-4k" not in sizes
    assert sizes["wall"] == (96, 64), "a small video was enlarged"


def test_sound_that_would_clip_is_turned_down_and_other_sound_stays(tmp_path: Path) -> None:
    loud = ("-af", "volume=40dB,aformat=sample_fmts=flt", "-c:a", "pcm_f32le")
    clip = make_clip(tmp_path / "a.mkv", *X264, *loud, sound=True)
    made = made_of(clip, tmp_path / "made", SMALL)
    assert made.remarks == ("SOUND_TURNED_DOWN",)
    assert -3.0 < peak_db(tmp_path / "made" / wall_of(made).file) <= 0.0
    quiet = make_clip(tmp_path / "b.mkv", *X264, "-c:a", "pcm_s16le", sound=True)
    made = made_of(quiet, tmp_path / "quiet", SMALL)
    assert made.remarks == ()
    assert abs(peak_db(tmp_path / "quiet" / wall_of(made).file) - peak_db(quiet)) < 1.0


def peak_db(path: Path) -> float:
    words = ["ffmpeg", "-hide_banner", "-i", str(path), "-vn", "-af", "volumedetect"]
    said = subprocess.run([*words, "-f", "null", "-"], capture_output=True, check=True).stderr
    return float(said.decode().split("max_volume: ")[1].split(" dB")[0])


def test_a_protected_video_is_named_as_such(tmp_path: Path) -> None:
    key = "76a6c65c5ea762046bd749a2e632ccbb"
    locked = ("-encryption_scheme", "cenc-aes-ctr", "-encryption_key", key)
    clip = make_clip(tmp_path / "a.mp4", *X264, *locked, "-encryption_kid", key)
    assert refusal_of(clip, tmp_path / "made") == "VIDEO_PROTECTED"


def test_sound_without_a_picture_is_named_as_such(tmp_path: Path) -> None:
    clip = tmp_path / "a.mp4"
    ffmpeg("-f", "lavfi", "-i", "sine=duration=1", "-c:a", "aac", str(clip))
    assert refusal_of(clip, tmp_path / "made") == "SOUND_ONLY"


@pytest.mark.parametrize("flags", ["+faststart", "0"])
def test_a_video_that_is_cut_off_is_refused(tmp_path: Path, flags: str) -> None:
    clip = make_clip(tmp_path / "a.mp4", *X264, "-movflags", flags, seconds=6.0)
    whole = clip.read_bytes()
    clip.write_bytes(whole[: len(whole) // 3])
    assert refusal_of(clip, tmp_path / "made") == "CUT_OFF"


def test_noise_inside_a_container_is_refused(tmp_path: Path) -> None:
    clip = tmp_path / "a.mp4"
    clip.write_bytes(b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(range(256)) * 64)
    assert refusal_of(clip, tmp_path / "made") in {"DAMAGED", "CUT_OFF"}
