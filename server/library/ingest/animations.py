"""Moving pictures (GIF, WebP, APNG, AVIF sequences): kept moving, as WebP or as a video.

Runs in the child.  A short one becomes an animated WebP with its transparency; one that is long
or large becomes a video over black, which costs a box far less.
"""

import contextlib
import subprocess
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from server.library.ingest import ffmpeg
from server.library.ingest.failures import Refused
from server.library.ingest.picture_reader import load, normalised
from server.library.ingest.picture_writer import resized, write_thumbnail
from server.library.ingest.posters import make_poster
from server.library.ingest.protocol import Job, Made, Product
from server.library.ingest.steps import Report
from server.library.ingest.video_profile import Rendering, encoder, even
from server.library.ingest.videos import finished

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFile import ImageFile

__all__ = ["FRAMES_LIMIT", "is_animated", "make_animation"]

#: More frames are refused: they should come as a video.
FRAMES_LIMIT = 10_000
#: Up to so many pixels in all frames, and so long, an animation stays a WebP.
WEBP_PIXELS = 40_000_000
WEBP_MS = 60_000
#: Browsers show a frame of 10 ms or less for 100 ms, and authors rely on it.
SHORTEST_FRAME_MS = 10
HURRIED_FRAME_MS = 100
#: The rate of a video made of an animation.
RATE = Fraction(30)

_MOVING = frozenset({"GIF", "WEBP", "PNG", "AVIF"})


def is_animated(picture: "ImageFile") -> bool:
    """Has it more than one frame that is meant to move?  (Pages of a TIFF are not.)"""
    if picture.format not in _MOVING:
        return False
    try:
        frames = int(getattr(picture, "n_frames", 1))
    except Exception as error:
        raise Refused("DAMAGED") from error
    if frames > FRAMES_LIMIT:
        raise Refused("TOO_MANY_FRAMES", limit=FRAMES_LIMIT)
    return frames > 1


def make_animation(job: Job, picture: "ImageFile", report: Report) -> Made:
    """The rendition and the thumbnail of an animation.  Raises `Refused`."""
    folder = Path(job.folder)
    durations = _durations(picture)
    size = job.wall.fit(*picture.size)
    if size[0] * size[1] * len(durations) <= WEBP_PIXELS and sum(durations) <= WEBP_MS:
        return _as_webp(picture, folder, durations, size, report)
    return _as_video(job, picture, durations, size, report)


def _as_webp(
    picture: "ImageFile",
    folder: Path,
    durations: list[int],
    size: tuple[int, int],
    report: Report,
) -> Made:
    frames = list(_frames(picture, len(durations), size, report))
    path = folder / "wall-0.webp"
    frames[0].save(
        path,
        "WEBP",
        save_all=True,
        append_images=frames[1:],
        duration=durations,
        loop=_rounds(picture),
        quality=90,
        method=3,
        allow_mixed=True,
    )
    wall = Product(path.name, "wall", "image/webp", *size)
    return Made((wall, write_thumbnail(frames[len(frames) // 3], folder)))


def _as_video(
    job: Job,
    picture: "ImageFile",
    durations: list[int],
    size: tuple[int, int],
    report: Report,
) -> Made:
    from PIL import Image

    size = even(size[0]), even(size[1])
    target = Path(job.folder) / "wall.mp4"
    frames = zip(_frames(picture, len(durations), size, report), durations, strict=True)
    with (
        contextlib.suppress(BrokenPipeError),  # the encoder gave up: its status says so
        subprocess.Popen(_encoding(size, target, job.threads), stdin=subprocess.PIPE) as encoding,
    ):
        assert encoding.stdin is not None
        shown, due_ms = 0, 0
        for frame, ms in frames:
            over_black = Image.new("RGB", size)
            over_black.paste(frame, mask=frame.getchannel("A"))
            due_ms += ms
            pixels = over_black.tobytes()
            while shown * 1000 < due_ms * RATE:
                encoding.stdin.write(pixels)
                shown += 1
    if encoding.returncode != 0:
        raise Refused("DAMAGED")
    wall = finished(target, "wall")
    assert wall.duration_ms is not None
    still = make_poster(target.parent, target, wall.duration_ms, job.wall)
    return Made((wall, *still), ("ANIMATION_TO_VIDEO",))


def _encoding(size: tuple[int, int], target: Path, threads: int) -> list[str]:
    raw = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{size[0]}x{size[1]}", "-r", str(RATE)]
    rendering = Rendering(*size, RATE)
    matrix = f"scale=out_color_matrix={rendering.matrix}:out_range=tv,format=yuv420p"
    return [
        *(ffmpeg.tool_path(), "-hide_banner", "-loglevel", "error", "-y"),
        *(*raw, "-i", "pipe:0", "-vf", matrix),
        *encoder(rendering, threads),
        *("-movflags", "+faststart", "-f", "mp4", str(target)),
    ]


def _durations(picture: "ImageFile") -> list[int]:
    """Milliseconds of each frame; walks the file once without keeping a frame."""
    found = []
    for number in range(int(getattr(picture, "n_frames", 1))):
        _go_to(picture, number)
        ms = round(float(picture.info.get("duration", 0) or 0))
        found.append(ms if ms > SHORTEST_FRAME_MS else HURRIED_FRAME_MS)
    return found


def _frames(
    picture: "ImageFile", count: int, size: tuple[int, int], report: Report
) -> Iterator["Image"]:
    for number in range(count):
        _go_to(picture, number)
        yield resized(normalised(picture).convert("RGBA"), size)
        report(5 + 80 * (number + 1) // count)


def _go_to(picture: "ImageFile", number: int) -> None:
    try:
        picture.seek(number)
    except MemoryError:
        raise
    except Exception as error:
        raise Refused("DAMAGED") from error
    load(picture, picture.size)


def _rounds(picture: "ImageFile") -> int:
    """How often it plays, 0 for ever; a GIF that does not say plays once."""
    rounds = picture.info.get("loop", 1 if picture.format == "GIF" else 0)
    return rounds if isinstance(rounds, int) and 0 <= rounds < 65_536 else 0
