"""What a video file holds, and whether it is already what we would make of it.

Runs in the child.  The headers decide what is refused; the packets (`video_timing`, not the
header's word) decide whether the frame rate is constant and how far the key frames are apart.
"""

from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

from msgspec import Struct

from server.library.ingest import ffmpeg
from server.library.ingest.failures import Refused
from server.library.ingest.protection import is_protected
from server.library.ingest.video_timing import Timing

__all__ = ["HOURS_LIMIT", "Source", "is_conforming", "matrix_of", "probe", "refuse_long"]

#: A longer video is refused.
HOURS_LIMIT = 4
#: More pixels than 8K are refused.
PIXELS_LIMIT = 8192 * 4608
#: Seconds between key frames.
GOP_S = 2.0
#: Sound may be so much longer or shorter than the picture, in seconds.
OVERHANG_S = 0.25
#: The highest rate for walls.
RATE_LIMIT = Fraction(30)

#: The colour matrices that files name, by swscale's names.
_MATRICES = {"bt709": "bt709", "smpte170m": "bt601", "bt470bg": "bt601", "bt2020nc": "bt2020"}
#: The transfer functions of HDR: PQ and HLG (ITU-R BT.2100); and what HDR is made in.
_HDR = frozenset({"smpte2084", "arib-std-b67"})
_WIDE_PRIMARIES = frozenset({"bt2020", "bt709", "smpte431", "smpte432"})
_WIDE_MATRICES = frozenset({"bt2020nc", "bt2020c", "bt709"})

Scan = Literal["progressive", "interlaced", "unknown"]


class Sound(Struct, frozen=True):
    """The first sound track: its codec, profile, channels and rate."""

    codec: str
    profile: str
    channels: int
    rate: int
    duration_s: float


class Source(Struct, frozen=True):
    """The picture track and the first sound track of a file.

    `width` and `height`: as shown, upright and in square pixels.  `duration_s` is what the file
    claims, 0 when it claims nothing.  `matrix` is the colour matrix to read it with.  `transfer`
    is "" but for HDR, which is read with `primaries` and `wide_matrix`.
    """

    index: int
    codec: str
    profile: str
    level: int
    pixel_format: str
    coded: tuple[int, int]
    width: int
    height: int
    turned: bool
    square: bool
    scan: Scan
    rate: Fraction
    duration_s: float
    matrix: str
    tagged: bool
    transfer: str
    primaries: str
    wide_matrix: str
    sound: Sound | None


def probe(path: str, demuxer: str) -> Source:
    """Read the headers of the video at `path`.  Raises `Refused`."""
    entries = ("-show_streams", "-show_format")
    answer = ffmpeg.probe(path, demuxer, *entries)
    streams = answer.get("streams", [])
    _refuse_protected(path, demuxer, answer)
    pictures = [stream for stream in streams if _is_picture(stream)]
    sounds = [stream for stream in streams if stream.get("codec_type") == "audio"]
    if not pictures:
        raise Refused("SOUND_ONLY" if sounds else "DAMAGED")
    picture = pictures[0]
    if "codec_name" not in picture or picture["codec_name"] in {"unknown", "none"}:
        raise Refused("VIDEO_CODEC", codec=_printable(picture.get("codec_tag_string", "?")))
    _refuse_dolby(picture)
    source = _source(picture, sounds, answer.get("format", {}))
    _refuse_large(source)
    return source


def is_conforming(source: Source, times: Timing, box: tuple[int, int], level: int) -> bool:
    """Is it what the encoder would make: then it is only packed anew.  `level` is 41 or 51."""
    return (
        source.codec == "h264"
        and source.profile in {"High", "Main", "Constrained Baseline", "Baseline"}
        and 0 < source.level <= level
        and source.pixel_format == "yuv420p"
        and source.coded[0] <= box[0]
        and source.coded[1] <= box[1]
        and not (source.coded[0] % 2 or source.coded[1] % 2)
        and not source.turned
        and source.square
        and source.scan != "interlaced"
        and not source.transfer
        and source.tagged
        and source.rate <= RATE_LIMIT
        and times.even
        and times.gop_s <= GOP_S + 0.1
        and _sound_conforms(source.sound, times.duration_ms / 1000)
    )


def _sound_conforms(sound: Sound | None, picture_s: float) -> bool:
    if sound is None:
        return True
    if abs(sound.duration_s - picture_s) > OVERHANG_S:
        return False
    return (sound.codec, sound.profile, sound.channels) == ("aac", "LC", 2) and sound.rate <= 48_000


def _is_picture(stream: dict[str, Any]) -> bool:
    """A moving picture: neither the cover of an album nor a single still."""
    return stream.get("codec_type") == "video" and not stream.get("disposition", {}).get(
        "attached_pic"
    )


def _refuse_protected(path: str, demuxer: str, answer: dict[str, Any]) -> None:
    streams = answer.get("streams", [])
    names = {name for stream in streams for name in stream.get("tags", {})}
    if "enc_key_id" in names or is_protected(Path(path), demuxer):
        raise Refused("VIDEO_PROTECTED")


def _refuse_dolby(picture: dict[str, Any]) -> None:
    """Dolby Vision without a picture that others can read: its colours would be green and violet.

    What phones record (profile 8.4) has HLG below and is read like it.
    """
    for side in picture.get("side_data_list", []):
        if "dv_profile" in side and not side.get("dv_bl_signal_compatibility_id"):
            raise Refused("VIDEO_DOLBY", profile=int(side["dv_profile"]))


def _source(
    picture: dict[str, Any], sounds: list[dict[str, Any]], container: dict[str, Any]
) -> Source:
    coded = int(picture.get("width", 0)), int(picture.get("height", 0))
    pixel = _ratio(picture.get("sample_aspect_ratio", "1:1"), ":") or Fraction(1)
    width, height = round(coded[0] * pixel), coded[1]
    turn = _rotation(picture)
    if turn % 180:
        width, height = height, width
    named = picture.get("color_space", "unknown")
    return Source(
        index=int(picture["index"]),
        codec=str(picture["codec_name"]),
        profile=str(picture.get("profile", "")),
        level=int(picture.get("level", 0)),
        pixel_format=str(picture.get("pix_fmt", "")),
        coded=coded,
        width=width,
        height=height,
        turned=turn != 0,
        square=pixel == 1,
        scan=_scan(picture.get("field_order", "unknown")),
        rate=_rate(picture),
        duration_s=_seconds(picture) or _seconds(container),
        matrix=_MATRICES.get(named, matrix_of(*coded)),
        tagged=_MATRICES.get(named) == matrix_of(*coded) and picture.get("color_range") == "tv",
        transfer=_one_of(_HDR, picture.get("color_transfer"), ""),
        primaries=_one_of(_WIDE_PRIMARIES, picture.get("color_primaries"), "bt2020"),
        wide_matrix=_one_of(_WIDE_MATRICES, named, "bt2020nc"),
        sound=_sound(sounds[0]) if sounds else None,
    )


def _one_of(known: frozenset[str], named: object, otherwise: str) -> str:
    return named if isinstance(named, str) and named in known else otherwise


def _scan(field_order: str) -> Scan:
    """How the lines of a picture were taken; many formats tell it only with each frame."""
    if field_order in {"progressive", "unknown"}:
        return "progressive" if field_order == "progressive" else "unknown"
    return "interlaced"


def matrix_of(width: int, height: int) -> str:
    """The matrix of a video of this size that does not tell: BT.709 for high definition."""
    return "bt709" if width >= 1280 or height >= 720 else "bt601"


def _refuse_large(source: Source) -> None:
    width, height = source.coded
    if width < 2 or height < 2:
        raise Refused("DAMAGED")
    if width * height > PIXELS_LIMIT or source.width * source.height > PIXELS_LIMIT:
        raise Refused("VIDEO_TOO_LARGE", width=source.width, height=source.height)
    refuse_long(source)


def refuse_long(source: Source) -> None:
    """Raise `Refused` for what would play longer than anybody looks."""
    if source.duration_s > HOURS_LIMIT * 3600:
        hours = f"{source.duration_s / 3600:.1f}"
        raise Refused("VIDEO_TOO_LONG", hours=hours, limit=HOURS_LIMIT)


def _rotation(picture: dict[str, Any]) -> int:
    for side in picture.get("side_data_list", []):
        if "rotation" in side:
            return int(side["rotation"]) % 360
    return int(picture.get("tags", {}).get("rotate", 0)) % 360


def _rate(picture: dict[str, Any]) -> Fraction:
    average = _ratio(picture.get("avg_frame_rate", "0/0"), "/")
    nominal = _ratio(picture.get("r_frame_rate", "0/0"), "/")
    return average or nominal or Fraction(25)


def _ratio(text: str, mark: str) -> Fraction | None:
    """`a/b` or `a:b` as a number; None for 0 and for nonsense."""
    above, _mark, below = text.partition(mark)
    if above.isdigit() and below.isdigit() and int(above) and int(below):
        return Fraction(int(above), int(below))
    return None


def _seconds(part: dict[str, Any]) -> float:
    try:
        return max(0.0, float(part.get("duration", 0)))
    except ValueError:
        return 0.0


def _sound(stream: dict[str, Any]) -> Sound:
    rate = str(stream.get("sample_rate", "0"))
    return Sound(
        codec=str(stream.get("codec_name", "")),
        profile=str(stream.get("profile", "")),
        channels=int(stream.get("channels", 0)),
        rate=int(rate) if rate.isdigit() else 0,
        duration_s=_seconds(stream),
    )


def _printable(text: object) -> str:
    return "".join(mark for mark in str(text)[:20] if mark.isprintable())
