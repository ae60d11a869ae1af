"""`yingbi-player grab`: draws what is on screen at an instant into a PNG, without a display.

The server's preview is this command: the same stage as on the wall, with a clock that stands
still.  An item that cannot be drawn is an error here, because nobody is served by a preview that
hides it.
"""

import os
import re
import sys
from argparse import ArgumentTypeError, Namespace
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from command import CommandParser, Failed
from player.errors import SourceUnusable

__all__ = ["grab"]

DEFAULT_SIZE = (1920, 1080)
LARGEST = 7680
_SIZE = re.compile(r"(\d{1,4})x(\d{1,4})", re.ASCII)


def grab(arguments: Sequence[str]) -> int:
    """Run the command; see docs/player.md."""
    options = _parser("--jobs" in arguments).parse_args(arguments)
    if not options.jobs and len(options.at) != len(options.out):
        raise Failed("name one --out for each --at", os.EX_USAGE)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["QT_QUICK_BACKEND"] = "software"
    if options.jobs:
        from player.stage.grab_jobs import serve

        return serve()
    return _draw(options)


def _draw(options: Namespace) -> int:
    from player.stage.grabber import Grabber
    from player.stage.manifest_source import ManifestSource

    try:
        programme = ManifestSource(options.manifest, options.blobs).first()
    except SourceUnusable as error:
        raise Failed(str(error), os.EX_DATAERR) from error
    grabber = Grabber(programme, options.size)
    try:
        for at, out in zip(options.at, options.out, strict=True):
            image, failures = grabber.grab(at)
            if failures:
                raise Failed("; ".join(failures), os.EX_DATAERR)
            if not image.save(str(out), "PNG"):  # type: ignore[call-overload]  # the stubs want bytes
                raise Failed(f"{out} cannot be written", os.EX_CANTCREAT)
    finally:
        clean = grabber.close()
    if not clean:
        sys.stdout.flush()
        os._exit(os.EX_OK)
    return os.EX_OK


def _parser(takes_jobs: bool) -> CommandParser:
    parser = CommandParser(
        "yingbi-player grab",
        "Draw what is on screen at an instant into a PNG.",
        "yingbi-player grab --manifest m.json --blobs blobs --at 2026-11-22T03:00:00Z --out x.png",
    )
    parser.add_argument(
        "--manifest", metavar="FILE", type=Path, required=not takes_jobs, help="a bare manifest"
    )
    parser.add_argument(
        "--blobs", metavar="DIR", type=Path, required=not takes_jobs,
        help="its files, named by SHA-256",
    )  # fmt: skip
    parser.add_argument(
        "--at", metavar="T", type=_instant, required=not takes_jobs, action="append",
        help="RFC 3339",
    )  # fmt: skip
    parser.add_argument(
        "--out", metavar="PNG", type=Path, required=not takes_jobs, action="append",
        help="one for each --at",
    )  # fmt: skip
    parser.add_argument(
        "--size", metavar="WxH", type=_size, default=DEFAULT_SIZE, help="in pixels: 1920x1080"
    )
    parser.add_argument(
        "--jobs", action="store_true", help="draw what stdin says, a line of JSON a picture"
    )
    return parser


def _instant(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is no instant; write 2026-11-22T03:00:00Z") from error
    if at.tzinfo is None:
        raise ArgumentTypeError(f"{text!r} says no offset; add Z or +08:00")
    return at.astimezone(UTC)


def _size(text: str) -> tuple[int, int]:
    found = _SIZE.fullmatch(text)
    if found is None:
        raise ArgumentTypeError(f"{text!r} is no size; write 960x540")
    width, height = int(found[1]), int(found[2])
    if not (16 <= width <= LARGEST and 16 <= height <= LARGEST):
        raise ArgumentTypeError(f"{text!r}: each side has 16 to {LARGEST} pixels")
    return width, height
