"""The step for videos: one conservative profile that every box plays.  Runs in the child.

H.264 High at level 4.1 (5.1 for 4K), yuv420p, tagged colours (BT.709; BT.601 below 1280 x 720, as
players take it), square pixels, upright, progressive, a constant rate of at most 30, closed groups
of at most two seconds, AAC stereo as long as the picture, the index in front.
A file that is so already is only packed anew.  Loudness stays as the editor made it; only sound
that would clip is turned down as a whole (docs/ingest.md).
"""

import math
import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Literal

from msgspec import Struct

from server.library.ingest import ffmpeg
from server.library.ingest.failures import Refused
from server.library.ingest.ffmpeg import FfmpegFailed
from server.library.ingest.posters import make_poster
from server.library.ingest.protocol import Job, Made, Product, Wall
from server.library.ingest.steps import Report
from server.library.ingest.video_probe import (
    GOP_S,
    OVERHANG_S,
    RATE_LIMIT,
    Source,
    Timing,
    is_conforming,
    matrix_of,
    probe,
    timing,
)

__all__ = ["Rendering", "encoder", "even", "finished", "make_video"]

#: Rates that panels show evenly; others go to the nearest that is not lower.
_RATES = tuple(
    Fraction(rate)
    for rate in ("10", "12", "12.5", "15", "20", "24000/1001", "24", "25", "30000/1001", "30")
)

#: Sound that would clip (its peak is above this, in dB of full scale) is turned down to the other.
_CLIPPING_DB, _PEAK_DB = 0.05, -1.0
#: Shorter than claimed by more than this (and a tenth) is a file that was cut off.
_MISSING_S = 2.0

_PEAK = re.compile(r"Peak level dB: (-?\d+(?:\.\d+)?)")


VideoPurpose = Literal["wall", "wall-4k"]


class Rendering(Struct, frozen=True):
    """What is made of a source: its size and rate, the bit rate cap and level for it."""

    width: int
    height: int
    rate: Fraction
    level: str = "4.1"
    cap_kbit: int = 20_000

    @property
    def matrix(self) -> str:
        """The colour matrix, by ffmpeg's name, that players take for this size (docs/media.md)."""
        return matrix_of(self.width, self.height)


def make_video(job: Job, report: Report) -> Made:
    """Renditions, poster and thumbnail of the video at `job.source`.  Raises `Refused`."""
    source = probe(job.source, job.reader)
    report(1)
    products, remarks = _renditions(job, source, report)
    first = products[0]
    assert first.duration_ms is not None
    products += make_poster(Path(job.folder), first.file, first.duration_ms, job.wall)
    report(100)
    return Made(tuple(products), tuple(remarks))


class _Plan(Struct, frozen=True):
    """How one rendition is made: of what, how large, with which sound, and where it goes.

    `gain_db` is None when there is no sound, and 0 when it stays as it is.
    """

    job: Job
    source: Source
    rendering: Rendering
    gain_db: float | None
    target: Path


def _renditions(job: Job, source: Source, report: Report) -> tuple[list[Product], list[str]]:
    remarks = ["HDR_TO_SDR"] if source.hdr else []
    gain_db = _gain_db(job, source, remarks)
    wanted = _wanted(job, source)
    span = 96 // len(wanted)
    products = []
    for number, (purpose, rendering) in enumerate(wanted):
        base = 2 + number * span

        def part(done: float, base: int = base) -> None:
            report(base + int(span * min(1.0, done)))

        target = Path(job.folder) / f"{purpose}.mp4"
        _convert(_Plan(job, source, rendering, gain_db, target), part)
        products.append(finished(target, purpose))
    return products, remarks


def _wanted(job: Job, source: Source) -> list[tuple[VideoPurpose, Rendering]]:
    """A rendition for all walls, and one for 4K walls where the source has more to give."""
    rate = _rate(source.rate)
    size = _fitted(source, job.wall)
    wanted: list[tuple[VideoPurpose, Rendering]] = [("wall", Rendering(*size, rate))]
    if job.wall_4k is not None and _fitted(source, job.wall_4k) != size:
        large = Rendering(*_fitted(source, job.wall_4k), rate, "5.1", 45_000)
        wanted.append(("wall-4k", large))
    return wanted


def _convert(plan: _Plan, part: Callable[[float], None]) -> None:
    """Pack a conforming file anew, or encode."""
    if not (_can_be_packed(plan) and _packed_anew(plan)):
        _encode(plan, part)


def _can_be_packed(plan: _Plan) -> bool:
    """Is it an MP4 that is already what the encoder would make?"""
    if plan.job.reader != "mov" or plan.gain_db:
        return False
    if plan.source.sound is not None and plan.gain_db is None:
        return False
    box = plan.rendering.width, plan.rendering.height
    level = 41 if plan.rendering.level == "4.1" else 51
    times = timing(plan.job.source, plan.job.reader)
    return is_conforming(plan.source, times, box, level)


def _packed_anew(plan: _Plan) -> bool:
    """Copy the tracks without decoding; then decode all once, because nothing else finds damage."""
    words = [*ffmpeg.input_of(plan.job.source, plan.job.reader)]
    words += ["-map", f"0:{plan.source.index}", "-map", "0:a:0?", "-c", "copy"]
    try:
        ffmpeg.run([*words, *_CONTAINER, str(plan.target)])
        check = ["-xerror", *ffmpeg.input_of(str(plan.target), "mov"), "-f", "null", "-"]
        return not ffmpeg.run(check)
    except FfmpegFailed:
        return False


_CONTAINER = (
    *("-sn", "-dn", "-map_metadata", "-1", "-map_chapters", "-1"),
    *("-movflags", "+faststart", "-f", "mp4"),
)


def _encode(plan: _Plan, part: Callable[[float], None]) -> None:
    job, source, rendering = plan.job, plan.source, plan.rendering
    words = [*ffmpeg.input_of(job.source, job.reader), "-map", f"0:{source.index}"]
    words += ["-vf", _picture_filter(source, rendering)]
    words += encoder(rendering, job.threads)
    if plan.gain_db is not None:
        gain = f",volume={plan.gain_db:.2f}dB" if plan.gain_db else ""
        chain = f"{_stereo(source)},aresample=48000:async=1000:first_pts=0{gain}"
        words += ["-map", "0:a:0", "-af", chain, "-c:a", "aac", "-b:a", "192k"]
    length = source.duration_s or 600.0
    try:
        ffmpeg.run([*words, *_CONTAINER, str(plan.target)], lambda done: part(done / length))
    except FfmpegFailed as failure:
        raise _refused(source, str(failure)) from failure
    times = timing(str(plan.target), "mov")
    _refuse_cut_off(source, times)
    _end_with_the_picture(plan.target, times.duration_ms / 1000)


def _end_with_the_picture(path: Path, picture_s: float) -> None:
    """Cut sound that goes on when the picture has ended: a clip is as long as its picture."""
    sound = probe(str(path), "mov").sound
    if sound is None or sound.duration_s <= picture_s + OVERHANG_S:
        return
    whole = path.rename(path.with_suffix(".long"))
    words = [*ffmpeg.input_of(str(whole), "mov"), "-c", "copy", "-t", f"{picture_s:.3f}"]
    ffmpeg.run([*words, *_CONTAINER, str(path)])
    whole.unlink()


def _stereo(source: Source) -> str:
    """Two channels; one alone goes to both as loud as it is."""
    if source.sound is not None and source.sound.channels == 1:
        return "pan=stereo|c0=c0|c1=c0"
    return "aformat=channel_layouts=stereo"


def encoder(rendering: Rendering, threads: int) -> list[str]:
    """The words of the one profile, for frames at a constant rate."""
    gop = max(1, math.floor(rendering.rate * Fraction(GOP_S)))
    cap = rendering.cap_kbit
    matrix = "bt709" if rendering.matrix == "bt709" else "smpte170m"
    return [
        *("-c:v", "libx264", "-preset", "fast", "-crf", "20", "-profile:v", "high"),
        *("-level:v", rendering.level, "-pix_fmt", "yuv420p", "-maxrate", f"{cap}k"),
        *("-bufsize", f"{cap * 5 // 4}k", "-g", str(gop), "-flags", "+cgop"),
        *("-bf", "2", "-refs", "3", "-threads", str(threads), "-fps_mode", "cfr"),
        *("-colorspace", matrix, "-color_primaries", "bt709", "-color_trc", "bt709"),
        *("-color_range", "tv"),
    ]


def _picture_filter(source: Source, rendering: Rendering) -> str:
    """Upright (ffmpeg turns by itself), progressive, at the rate and size, in its colours."""
    parts = []
    if source.interlaced:
        parts.append("bwdif=mode=send_frame:deint=interlaced")
    if source.hdr:
        parts.append(
            "zscale=t=linear:npl=100,format=gbrpf32le,zscale=p=bt709,tonemap=hable:desat=0,"
            "zscale=t=bt709:m=bt709:r=tv,format=yuv420p"
        )
    parts.append(f"fps={rendering.rate}:start_time=0")
    matrix = "bt709" if source.hdr else source.matrix
    parts.append(
        f"scale={rendering.width}:{rendering.height}:flags=lanczos+accurate_rnd+full_chroma_int"
        f":in_color_matrix={matrix}:out_color_matrix={rendering.matrix}:out_range=tv"
    )
    parts.append("setsar=1,format=yuv420p")
    return ",".join(parts)


def _gain_db(job: Job, source: Source, remarks: list[str]) -> float | None:
    """By how many dB the sound is changed: 0 unless it would clip; None for no sound."""
    if source.sound is None:
        return None
    layout = f"aformat=sample_fmts=flt,{_stereo(source)}"
    stats = "astats=measure_perchannel=none:measure_overall=Peak_level"
    words = [*ffmpeg.input_of(job.source, job.reader), "-map", "0:a:0", "-vn"]
    try:
        said = ffmpeg.run([*words, "-af", f"{layout},{stats}", "-f", "null", "-"], level="info")
    except FfmpegFailed:
        remarks.append("SOUND_DROPPED")
        return None
    peaks = [float(peak) for peak in _PEAK.findall(said)]
    if not peaks or peaks[-1] <= _CLIPPING_DB:
        return 0.0
    remarks.append("SOUND_TURNED_DOWN")
    return _PEAK_DB - peaks[-1]


def finished(target: Path, purpose: VideoPurpose) -> Product:
    """The product for a file that was made, measured by its own packets."""
    made, times = probe(str(target), "mov"), timing(str(target), "mov")
    return Product(
        target.name,
        purpose,
        "video/mp4",
        made.width,
        made.height,
        duration_ms=times.duration_ms,
        audio=made.sound is not None,
    )


def _refuse_cut_off(source: Source, times: Timing) -> None:
    made = times.duration_ms / 1000
    if source.duration_s - made > max(_MISSING_S, source.duration_s / 10):
        raise Refused("CUT_OFF")


def _refused(source: Source, complaint: str) -> Refused:
    if "Decoder" in complaint and "not found" in complaint:
        return Refused("VIDEO_CODEC", codec=source.codec)
    return Refused("DAMAGED")


def _fitted(source: Source, wall: Wall) -> tuple[int, int]:
    width, height = wall.fit(source.width, source.height)
    return even(width), even(height)


def even(length: int) -> int:
    """Chroma has half the lines: sides are even."""
    return max(2, length - length % 2)


def _rate(rate: Fraction) -> Fraction:
    """The constant rate for a source: its own if it is usual; half of 50 and 60."""
    while rate > RATE_LIMIT * Fraction(11, 10):
        rate /= 2
    nearest = min(_RATES, key=lambda usual: abs(usual - rate))
    if abs(nearest - rate) <= nearest / 400:
        return nearest
    return next((usual for usual in _RATES if usual >= rate), RATE_LIMIT)
