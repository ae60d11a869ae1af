"""The step for music: one profile that every box plays, equally loud, with a picture for pages.

AAC-LC stereo at 48 kHz in an MP4 of its own, without tags and cover.  All pieces are brought to one
loudness (EBU R 128: -20 LUFS), so that none is louder than the next; a piece whose peaks forbid it
stays softer.  Runs in the child.
"""

import array
import itertools
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from server.library.ingest import ffmpeg
from server.library.ingest.failures import Refused
from server.library.ingest.ffmpeg import FfmpegFailed
from server.library.ingest.picture_writer import write_still, write_thumbnail
from server.library.ingest.protocol import Job, Made, Product
from server.library.ingest.steps import Report

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["LOUDNESS_LUFS", "SOUND_MIME", "make_sound"]

SOUND_MIME = "audio/mp4"

#: How loud a piece is made, and the highest its peaks may reach, in dB of full scale.
LOUDNESS_LUFS, PEAK_DB = -20.0, -1.0

#: Softer than this, a piece is taken for silence and left as it is.
SILENCE_LUFS = -60.0

#: A longer piece is refused, in hours.
HOURS_LIMIT = 4

#: A shorter one goes round so fast that it is a noise, in milliseconds.
SHORTEST_MS = 1000

_LOUDNESS = re.compile(r"I:\s+(-?[\d.]+|-inf|nan) LUFS")
_PEAK = re.compile(r"Peak:\s+(-?[\d.]+|-inf) dBFS")

#: The picture: bars on the ground of the night, in pixels.
SIZE, BARS = (1280, 720), 64
_GROUND, _BAR = "#101820", "#57B8B4"
#: The envelope is read at this rate, in samples a second.
_ENVELOPE_HZ = 4000


def make_sound(job: Job, report: Report) -> Made:
    """The track of a sound file, its poster and thumbnail.  Raises `Refused`."""
    length_s = _length_s(job)
    report(1)
    gain_db = _gain_db(job, length_s, report)
    target = Path(job.folder) / "track.m4a"
    words = [*ffmpeg.input_of(job.source, job.reader), "-map", "0:a:0", "-vn", "-sn", "-dn"]
    words += ["-af", f"aformat=channel_layouts=stereo,aresample=48000,volume={gain_db:.2f}dB"]
    words += ["-c:a", "aac", "-b:a", "160k", "-map_metadata", "-1", "-map_chapters", "-1"]
    words += ["-movflags", "+faststart", "-f", "mp4", str(target)]
    try:
        ffmpeg.run(words, lambda done: report(40 + int(50 * min(1.0, done / length_s))))
    except FfmpegFailed as failure:
        raise Refused("DAMAGED") from failure
    made_ms = _made_ms(target)
    if length_s * 1000 - made_ms > max(2000, length_s * 100):
        raise Refused("CUT_OFF")
    report(92)
    picture = _picture(Path(job.folder), target)
    poster = write_still(picture, Path(job.folder), job.wall, "poster", lossless=True)
    track = Product(target.name, "wall", SOUND_MIME, *SIZE, duration_ms=made_ms, audio=True)
    report(100)
    return Made((track, poster, write_thumbnail(picture, Path(job.folder))), (), made_ms)


def _length_s(job: Job) -> float:
    answer = ffmpeg.probe(job.source, job.reader, "-show_streams", "-show_format")
    sounds = [each for each in answer.get("streams", []) if each.get("codec_type") == "audio"]
    if not sounds or sounds[0].get("codec_name", "unknown") in {"unknown", "none"}:
        raise Refused("DAMAGED")
    told = (sounds[0].get("duration"), answer.get("format", {}).get("duration"))
    length_s = next((float(each) for each in told if each not in {None, "N/A"}), 0.0)
    if length_s > HOURS_LIMIT * 3600:
        raise Refused("VIDEO_TOO_LONG", hours=f"{length_s / 3600:.1f}", limit=HOURS_LIMIT)
    return max(length_s, 0.001)


def _gain_db(job: Job, length_s: float, report: Report) -> float:
    """By how many dB it is made louder (or softer) to be as loud as all others."""
    words = [*ffmpeg.input_of(job.source, job.reader), "-map", "0:a:0", "-vn"]
    words += ["-af", "ebur128=peak=true:framelog=verbose", "-f", "null", "-"]
    try:
        said = ffmpeg.run(
            words, lambda done: report(1 + int(39 * min(1.0, done / length_s))), level="info"
        )
    except FfmpegFailed as failure:
        raise Refused("DAMAGED") from failure
    loudness, peak = _last(_LOUDNESS, said), _last(_PEAK, said)
    if not math.isfinite(loudness) or loudness < SILENCE_LUFS:
        return 0.0
    return min(LOUDNESS_LUFS - loudness, PEAK_DB - peak if math.isfinite(peak) else 0.0)


def _last(pattern: re.Pattern[str], said: str) -> float:
    found = pattern.findall(said)
    return float(found[-1]) if found else -math.inf


def _made_ms(target: Path) -> int:
    answer = ffmpeg.probe(str(target), "mov", "-show_format")
    made_ms = round(float(answer.get("format", {}).get("duration", 0)) * 1000)
    if made_ms < SHORTEST_MS:
        raise Refused("SOUND_TOO_SHORT", least=SHORTEST_MS // 1000)
    return made_ms


def _picture(folder: Path, track: Path) -> "Image.Image":
    """How loud it is from its beginning to its end: one bar for each part."""
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", SIZE, _GROUND)
    drawn, (width, height) = ImageDraw.Draw(picture), SIZE
    step = (width - 160) / BARS
    for number, level in enumerate(_envelope(folder, track)):
        left, half = 80 + number * step, max(4.0, level * 200)
        place = (left, height / 2 - half, left + step * 0.55, height / 2 + half)
        drawn.rounded_rectangle(place, radius=step * 0.27, fill=_BAR)
    return picture


def _envelope(folder: Path, track: Path) -> list[float]:
    """The loudness of `BARS` parts of the track, the loudest 1.0."""
    raw = folder / "envelope.raw"
    words = [*ffmpeg.input_of(str(track), "mov"), "-map", "0:a:0", "-ac", "1"]
    ffmpeg.run([*words, "-ar", str(_ENVELOPE_HZ), "-f", "s16le", str(raw)])
    each = max(1, raw.stat().st_size // 2 // BARS)
    levels = [_root_mean_square(part) for part in itertools.islice(_parts(raw, each), BARS)]
    raw.unlink()
    loudest = max(levels, default=0.0) or 1.0
    return [level / loudest for level in levels]


def _parts(raw: Path, each: int) -> Iterator["array.array[int]"]:
    with raw.open("rb") as file:
        while data := file.read(2 * each):
            yield array.array("h", data[: len(data) // 2 * 2])


def _root_mean_square(part: "array.array[int]") -> float:
    return math.sqrt(sum(value * value for value in part) / max(1, len(part)))
