"""What becomes of music that is uploaded: one loudness, one form, and a picture of it for pages."""

import json
import re
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from server.library.ingest.protocol import Product
from server.library.ingest.sounds import LOUDNESS_LUFS, PEAK_DB, SIZE, SOUND_MIME
from tests.simulators.clips import ffmpeg
from tests.simulators.conversions import made_of, refusal_of

FORMS = {
    "a.mp3": ("-c:a", "libmp3lame"),
    "a.m4a": ("-c:a", "aac", "-brand", "M4A "),
    "a.aac": ("-c:a", "aac"),
    "a.flac": ("-c:a", "flac"),
    "a.ogg": ("-c:a", "libvorbis"),
    "a.wav": ("-c:a", "pcm_s16le"),
}


def tune(path: Path, *options: str, seconds: float = 3.0, volume: float = 0.5) -> Path:
    tone = f"sine=frequency=440:duration={seconds}:sample_rate=44100,volume={volume}"
    ffmpeg("-f", "lavfi", "-i", tone, *options, str(path))
    return path


def told(path: Path) -> dict[str, str]:
    words = ["ffprobe", "-v", "error", "-of", "json", "-show_streams", str(path)]
    streams = json.loads(subprocess.run(words, capture_output=True, check=True).stdout)["streams"]
    assert len(streams) == 1, "neither a cover nor a second track"
    return dict(streams[0])


def loudness(path: Path) -> tuple[float, float]:
    """Integrated loudness in LUFS and the highest peak in dB of full scale."""
    words = ["ffmpeg", "-i", str(path), "-af", "ebur128=peak=true", "-f", "null", "-"]
    said = subprocess.run(words, capture_output=True, check=True, text=True).stderr
    found = (
        re.findall(r"I:\s+(-[\d.]+) LUFS", said)[-1],
        re.findall(r"Peak:\s+(-?[\d.]+)", said)[-1],
    )
    return float(found[0]), float(found[1])


def track_of(made: tuple[Product, ...]) -> Product:
    (track,) = [each for each in made if each.purpose == "wall"]
    return track


@pytest.mark.parametrize("name", FORMS)
def test_each_form_of_music_becomes_one_that_boxes_play(tmp_path: Path, name: str) -> None:
    made = made_of(tune(tmp_path / name, *FORMS[name]), tmp_path / "made")
    track = track_of(made.products)
    stream = told(tmp_path / "made" / track.file)
    assert (stream["codec_name"], stream["sample_rate"], stream["channels"]) == ("aac", "48000", 2)
    assert (track.mime, track.audio) == (SOUND_MIME, True)
    assert 2900 <= (track.duration_ms or 0) <= 3200
    assert made.source_ms == track.duration_ms


@pytest.mark.parametrize("volume", [0.02, 0.9])
def test_soft_and_loud_pieces_become_equally_loud(tmp_path: Path, volume: float) -> None:
    made = made_of(tune(tmp_path / "a.flac", volume=volume), tmp_path / "made")
    measured, _peak = loudness(tmp_path / "made" / track_of(made.products).file)
    assert measured == pytest.approx(LOUDNESS_LUFS, abs=1.0)


def test_a_piece_with_high_peaks_stays_soft_and_does_not_clip(tmp_path: Path) -> None:
    click = "aevalsrc='0.9*lt(mod(t,1),0.001)+0.002*sin(2*PI*440*t)':d=4:s=48000"
    ffmpeg("-f", "lavfi", "-i", click, str(tmp_path / "a.wav"))
    made = made_of(tmp_path / "a.wav", tmp_path / "made")
    _loudness, peak = loudness(tmp_path / "made" / track_of(made.products).file)
    assert peak <= PEAK_DB + 1.0


def test_silence_stays_silent(tmp_path: Path) -> None:
    made = made_of(tune(tmp_path / "a.wav", volume=0.0), tmp_path / "made")
    assert track_of(made.products).duration_ms


def test_a_song_loses_its_cover_and_gets_a_picture_of_its_own(tmp_path: Path) -> None:
    cover = tmp_path / "cover.png"
    Image.new("RGB", (64, 64), "red").save(cover)
    ffmpeg(
        *("-f", "lavfi", "-i", "sine=duration=2", "-i", str(cover), "-map", "0", "-map", "1"),
        *("-c:v", "mjpeg", "-disposition:v", "attached_pic", str(tmp_path / "a.mp3")),
    )
    made = made_of(tmp_path / "a.mp3", tmp_path / "made")
    told(tmp_path / "made" / track_of(made.products).file)
    pictures = {each.purpose: each for each in made.products if each.purpose != "wall"}
    assert pictures.keys() == {"poster", "thumbnail"}
    with Image.open(tmp_path / "made" / pictures["poster"].file) as poster:
        assert poster.size == SIZE
        colours = poster.convert("RGB").getcolors(1 << 16) or []
        assert len(colours) > 1


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"ID3\4" + bytes(4000), "DAMAGED"), (b"OggS\0\2" + b"x" * 4000, "DAMAGED"),
     (b"RIFF\xff\xff\xff\xffWAVEfmt " + bytes(40), "DAMAGED")],
)  # fmt: skip
def test_what_only_looks_like_music_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    (tmp_path / "a.mp3").write_bytes(content)
    assert refusal_of(tmp_path / "a.mp3", tmp_path / "made") == code


def test_a_snippet_is_too_short_to_go_round(tmp_path: Path) -> None:
    assert refusal_of(tune(tmp_path / "a.wav", seconds=0.4), tmp_path / "made") == "SOUND_TOO_SHORT"
