"""The files of the programme, made once and kept by what they hold.

`make` draws what is missing into `folder`/blobs/<SHA-256>, the layout that the player reads, and
remembers the list beside it; as long as the drawing code is the same, a second run draws nothing.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from PySide6.QtGui import QGuiApplication, QImage

from bench.demo import clip, film
from bench.demo.brush import HEIGHT, WIDTH
from bench.demo.pictures import PICTURES, draw
from manifest.model import ImageAsset, VideoAsset

__all__ = ["Media", "is_made", "make"]

Media = dict[str, ImageAsset | VideoAsset]
"""The pictures and clips by the name of their asset."""

_LIST = "content.json"

#: The modules that draw: a change in one of them is drawn anew.
DRAWING = ("brush", "clip", "content", "film", "landscape", "motifs", "pictures")


def is_made(folder: Path) -> bool:
    """Say whether `make` has nothing left to draw."""
    return _remembered(folder) is not None


def make(folder: Path, say: Callable[[str], None]) -> Media:
    """Return the files of the programme in `folder`, drawing them first where needed."""
    media = _remembered(folder)
    if media is None:
        media = _draw_all(folder, say)
        _remember(folder, media)
        _forget_others(folder, media)
    return media


def _draw_all(folder: Path, say: Callable[[str], None]) -> Media:
    blobs = folder / "blobs"
    blobs.mkdir(parents=True, exist_ok=True)
    with _letters():
        media: Media = {}
        for name, (title, picture) in PICTURES.items():
            say(f"drawing {title}")
            media[name] = _picture(blobs, title, draw(picture))
        say("drawing twelve seconds of sunrise, 360 frames, and encoding them")
        media["dawn"] = _clip(blobs, "山间日出", clip.render, clip.CLIP_MS)
    say("drawing a short film of cards, and encoding it")
    media["film"] = _clip(blobs, film.FILM_TITLE, film.render_film, film.FILM_MS)
    return media


@contextmanager
def _letters() -> Iterator[None]:
    """Let Qt's fonts be used without showing anything, and leave the environment as it was."""
    platform = os.environ.get("QT_QPA_PLATFORM")
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    application = QGuiApplication.instance() or QGuiApplication(["demo"])
    del os.environ["QT_QPA_PLATFORM"]
    if platform is not None:
        os.environ["QT_QPA_PLATFORM"] = platform
    yield
    del application


def _picture(blobs: Path, title: str, image: QImage) -> ImageAsset:
    temporary = blobs / "picture.part"
    if not image.save(str(temporary), "PNG"):  # type: ignore[call-overload]
        raise OSError(f"{temporary}: the picture could not be written")
    sha256, size = _name_by_digest(temporary)
    return ImageAsset(title, sha256, size, "image/png", WIDTH, HEIGHT)


def _clip(blobs: Path, title: str, render: Callable[[Path], None], ms: int) -> VideoAsset:
    temporary = blobs / "clip.part"
    render(temporary)
    sha256, size = _name_by_digest(temporary)
    return VideoAsset(title, sha256, size, "video/mp4", WIDTH, HEIGHT, ms, False)


def _name_by_digest(temporary: Path) -> tuple[str, int]:
    content = temporary.read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    temporary.replace(temporary.with_name(sha256))
    return sha256, len(content)


def _stamp() -> str:
    """What the drawing code is: other code, other pictures."""
    sources = [Path(__file__).with_name(f"{module}.py") for module in DRAWING]
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()


def _remember(folder: Path, media: Media) -> None:
    files = {name: msgspec.to_builtins(asset) for name, asset in media.items()}
    (folder / _LIST).write_text(json.dumps({"stamp": _stamp(), "files": files}, indent=1))


def _forget_others(folder: Path, media: Media) -> None:
    """Remove what earlier drawing code made."""
    for blob in (folder / "blobs").iterdir():
        if blob.name not in {asset.sha256 for asset in media.values()}:
            blob.unlink()


def _remembered(folder: Path) -> Media | None:
    try:
        kept = json.loads((folder / _LIST).read_text())
        media = msgspec.convert(kept["files"], Media)
    except (OSError, ValueError, KeyError, msgspec.ValidationError):
        return None
    there = all((folder / "blobs" / asset.sha256).is_file() for asset in media.values())
    return media if there and kept["stamp"] == _stamp() else None
