"""The step for videos: one conservative profile that every box plays.  Runs in the child.

H.264 High at level 4.1 (5.1 for 4K), yuv420p, tagged colours (BT.709; BT.601 below 1280 x 720, as
players take it), square pixels, upright, progressive, a constant rate of at most 30, closed groups
of at most two seconds, AAC stereo as long as the picture, the index in front.
A file that is so already is only packed anew.  Loudness stays as the editor made it; only sound
that would clip is turned down as a whole (docs/ingest.md).
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from server.library.ingest import ffmpeg
from server.library.ingest.failures import Refused
from server.library.ingest.ffmpeg import FfmpegFailed
from server.library.ingest.posters import make_poster, make_strip
from server.library.ingest.protocol import Job, Made, Product, Wall
from server.library.ingest.steps import Report
from server.library.ingest.video_cut import cut_of, input_of, is_cut, poster_at_ms
from server.library.ingest.video_probe import (
    OVERHANG_S,
    Source,
    is_conforming,
    probe,
    refuse_long,
)
from server.library.ingest.video_profile import (
    Rendering,
    encoder,
    even,
    picture_filter,
    usual_rate,
)
from server.library.ingest.video_timing import Timing, timing

__all__ = ["finished", "make_video"]

#: Sound that would clip (its peak is above this, in dB of full scale) is turned down to the other.
_CLIPPING_DB, _PEAK_DB = 0.05, -1.0
#: Shorter than claimed by more than this (and a tenth) is a file that was cut off.
_MISSING_S = 2.0

_PEAK = re.compile(r"Peak level dB: (-?\d+(?:\.\d+)?)")


VideoPurpose = Literal["wall", "wall-4k"]


def make_video(job: Job, report: Report) -> Made:
    """Renditions, poster and thumbnail of the video at `job.source`.  Raises `Refused`."""
    whole = _measured(job, probe(job.source, job.reader))
    job, source = cut_of(job, whole)
    report(1)
    products, remarks = _renditions(job, source, report)
    products += _stills(job, whole, products[0])
    report(100)
    return Made(tuple(products), tuple(remarks), round(whole.duration_s * 1000))


def _stills(job: Job, whole: Source, made: Product) -> list[Product]:
    """Poster, thumbnail and strip; the strip of the original, where we made a part of it."""
    assert made.duration_ms is not None
    folder = Path(job.folder)
    video, at_ms = folder / made.file, poster_at_ms(job, made.duration_ms)
    stills = make_poster(folder, video, made.duration_ms, job.wall, at_ms)
    if is_cut(job):
        return stills + make_strip(folder, job.source, job.reader, whole.duration_s)
    return stills + make_strip(folder, str(video), "mov", made.duration_ms / 1000)


def _measured(job: Job, source: Source) -> Source:
    """The source with its length, where its header does not tell one (a recording that goes on)."""
    if source.duration_s:
        return source
    times = timing(job.source, job.reader, source.index)
    measured = msgspec.structs.replace(source, duration_s=max(1, times.duration_ms) / 1000)
    refuse_long(measured)
    return measured


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
    remarks = ["HDR_TO_SDR"] if source.transfer else []
    gain_db = _gain_db(job, source, remarks, _part(report, 2, 6))
    wanted = _wanted(job, source)
    span = 90 // len(wanted)
    products = []
    for number, (purpose, rendering) in enumerate(wanted):
        part = _part(report, 8 + number * span, span)
        target = Path(job.folder) / f"{purpose}.mp4"
        _convert(_Plan(job, source, rendering, gain_db, target), part)
        products.append(finished(target, purpose))
    return products, remarks


def _part(report: Report, base: int, span: int) -> Callable[[float], None]:
    """Tells of a part of the work (its share done, 0 to 1) as percent of the whole."""
    return lambda done: report(base + int(span * min(1.0, done)))


def _wanted(job: Job, source: Source) -> list[tuple[VideoPurpose, Rendering]]:
    """A rendition for all walls, and one for 4K walls where the source has more to give."""
    rate = usual_rate(source.rate)
    size = _fitted(source, job.wall)
    wanted: list[tuple[VideoPurpose, Rendering]] = [("wall", Rendering(*size, rate))]
    if job.wall_4k is not None and _fitted(source, job.wall_4k) != size:
        large = Rendering(*_fitted(source, job.wall_4k), rate, "5.1", 45_000)
        wanted.append(("wall-4k", large))
    return wanted


def _convert(plan: _Plan, part: Callable[[float], None]) -> None:
    """Pack a conforming file anew, or encode."""
    if not (_can_be_packed(plan) and _packed_anew(plan, part)):
        _encode(plan, part)


def _can_be_packed(plan: _Plan) -> bool:
    """Is it an MP4 that is already what the encoder would make?"""
    if plan.job.reader != "mov" or plan.gain_db or is_cut(plan.job):
        return False
    if plan.source.sound is not None and plan.gain_db is None:
        return False
    box = plan.rendering.width, plan.rendering.height
    level = 41 if plan.rendering.level == "4.1" else 51
    times = timing(plan.job.source, plan.job.reader, plan.source.index)
    return is_conforming(plan.source, times, box, level)


def _packed_anew(plan: _Plan, part: Callable[[float], None]) -> bool:
    """Copy the tracks without decoding; then decode all once, because nothing else finds damage."""
    words = [*ffmpeg.input_of(plan.job.source, plan.job.reader)]
    words += ["-map", f"0:{plan.source.index}", "-map", "0:a:0?", "-c", "copy"]
    try:
        ffmpeg.run([*words, *_CONTAINER, str(plan.target)])
        check = ["-xerror", *ffmpeg.input_of(str(plan.target), "mov"), "-f", "null", "-"]
        return not ffmpeg.run(check, lambda done: part(done / plan.source.duration_s))
    except FfmpegFailed:
        return False


_CONTAINER = (
    *("-sn", "-dn", "-map_metadata", "-1", "-map_chapters", "-1"),
    *("-movflags", "+faststart", "-f", "mp4"),
)


def _encode(plan: _Plan, part: Callable[[float], None]) -> None:
    job, source, rendering = plan.job, plan.source, plan.rendering
    words = [*input_of(job), "-map", f"0:{source.index}"]
    words += ["-vf", picture_filter(source, rendering)]
    words += encoder(rendering, job.threads)
    if is_cut(job):  # a cut between two frames would leave one more
        words += ["-frames:v", str(max(1, round(source.duration_s * rendering.rate)))]
    if plan.gain_db is not None:
        gain = f",volume={plan.gain_db:.2f}dB" if plan.gain_db else ""
        chain = f"{_stereo(source)},aresample=48000:async=1000:first_pts=0{gain}"
        words += ["-map", "0:a:0", "-af", chain, "-c:a", "aac", "-b:a", "192k"]
    try:
        ffmpeg.run(
            [*words, *_CONTAINER, str(plan.target)], lambda done: part(done / source.duration_s)
        )
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


def _gain_db(
    job: Job, source: Source, remarks: list[str], part: Callable[[float], None]
) -> float | None:
    """By how many dB the sound is changed: 0 unless it would clip; None for no sound."""
    if source.sound is None:
        return None
    layout = f"aformat=sample_fmts=flt,{_stereo(source)}"
    stats = "astats=measure_perchannel=none:measure_overall=Peak_level"
    words = [*input_of(job), "-map", "0:a:0", "-vn"]
    try:
        said = ffmpeg.run(
            [*words, "-af", f"{layout},{stats}", "-f", "null", "-"],
            lambda done: part(done / source.duration_s),
            level="info",
        )
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
