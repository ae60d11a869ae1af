"""A part of a video, to the frame; the strip of all of it; the frame that stands for it."""

import hashlib
import subprocess
from pathlib import Path

import msgspec
import pytest
from PIL import Image

from server.library import services
from server.library.ingest import child
from server.library.ingest.poster_task import choose
from server.library.ingest.protocol import Job, Made, Product, Wall
from server.library.models import AssetState, Purpose
from tests.simulators.clips import conforming, make_clip
from tests.simulators.library import Library, content_of

SMALL = Wall(128, 96)


def cut(path: Path, folder: Path, reader: str, **cuts: int) -> Made:
    folder.mkdir()
    job = Job("video", str(path), str(folder), "mp4", reader, SMALL)
    made = child.run(msgspec.structs.replace(job, **cuts))
    assert isinstance(made, Made)
    return made


def product(made: Made, purpose: str) -> Product:
    return next(each for each in made.products if each.purpose == purpose)


def first_frame(path: Path, at_s: float) -> bytes:
    """The pixels of one frame, small and grey."""
    words = ["ffmpeg", "-v", "error", "-ss", f"{at_s}", "-i", str(path), "-frames:v", "1"]
    words += ["-vf", "scale=32:24,format=gray", "-f", "rawvideo", "-"]
    return subprocess.run(words, capture_output=True, check=True).stdout


@pytest.mark.parametrize(
    ("cuts", "length_ms"),
    [
        ({"start_ms": 400, "end_ms": 1600}, 1200),
        ({"start_ms": 1000}, 1000),
        ({"end_ms": 520}, 520),
        ({"start_ms": 1960, "end_ms": 9000}, 2000),  # less than there is: all of it
    ],
)
def test_a_cut_is_as_long_as_it_says(tmp_path: Path, cuts: dict[str, int], length_ms: int) -> None:
    clip = conforming(tmp_path / "a.mp4", seconds=2.0)
    made = cut(clip, tmp_path / "made", "mov", **cuts)
    wall = product(made, "wall")
    assert wall.duration_ms == length_ms
    assert made.source_ms == 2000
    assert wall.audio


def test_a_cut_begins_with_the_very_frame_and_not_with_a_key_frame(tmp_path: Path) -> None:
    clip = conforming(tmp_path / "a.mp4", seconds=2.0, sound=False)  # one key frame in 2 s
    cut(clip, tmp_path / "made", "mov", start_ms=1200)

    def difference(one: bytes, other: bytes) -> float:
        return sum(abs(a - b) for a, b in zip(one, other, strict=True)) / len(one)

    begun = first_frame(tmp_path / "made" / "wall.mp4", 0)
    assert difference(begun, first_frame(clip, 1.2)) < 4
    assert difference(begun, first_frame(clip, 0.0)) > 4, "the test would not see another frame"


def test_a_cut_of_a_transport_stream_is_exact_too(tmp_path: Path) -> None:
    words = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")
    clip = make_clip(tmp_path / "a.ts", *words, "-c:a", "aac", seconds=2.0, sound=True)
    made = cut(clip, tmp_path / "made", "mpegts", start_ms=480, end_ms=1480)
    assert product(made, "wall").duration_ms == 1000


def test_the_strip_shows_all_of_the_original_whatever_is_cut(tmp_path: Path) -> None:
    clip = conforming(tmp_path / "a.mp4", seconds=2.0, sound=False)
    whole = product(cut(clip, tmp_path / "whole", "mov"), "strip")
    part = product(cut(clip, tmp_path / "part", "mov", start_ms=1500), "strip")
    assert (whole.width, whole.height) == (part.width, part.height)
    assert whole.width == 12 * 96
    pictures = [
        Image.open(tmp_path / name / "strip.webp").convert("L") for name in ("whole", "part")
    ]
    whole_row, part_row = (each.resize((48, 6)).tobytes() for each in pictures)
    assert sum(abs(a - b) for a, b in zip(whole_row, part_row, strict=True)) / len(whole_row) < 4


def test_an_editor_trims_chooses_a_frame_and_has_all_of_it_again(
    library: Library, tmp_path: Path
) -> None:
    asset = library.prepare(library.upload_file(conforming(tmp_path / "a.mp4", seconds=2.0)))
    assert asset.source_ms == 2000
    services.asset_trim(
        asset=asset, from_ms=500, until_ms=1500, actor=library.editor, now=library.now
    )
    library.prepare(asset)
    wall = asset.renditions.get(purpose=Purpose.WALL)
    assert (asset.state, wall.duration_ms, asset.source_ms) == (AssetState.READY, 1000, 2000)
    posters = {"before": content_of(asset.renditions.get(purpose=Purpose.POSTER))}
    services.asset_poster(asset=asset, at_ms=1400, actor=library.editor, now=library.now)
    assert choose(asset.pk) == "ready"
    posters["after"] = content_of(asset.renditions.get(purpose=Purpose.POSTER))
    assert len({hashlib.sha256(each).hexdigest() for each in posters.values()}) == 2
    asset.refresh_from_db()
    services.asset_trim(
        asset=asset, from_ms=None, until_ms=None, actor=library.editor, now=library.now
    )
    library.prepare(asset)
    assert asset.renditions.get(purpose=Purpose.WALL).duration_ms == 2000
    assert asset.renditions.filter(purpose=Purpose.STRIP).count() == 1
