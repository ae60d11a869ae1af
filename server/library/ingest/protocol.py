"""What the worker and its child say to each other: one job in, lines of JSON out.

Shared by both sides, so it may import nothing but msgspec, and
what imports nothing else.
"""

from datetime import datetime
from typing import Literal

import msgspec
from msgspec import Struct

from server.library.ingest.table_cells import Places

__all__ = [
    "STEPS",
    "Answer",
    "Inspected",
    "Job",
    "Line",
    "Made",
    "Product",
    "Refusal",
    "StepName",
    "Wall",
    "decode_line",
    "encode",
]

StepName = Literal["inspect", "picture", "video", "sound", "poster", "pages", "office", "table"]

#: The step that makes what walls show, by the family of the file.
STEPS: dict[str, StepName] = {
    "image": "picture",
    "video": "video",
    "sound": "sound",
    "pdf": "pages",
    "office": "pages",
}


class Wall(Struct, frozen=True):
    """The box that a rendition must fit into, in pixels, for landscape; portrait turns it."""

    width: int
    height: int

    def box(self, width: int, height: int) -> tuple[int, int]:
        """The box for a picture of this shape: lying or standing as the picture does."""
        if height > width:
            return self.height, self.width
        return self.width, self.height

    def fit(self, width: int, height: int) -> tuple[int, int]:
        """The size that shows all of it in the box, never larger than it is."""
        wide, high = self.box(width, height)
        scale = min(1.0, wide / width, high / height)
        return max(1, round(width * scale)), max(1, round(height * scale))


class Job(Struct, frozen=True):
    """One step: `source` and `folder` are paths as the child sees them.

    `kind` and `reader` are those of `kinds.FileKind`; of a table, `reader` names the sheet, and a
    calendar is read as of `now`, and JSON as `places` tell.
    `wall_4k` asks for a second, larger rendition where the source has more to give.
    `is_still`: of a moving picture its first frame is made.
    `threads` is for ffmpeg.  Of a video, in
    milliseconds of the source: where it begins, where it ends (None: where it does), and the frame
    that stands for it (None: one is chosen).
    """

    step: StepName
    source: str
    folder: str
    kind: str = ""
    reader: str = ""
    wall: Wall = Wall(1920, 1080)
    wall_4k: Wall | None = None
    pages_limit: int = 300
    is_still: bool = False
    threads: int = 0
    start_ms: int = 0
    end_ms: int | None = None
    poster_ms: int | None = None
    now: datetime | None = None
    places: Places | None = None


class Product(Struct, frozen=True):
    """A file that a step made in its folder; `page` counts from 1, 0 is the whole.

    `text_percent`: how high the text of a page is, of the page's height (`text_sizes`).
    """

    file: str
    purpose: Literal["wall", "wall-4k", "thumbnail", "poster", "strip", "pdf"]
    mime: str
    width: int
    height: int
    page: int = 0
    duration_ms: int | None = None
    audio: bool = False
    text_percent: float | None = None


class Made(Struct, frozen=True):
    """What came of a step: its files, and remarks for the editor (codes of `remarks`).

    `source_ms` is the length of a whole video or piece of sound, in milliseconds.
    """

    products: tuple[Product, ...] = ()
    remarks: tuple[str, ...] = ()
    source_ms: int | None = None


class Inspected(Struct, frozen=True):
    """What the file is (see `kinds.FileKind`)."""

    family: Literal["image", "video", "sound", "pdf", "office"]
    name: str
    reader: str
    remarks: tuple[str, ...] = ()


class Refusal(Struct, frozen=True):
    """The step refused the file: a code of `failures` and the details of its sentence."""

    code: str
    details: dict[str, str | int] = {}


class Line(Struct, frozen=True, omit_defaults=True):
    """One line of the child: `percent` of its step, or its one answer at the end."""

    percent: int | None = None
    made: Made | None = None
    inspected: Inspected | None = None
    refused: Refusal | None = None


Answer = Made | Inspected

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Line)


def encode(value: Job | Line) -> bytes:
    """One line of JSON with its newline."""
    return _encoder.encode(value) + b"\n"


def decode_line(line: bytes) -> Line:
    """The line as a value; `msgspec.DecodeError` or `ValidationError` for anything else."""
    return _decoder.decode(line)
