"""`yingbi-timeline`: what is on a screen at an instant, until when, and why (6.2)."""

import json
import os
import sys
from argparse import ArgumentTypeError, Namespace
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from command import CommandParser, Failed, run
from manifest.codec import decode
from manifest.envelope import DocumentType, open_envelope
from manifest.errors import ManifestError
from manifest.model import Manifest
from scheduler.explain import explain
from scheduler.report import as_lines, as_object
from scheduler.timeline import Span, Timeline

__all__ = ["main"]

_PROG = "yingbi-timeline"


def _parser() -> CommandParser:
    parser = CommandParser(
        _PROG,
        "Say what is on a screen at an instant, until when, and why.",
        f"{_PROG} manifest.json --at 2026-11-23T11:30:00+08:00 --explain",
    )
    parser.add_argument(
        "file", type=Path, metavar="FILE", help="a manifest, bare or in its envelope"
    )
    parser.add_argument(
        "--at",
        action="append",
        required=True,
        type=_instant,
        metavar="T",
        help="an instant with an offset or Z; may be given many times",
    )
    parser.add_argument(
        "--until",
        type=_instant,
        metavar="T2",
        help="print every picture from T to this instant; goes with one --at",
    )
    parser.add_argument(
        "--json", action="store_true", help="print JSON, an object for each picture on its line"
    )
    parser.add_argument(
        "--explain",
        action="store_true",
        help="say for every entry and takeover why it won or lost",
    )
    return parser


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is no instant like 2026-11-23T11:30:00+08:00") from error
    if instant.tzinfo is None:
        raise ArgumentTypeError(f"{text!r} has no offset: add Z, or +08:00")
    return instant


def _read(file: Path) -> Manifest:
    """The manifest in a file.  Signatures are not looked at: this command shows, it trusts not."""
    try:
        with file.open("rb") as opened:
            data = opened.read(DocumentType.MANIFEST.max_envelope_bytes + 1)
    except OSError as error:
        raise Failed(f"{file} cannot be read: {error.strerror}", os.EX_IOERR) from error
    try:
        if _is_envelope(data):
            print(f"{_PROG}: {file}: the signatures were not checked", file=sys.stderr)
            data = open_envelope(data, DocumentType.MANIFEST).payload
        return decode(data)
    except ManifestError as error:
        raise Failed(f"{file}: {error}", os.EX_DATAERR) from error


def _is_envelope(data: bytes) -> bool:
    """Does it have an envelope's key?  Whatever is no JSON object is left to the codec."""
    try:
        keys = msgspec.json.decode(data, type=dict[str, msgspec.Raw])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return "payloadType" in keys


def _spans(timeline: Timeline, options: Namespace) -> Iterator[Span]:
    if options.until is not None:
        yield from timeline.pictures(options.at[0], options.until)
        return
    for t in options.at:
        yield Span(t, timeline.next_change_after(t), timeline.picture_at(t))


def _main(arguments: Sequence[str]) -> int:
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.until is not None:
        if len(options.at) > 1:
            parser.error("--until goes with one --at")
        if options.until <= options.at[0]:
            parser.error("--until must be later than --at")
    manifest = _read(options.file)
    for number, span in enumerate(_spans(Timeline.of(manifest), options)):
        verdicts = explain(manifest, span.since) if options.explain else None
        if options.json:
            print(json.dumps(as_object(span, verdicts), ensure_ascii=False, separators=(",", ":")))
            continue
        if number:
            print()
        print("\n".join(as_lines(span, manifest, verdicts)))
    return os.EX_OK


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status."""
    return run(_PROG, _main, arguments)


if __name__ == "__main__":
    sys.exit(main())
