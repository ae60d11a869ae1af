"""The still pictures of a video: the one that stands for it, and the strip of all of it.

Runs in the child.
"""

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

from server.library.ingest import ffmpeg
from server.library.ingest.failures import Refused
from server.library.ingest.ffmpeg import FfmpegFailed
from server.library.ingest.picture_writer import (
    THUMBNAIL_QUALITY,
    write_still,
    write_thumbnail,
)
from server.library.ingest.protocol import Job, Made, Product, Wall
from server.library.ingest.steps import Report
from server.library.ingest.video_cut import INDEXED

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["choose_poster", "make_poster", "make_strip"]

#: So many frames are compared, from a tenth of the video on: the most typical is taken.
_FRAMES = 50
_TYPICAL = f"thumbnail=n={_FRAMES}"

#: The frames of a strip, and how high they are in pixels.
STRIP_FRAMES, STRIP_HEIGHT = 12, 72


def choose_poster(job: Job, report: Report) -> Made:
    """Poster and thumbnail of the video at `job.source` (an MP4 that we made), at its place."""
    at_ms = job.poster_ms or 0
    products = make_poster(Path(job.folder), Path(job.source), at_ms, job.wall, at_ms)
    report(100)
    return Made(tuple(products))


def make_poster(
    folder: Path, video: Path, duration_ms: int, wall: Wall, at_ms: int | None = None
) -> list[Product]:
    """Poster and thumbnail of the `video` (an MP4 that we made), written to `folder`.

    `at_ms` is where the frame lies that shall stand for it; without it, a typical one is taken.
    """
    tries = [(duration_ms / 10_000, _TYPICAL), (0.0, _TYPICAL)]
    if at_ms is not None:
        tries.insert(0, (at_ms / 1000, "null"))
    for start_s, chosen in tries:
        picture = _frame(folder, str(video), "mov", start_s, chosen)
        if picture is not None:
            break
    else:
        raise Refused("DAMAGED")
    poster = write_still(picture, folder, wall, "poster", lossless=False)
    return [poster, write_thumbnail(picture, folder)]


def make_strip(folder: Path, video: str, reader: str, duration_s: float) -> list[Product]:
    """Frames of all of a video side by side, for whoever chooses a part of it; none of none."""
    from PIL import Image

    frames = _frames(folder, video, reader, duration_s)
    if not frames:
        return []
    width = max(each.width for each in frames)
    strip = Image.new("RGB", (width * len(frames), STRIP_HEIGHT))
    for number, each in enumerate(frames):
        strip.paste(each, (number * width, 0))
    path = folder / "strip.webp"
    strip.save(path, "WEBP", quality=THUMBNAIL_QUALITY, method=4)
    return [Product(path.name, "strip", "image/webp", *strip.size)]


def _frames(folder: Path, video: str, reader: str, duration_s: float) -> list["Image.Image"]:
    """Frames at even distances; sought one by one, or taken in one pass where nothing is found."""
    size = f"scale=-2:{STRIP_HEIGHT}"
    if reader not in INDEXED:
        return _passed(folder, video, reader, f"fps={STRIP_FRAMES / duration_s:.6f},{size}")
    frames: list[Image.Image] = []
    for number in range(STRIP_FRAMES):
        at_s = duration_s * (number + 0.5) / STRIP_FRAMES
        found = _frame(folder, video, reader, at_s, size)
        if found is not None:
            frames.append(found)
        elif frames:
            frames.append(frames[-1])
    return frames


def _passed(folder: Path, video: str, reader: str, chosen: str) -> list["Image.Image"]:
    words = [*ffmpeg.input_of(video, reader), "-vf", chosen, "-frames:v", str(STRIP_FRAMES)]
    with contextlib.suppress(FfmpegFailed):
        ffmpeg.run([*words, str(folder / "frame-%02d.png")])
    paths = sorted(folder.glob("frame-*.png"))
    return [_taken(path) for path in paths]


def _taken(path: Path) -> "Image.Image":
    from PIL import Image

    with Image.open(path, formats=["PNG"]) as opened:
        picture = opened.convert("RGB")
    path.unlink()
    return picture


def _frame(
    folder: Path, video: str, reader: str, start_s: float, chosen: str
) -> "Image.Image | None":
    """A frame of a video from `start_s` on, by a filter that chooses or scales it."""
    frame = folder / "frame.png"
    words = ["-ss", f"{start_s:.3f}", *ffmpeg.input_of(video, reader)]
    try:
        ffmpeg.run([*words, "-vf", chosen, "-frames:v", "1", str(frame)])
    except FfmpegFailed:
        return None
    return _taken(frame) if frame.exists() else None
