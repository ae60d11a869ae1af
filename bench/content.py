"""Test content whose every state can be read off a framebuffer.

Each item has a background colour of its own, so that a few pixels tell which item is on the
screen.  Videos carry their frame number, from top to bottom, in shares of the height:

    0 to 8 %     background
    8 to 58 %    background, or (texture) moving noise that makes the decoder work as hard as film
    62 to 70 %   a white bar that moves right a step a frame, for people
    80 to 88 %   16 blocks, most significant first: white is 1, black is 0
    88 to 96 %   the same blocks inverted, so that a torn frame is recognised
"""

import json
import subprocess
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

__all__ = ["PALETTE", "Content", "ContentItem", "Rgb", "make_content"]

#: Far apart from each other, and from black and white.
PALETTE = {
    "red": (220, 20, 20),
    "green": (20, 180, 20),
    "blue": (20, 20, 220),
    "yellow": (220, 220, 20),
    "magenta": (220, 20, 220),
    "cyan": (20, 220, 220),
    "orange": (235, 120, 20),
}
BITS = 16
BLOCK_LEFT, BLOCK_WIDTH = 0.10, 0.05
ROW_BITS, ROW_INVERTED = (0.80, 0.88), (0.88, 0.96)
BAR = (0.62, 0.70)
TEXTURE_X, TEXTURE_Y = (0.06, 0.94), (0.08, 0.58)

WIDTH, HEIGHT, FPS = 1920, 1080, 30
SHORT_S, LONG_S = 4, 30
TEXTURE_BITRATE = "8M"


Rgb = tuple[int, int, int]
"""Red, green and blue, 0 to 255 each."""


@dataclass(frozen=True, slots=True)
class ContentItem:
    """One file: a picture, a video with its number of frames, a card, or something broken."""

    name: str
    kind: str
    colour: str | None = None
    frames: int = 0


@dataclass(frozen=True, slots=True)
class Content:
    """A folder of items.

    `fingerprints` tell items that are not of one colour (cards): what is seen at the points where
    `framebuffer.Looker` looks, by the item's `colour`.
    """

    folder: Path
    items: dict[str, ContentItem]
    fingerprints: dict[str, tuple[Rgb, ...]] = field(default_factory=dict)

    def by_colour(self) -> dict[str, ContentItem]:
        """The items that can be recognised on a screen."""
        return {item.colour: item for item in self.items.values() if item.colour}


def _noise(seed: int) -> np.ndarray:
    """A colour noise picture of twice the size: smooth enough to code, rough enough to cost."""
    random = np.random.default_rng(seed)
    fine = random.integers(0, 256, (HEIGHT // 2, WIDTH // 2, 3), dtype=np.uint8)
    picture = Image.fromarray(fine).resize((WIDTH * 2, HEIGHT * 2), Image.Resampling.BICUBIC)
    return np.asarray(picture.filter(ImageFilter.GaussianBlur(2)))


def _rows(span: tuple[float, float], size: int) -> slice:
    return slice(int(span[0] * size), int(span[1] * size))


def _frames(colour: str, count: int, texture: np.ndarray | None) -> Iterator[bytes]:
    """`count` frames as RGB24 bytes."""
    base = np.empty((HEIGHT, WIDTH, 3), np.uint8)
    base[:] = PALETTE[colour]
    where = _rows(TEXTURE_Y, HEIGHT), _rows(TEXTURE_X, WIDTH)
    bar_width = WIDTH // 20
    for number in range(count):
        frame = base.copy()
        if texture is not None:
            left, top = (number * 5) % WIDTH, (number * 3) % HEIGHT
            size = frame[where].shape
            frame[where] = texture[top : top + size[0], left : left + size[1]]
        x = (number * (WIDTH // 120)) % (WIDTH - bar_width)
        frame[_rows(BAR, HEIGHT), x : x + bar_width] = 255
        for bit in range(BITS):
            span = (BLOCK_LEFT + bit * BLOCK_WIDTH, BLOCK_LEFT + (bit + 1) * BLOCK_WIDTH)
            value = 255 if (number >> (BITS - 1 - bit)) & 1 else 0
            frame[_rows(ROW_BITS, HEIGHT), _rows(span, WIDTH)] = value
            frame[_rows(ROW_INVERTED, HEIGHT), _rows(span, WIDTH)] = 255 - value
        yield frame.tobytes()


def _encode(path: Path, colour: str, count: int, texture: np.ndarray | None) -> None:
    rate = ["-crf", "20"]
    if texture is not None:
        rate = ["-b:v", TEXTURE_BITRATE, "-maxrate", TEXTURE_BITRATE, "-bufsize", TEXTURE_BITRATE]
    command = ["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24"]
    command += ["-s", f"{WIDTH}x{HEIGHT}", "-r", str(FPS), "-i", "-"]
    command += ["-vf", "scale=out_color_matrix=bt709:out_range=tv", "-c:v", "libx264"]
    command += ["-profile:v", "high", "-preset", "veryfast", "-pix_fmt", "yuv420p"]
    command += ["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"]
    command += ["-color_range", "tv", "-g", str(FPS * 2), "-bf", "2", *rate]
    command += ["-movflags", "+faststart", str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as encoder:
        assert encoder.stdin is not None
        for frame in _frames(colour, count, texture):
            encoder.stdin.write(frame)
        encoder.stdin.close()
    if encoder.returncode:
        raise RuntimeError(f"ffmpeg could not write {path.name} (status {encoder.returncode})")


def _write_broken(folder: Path) -> Iterator[ContentItem]:
    """What a playlist can hold and no player can show (a missing file needs no writing)."""
    good = (folder / "orange.png").read_bytes()
    clip = (folder / "magenta.mp4").read_bytes()
    for name, data in {
        "corrupt.png": good[: len(good) // 3] + b"\0" * 64,
        "garbage.jpg": bytes(range(256)) * 64,
        "truncated.mp4": clip[: len(clip) // 2],
        "empty.mp4": b"",
    }.items():
        (folder / name).write_bytes(data)
        yield ContentItem(name, "broken")


def _write(folder: Path) -> Iterator[ContentItem]:
    for name in ("red.png", "yellow.jpg", "orange.png"):
        colour = name.partition(".")[0]
        Image.new("RGB", (WIDTH, HEIGHT), PALETTE[colour]).save(folder / name, quality=92)
        yield ContentItem(name, "image", colour)
    texture = _noise(seed=1)
    for colour, seconds, noise in (
        ("blue", SHORT_S, None),
        ("green", SHORT_S, None),
        ("magenta", SHORT_S, texture),
        ("cyan", LONG_S, texture),
    ):
        _encode(folder / f"{colour}.mp4", colour, seconds * FPS, noise)
        yield ContentItem(f"{colour}.mp4", "video", colour, seconds * FPS)
    yield from _write_broken(folder)


def make_content(folder: Path) -> Content:
    """The content in `folder`, made there if it is not there yet."""
    listing = folder / "content.json"
    if not listing.exists():
        folder.mkdir(parents=True, exist_ok=True)
        made = [asdict(item) for item in _write(folder)]
        listing.write_text(json.dumps(made, indent=1))
    items = [ContentItem(**entry) for entry in json.loads(listing.read_text())]
    return Content(folder.resolve(), {item.name: item for item in items})
