"""Videos of all sorts, made by ffmpeg on the spot: small, short, and each odd in one way."""

import subprocess
from pathlib import Path

__all__ = ["conforming", "ffmpeg", "make_clip"]

#: A moving picture of odd size, 25 frames a second.
PICTURE = "testsrc2=size={size}:rate={rate}:duration={seconds}"
SOUND = "sine=frequency=440:duration={seconds}"


def ffmpeg(*words: str) -> None:
    """Run the real ffmpeg; what it says is the message of the failure."""
    head = ["ffmpeg", "-nostdin", "-hide_banner", "-loglevel", "error", "-y"]
    done = subprocess.run([*head, *words], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def make_clip(
    path: Path,
    *words: str,
    size: str = "160x120",
    rate: str = "25",
    seconds: float = 1.0,
    sound: bool = False,
) -> Path:
    """A clip at `path`; `words` are options of its encoder."""
    picture = PICTURE.format(size=size, rate=rate, seconds=seconds)
    inputs = ["-f", "lavfi", "-i", picture]
    if sound:
        inputs += ["-f", "lavfi", "-i", SOUND.format(seconds=seconds)]
    ffmpeg(*inputs, *words, str(path))
    return path


def conforming(path: Path, *words: str, seconds: float = 2.0, sound: bool = True) -> Path:
    """A clip that is already what ingest makes."""
    return make_clip(
        path,
        *("-c:v", "libx264", "-preset", "ultrafast", "-profile:v", "high", "-level:v", "4.1"),
        *("-pix_fmt", "yuv420p", "-g", "50", "-flags", "+cgop", "-bf", "0"),
        *("-colorspace", "smpte170m", "-color_primaries", "bt709", "-color_trc", "bt709"),
        *("-color_range", "tv", "-c:a", "aac", "-ac", "2", "-ar", "48000", "-shortest"),
        *words,
        seconds=seconds,
        sound=sound,
    )
