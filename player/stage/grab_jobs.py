"""`yingbi-player grab --jobs`: draws what it is told on stdin, and stays warm between two pictures.

For the server's preview.  One line of JSON is a job, one line the answer: `{"failed": null}` when
the picture is written, else the sentence that says why not.  It ends with its stdin, when nothing
was asked for a minute, and when a decoder hangs.  Whatever libraries print goes to stderr.
"""

import os
import select
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from player.errors import SourceUnusable
from player.stage.grabber import Grabber
from player.stage.manifest_source import ManifestSource

__all__ = ["Job", "serve"]

#: Whoever asks again later than this waits for a cold start, in seconds.
IDLE_S = 60.0

#: The longest line that is read, in bytes.
LINE_BYTES = 64 * 2**10


class Job(Struct, frozen=True, forbid_unknown_fields=True):
    """A picture that is wanted: see `grab` for what the fields are."""

    manifest: str
    blobs: str
    at: datetime
    out: str
    size: tuple[int, int]


class _Answer(Struct, frozen=True):
    failed: str | None


def serve() -> int:
    """Draw until nobody wants a picture any more; the exit status."""
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    decode = msgspec.json.Decoder(Job).decode
    while (line := _line()) is not None:
        failed, clean = _draw(decode(line))
        answers.write(msgspec.json.encode(_Answer(failed)) + b"\n")
        if not clean:
            os._exit(os.EX_OK)  # a decoder hangs, and would hang our end too
    return os.EX_OK


def _line() -> bytes | None:
    """The next line; None: stdin ended, or nobody asked for a while."""
    line = b""
    while not line.endswith(b"\n"):
        if not select.select([0], [], [], IDLE_S)[0]:
            return None
        chunk = os.read(0, LINE_BYTES)
        if not chunk or len(line) > LINE_BYTES:
            return None
        line += chunk
    return line


def _draw(job: Job) -> tuple[str | None, bool]:
    """What could not be drawn of it (None: it is written), and whether all was let go of."""
    try:
        programme = ManifestSource(Path(job.manifest), Path(job.blobs)).first()
    except SourceUnusable as error:
        return str(error), True
    grabber = Grabber(programme, job.size)
    try:
        image, failures = grabber.grab(job.at)
        if not failures and not image.save(job.out, "PNG"):  # type: ignore[call-overload]  # the stubs want bytes
            failures = [f"{job.out} cannot be written"]
    finally:
        clean = grabber.close()
    return "; ".join(failures) or None, clean
