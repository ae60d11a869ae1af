"""The manifest's bytes to values and back: strict, complete, and one error for all that is wrong.

`decode` accepts what docs/manifest.md, sections 1 and 2, allow, and nothing else: what it returns
the scheduler can play without looking twice.  `encode` writes what we publish.  Neither knows
signatures (`manifest.envelope`) or trust (`manifest.trust`).

What may change without a new format is left to those who use it: an unknown card template or mime
type is accepted here, so that an old player outlives a newer editor; the stage skips the item.
"""

from manifest import model, times
from manifest.errors import ManifestFormatError
from manifest.parsing import MAX_INTEGER, MISSING, load, refusal
from manifest.recurrence import rule
from manifest.references import check_references
from manifest.shapes import (
    IDENTIFIER,
    SHA256,
    Reader,
    boolean,
    free_object,
    integer,
    listing,
    mapping,
    matching,
    one_of,
    record,
    tagged,
    text,
)
from manifest.writing import to_json

__all__ = [
    "FORMAT",
    "MAX_ENTRIES",
    "MAX_MANIFEST_BYTES",
    "MAX_VERSION",
    "check_format",
    "decode",
    "encode",
    "windows",
]

FORMAT = "yingbi/1"
MAX_MANIFEST_BYTES = 8 * 2**20
MAX_ENTRIES = 1_000

#: A version is at most what fits 64 bits: a fast-forward (M09) must be read to be named as one.
MAX_VERSION = 2**63 - 1

#: The sources that a stream may have: all of the network.  VLC would open files and devices too.
STREAM_SCHEMES = (
    "http", "https", "mms", "mmsh", "rtmp", "rtmps", "rtp", "rtsp", "rtsps", "srt", "udp",
)  # fmt: skip

_DURATION_MS = integer(100, 86_400_000)
_CANVAS_PIXELS = integer(1, 65_536)
_MEDIA_PIXELS = integer(1, 2**31 - 1)  # what a PNG can say of itself
_RANK = integer(-(2**31), 2**31 - 1)
_BYTES = integer(0, MAX_INTEGER)
_TITLE = text
_MIME = matching(
    r"[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}",
    "a media type like image/jpeg",
)
_COLOUR = matching(r"#[0-9A-Fa-f]{6}", "a colour like #101820")
_STREAM_URL = matching(
    rf"(?:{'|'.join(STREAM_SCHEMES)})://[!-~]{{1,2000}}",
    "an address of " + ", ".join(f"{scheme}:" for scheme in STREAM_SCHEMES),
)

_FILE_REFERENCE = record(model.FileReference, sha256=SHA256, bytes=_BYTES, mime=_MIME)

_ASSET = tagged(
    "kind",
    image=record(
        model.ImageAsset,
        title=_TITLE, sha256=SHA256, bytes=_BYTES, mime=_MIME,
        width=_MEDIA_PIXELS, height=_MEDIA_PIXELS,
    ),
    video=record(
        model.VideoAsset,
        title=_TITLE, sha256=SHA256, bytes=_BYTES, mime=_MIME,
        width=_MEDIA_PIXELS, height=_MEDIA_PIXELS, duration_ms=_DURATION_MS, audio=boolean,
    ),
    stream=record(model.StreamAsset, title=_TITLE, url=_STREAM_URL, fallback=IDENTIFIER),
    card=record(
        model.CardAsset,
        title=_TITLE, template=IDENTIFIER,
        # $ is the first container, assets the second, the asset the third.
        data=free_object(depth=3),
        blobs=mapping(_FILE_REFERENCE),
    ),
)  # fmt: skip

_ITEM = record(
    model.Item,
    id=IDENTIFIER,
    asset=IDENTIFIER,
    duration_ms=_DURATION_MS,
    weight=integer(1, 20),
    fit=one_of("contain", "cover", "stretch"),
    transition=record(model.Transition, kind=one_of("cut", "fade", "slide"), ms=integer(0, 60_000)),
    valid_from=times.instant,
    valid_until=times.instant,
)

_PLAYLIST = record(model.Playlist, items=listing(_ITEM), order=one_of("listed", "shuffled"))

_ZONE = record(
    model.Zone,
    id=IDENTIFIER, x=integer(0, 65_535), y=integer(0, 65_535),
    width=_CANVAS_PIXELS, height=_CANVAS_PIXELS, playlist=IDENTIFIER, z=_RANK,
)  # fmt: skip

_WINDOW = record(
    model.Window,
    start=times.wall_time,
    duration_s=integer(1, 604_800),
    rrule=rule,
    rdates=listing(times.wall_time),
    exdates=listing(times.wall_time),
    days=one_of("any", "work", "rest"),
)

_ENTRY = record(
    model.Entry,
    id=IDENTIFIER,
    layout=IDENTIFIER,
    priority=_RANK,
    window=_WINDOW,
    turn_ms=integer(100, 604_800_000),  # up to the longest window
)

_TAKEOVER = record(
    model.Takeover,
    id=IDENTIFIER, layout=IDENTIFIER, from_=times.instant, until=times.instant, priority=_RANK,
)  # fmt: skip


def _dates(value: object) -> frozenset[object]:
    return frozenset(listing(times.calendar_date)(value))


_MANIFEST: Reader[model.Manifest] = record(
    model.Manifest,
    format=one_of(FORMAT),
    site=IDENTIFIER,
    screen=IDENTIFIER,
    version=integer(1, MAX_VERSION),
    issued_at=times.instant,
    expires_at=times.instant,
    timezone=times.timezone,
    canvas=record(model.Canvas, width=_CANVAS_PIXELS, height=_CANVAS_PIXELS),
    calendar=record(model.Calendar, rest=_dates, work=_dates),
    assets=mapping(_ASSET),
    playlists=mapping(_PLAYLIST),
    layouts=mapping(
        record(model.Layout, background=_COLOUR, zones=listing(_ZONE)),
    ),
    entries=listing(_ENTRY, most=MAX_ENTRIES),
    default_layout=IDENTIFIER,
    takeovers=listing(_TAKEOVER),
    panel=record(model.Panel, on=listing(_WINDOW)),
)


def decode(data: bytes) -> model.Manifest:
    """The manifest that these bytes are; anything else is a `ManifestFormatError`.

    The format is looked at first, so that a document of a newer one is refused for that
    (`$.format`) and not for the first key that is new.
    """
    value = load(data, MAX_MANIFEST_BYTES)
    check_format(value, FORMAT)
    manifest = _MANIFEST(value)
    check_references(manifest)
    return manifest


def windows(value: object) -> tuple[model.Window, ...]:
    """The windows that parsed JSON holds (as a panel's `on`); else a `ManifestFormatError`."""
    return listing(_WINDOW)(value)


def check_format(value: object, expected: str) -> None:
    """Refuse a parsed document that says another format than this, or none."""
    if isinstance(value, dict) and value.get("format") != expected:
        raise refusal(f'"{expected}"', value.get("format", MISSING)).inside("format")


def encode(manifest: model.Manifest) -> bytes:
    """The bytes that we publish for `manifest`; `decode` turns them into an equal value.

    Equal manifests encode to equal bytes.  A value that `decode` would refuse is refused here too.
    """
    data = to_json(manifest)
    if decode(data) != manifest:
        raise ManifestFormatError("a manifest that survives its own encoding", "another one back")
    return data
