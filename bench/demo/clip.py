"""The moving picture of the programme: the sunrise of `bench.demo.landscape`, encoded as H.264."""

import subprocess
from contextlib import suppress
from pathlib import Path
from typing import IO

from tqdm import tqdm

from bench.demo.brush import HEIGHT, WIDTH
from bench.demo.landscape import Dawn

__all__ = ["CLIP_MS", "render"]

FRAMES_PER_S = 30
CLIP_MS = 12_000
FRAMES = FRAMES_PER_S * CLIP_MS // 1000


def render(target: Path) -> None:
    """Draw the clip frame by frame into `target`, an MP4.

    Raises `subprocess.CalledProcessError` when the encoder fails.
    """
    scene = Dawn()
    encoder = subprocess.Popen(_encoder(target), stdin=subprocess.PIPE)
    # An encoder that gives up early says why by its status.
    with suppress(BrokenPipeError), encoder:
        _feed(encoder.stdin, scene)
    if encoder.returncode:
        raise subprocess.CalledProcessError(encoder.returncode, "ffmpeg")


def _feed(pipe: IO[bytes] | None, scene: Dawn) -> None:
    assert pipe is not None
    # A bar on a terminal, nothing elsewhere.
    for number in tqdm(range(FRAMES), unit="frame", leave=False, disable=None):
        # The picture must outlive the view of its bits: Qt frees them with it.
        picture = scene.frame(number / (FRAMES - 1))
        pipe.write(picture.constBits())
    pipe.close()


def _encoder(target: Path) -> list[str]:
    colours = "bt709"
    return [
        *("ffmpeg", "-hide_banner", "-loglevel", "error", "-y"),
        *("-f", "rawvideo", "-pixel_format", "bgr0", "-video_size", f"{WIDTH}x{HEIGHT}"),
        *("-framerate", str(FRAMES_PER_S), "-i", "-"),
        # A little grain, the same in every frame, hides the steps of a wide sky in eight bits.
        *("-vf", "scale=out_color_matrix=bt709:out_range=tv,noise=c0s=3,format=yuv420p"),
        *("-c:v", "libx264", "-preset", "veryfast", "-crf", "18", "-g", str(2 * FRAMES_PER_S)),
        *("-colorspace", colours, "-color_primaries", colours, "-color_trc", colours),
        *("-movflags", "+faststart", "-f", "mp4", str(target)),
    ]
