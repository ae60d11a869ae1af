"""What cannot be shown says so, once, in a sentence that names the file; what was shown stays."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from player.stage.media.errors import MediaUnplayable
from player.stage.media.probe import UNKNOWN_LENGTH_MS, length_ms, probe
from tests.integration.video.zone import ClipMaker, Zone

Spoil = Callable[[bytes], bytes]

PROBED = {
    "empty.mp4": (lambda _whole: b"", "the file is empty"),
    "text.mp4": (lambda _whole: b"this is a text, not a clip\n" * 99, "the file is a text"),
    "list.mp4": (lambda _whole: b"#EXTM3U\nhttp://127.0.0.1:1/a.ts\n", "the file is a text"),
    "dash.mp4": ("<?xml version='1.0'?><MPD>表</MPD>".encode().__mul__, "the file is a text"),
    "random.mp4": (lambda _whole: os.urandom(60_000), "damaged"),
    "no-moov.mp4": (lambda whole: whole[: whole.rindex(b"moov") - 4], "damaged"),
    "head.mp4": (lambda whole: whole[:40], "damaged"),
}


@pytest.fixture
def spoilt(make_clip: ClipMaker, tmp_path: Path) -> Callable[[str], tuple[Path, str]]:
    """A file spoilt in the named way, and a part of the reason."""
    whole = make_clip("h264.mp4", "-c:v", "libx264", colour="0xC8102E").read_bytes()

    def spoil(name: str) -> tuple[Path, str]:
        spoiler, reason = PROBED[name]
        path = tmp_path / name
        path.write_bytes(spoiler(whole) if name != "dash.mp4" else spoiler(9))  # type: ignore[operator, arg-type]  # a table of mixed spoilers
        return path, reason

    return spoil


@pytest.mark.parametrize("name", PROBED)
def test_a_bad_file_fails_with_its_reason_and_the_good_picture_stays(
    zone: Zone, make_clip: ClipMaker, spoilt: Callable[[str], tuple[Path, str]], name: str
) -> None:
    zone.play(make_clip("lime.mp4", colour="lime"))
    path, reason = spoilt(name)
    told = zone.reason(path)
    assert told.startswith(f"{name!r}: "), told
    assert reason in told or (reason == "damaged" and "cannot be opened" in told), told
    assert zone.colour().green() > 200, "the last good frame is gone"
    assert len(zone.failed) == 1


@pytest.mark.parametrize("name", PROBED)
def test_a_bad_file_is_known_before_its_slot(
    spoilt: Callable[[str], tuple[Path, str]], name: str
) -> None:
    path, reason = spoilt(name)
    with pytest.raises(MediaUnplayable, match=reason):
        probe(path)


def test_a_missing_file_says_so(zone: Zone, tmp_path: Path) -> None:
    assert "No such file" in zone.reason(tmp_path / "gone.mp4")


def test_a_folder_is_no_video(zone: Zone, tmp_path: Path) -> None:
    assert "Is a directory" in zone.reason(tmp_path)


def test_sound_alone_is_no_video(zone: Zone, make_clip: ClipMaker) -> None:
    song = make_clip("song.m4a", "-vn", sound=True)
    with pytest.raises(MediaUnplayable, match="sound but no picture"):
        probe(song)
    assert "no picture" in zone.reason(song)


def test_a_clip_cut_off_in_the_middle_fails_and_its_last_good_frame_stays(
    zone: Zone, make_clip: ClipMaker, tmp_path: Path
) -> None:
    clip = make_clip(
        "noise.mp4", "-vf", "noise=alls=60:allf=t", "-movflags", "+faststart", seconds=8
    )
    cut = tmp_path / "cut.mp4"
    whole = clip.read_bytes()
    cut.write_bytes(whole[: len(whole) // 3])
    assert "damaged or cut off" in zone.reason(cut)
    assert zone.colour().red() > 100, "the last good frame is gone"


def test_a_file_that_no_one_may_read_says_so(zone: Zone, tmp_path: Path) -> None:
    endless = tmp_path / "loop.mp4"
    endless.symlink_to(endless)  # root may read anything, but not this
    assert "cannot be read" in zone.reason(endless)


def test_a_good_file_tells_its_size_length_and_tracks(make_clip: ClipMaker) -> None:
    clip = probe(make_clip("sound.mp4", sound=True))
    assert (clip.width, clip.height, clip.has_audio, clip.codec) == (320, 180, True, "h264")
    assert clip.length_ms == pytest.approx(1_000, abs=60)


def test_a_program_stream_that_tells_nothing_is_given_a_length(make_clip: ClipMaker) -> None:
    silent = make_clip("mpeg2.mpg", "-c:v", "mpeg2video", "-f", "vob", colour="0xC8102E")
    assert length_ms(silent) in {UNKNOWN_LENGTH_MS, *range(900, 1_100)}
