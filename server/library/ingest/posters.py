"""The still picture that stands for a video in lists and pages.  Runs in the child."""

from pathlib import Path

from server.library.ingest import ffmpeg
from server.library.ingest.failures import Refused
from server.library.ingest.ffmpeg import FfmpegFailed
from server.library.ingest.picture_writer import write_still, write_thumbnail
from server.library.ingest.protocol import Product, Wall

__all__ = ["make_poster"]

#: So many frames are compared, from a tenth of the video on: the most typical is taken.
_FRAMES = 50


def make_poster(folder: Path, video: str, duration_ms: int, wall: Wall) -> list[Product]:
    """Poster and thumbnail of the `video` (an MP4 that we made) in `folder`."""
    from PIL import Image

    frame = folder / "frame.png"
    for start_s in (duration_ms / 10_000, 0.0):
        words = ["-ss", f"{start_s:.3f}", *ffmpeg.input_of(str(folder / video), "mov")]
        words += ["-vf", f"thumbnail=n={_FRAMES}", "-frames:v", "1", str(frame)]
        try:
            ffmpeg.run(words)
        except FfmpegFailed as failure:
            raise Refused("DAMAGED") from failure
        if frame.exists():
            break
    with Image.open(frame, formats=["PNG"]) as opened:
        picture = opened.convert("RGB")
    frame.unlink()
    poster = write_still(picture, folder, wall, "poster", lossless=False)
    return [poster, write_thumbnail(picture, folder)]
