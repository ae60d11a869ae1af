"""Which part of a video is shown, to the frame; the original stays whole.  Runs in the child.

ffmpeg seeks to the key frame before the cut and decodes from there (from the beginning, where a
format has no index), so that what comes begins with the very frame that was asked for; nothing is
copied without decoding.
"""

import msgspec

from server.library.ingest import ffmpeg
from server.library.ingest.protocol import Job
from server.library.ingest.video_probe import Source

__all__ = ["INDEXED", "cut_of", "input_of", "is_cut", "poster_at_ms"]

#: What is left of a cut is at least this long, in seconds; a cut beyond the end is none.
LEAST_S = 0.1

#: The demuxers that find an instant by an index; with the others a seek may land anywhere.
INDEXED = frozenset({"mov", "matroska"})


def is_cut(job: Job) -> bool:
    """Is only a part wanted?"""
    return bool(job.start_ms) or job.end_ms is not None


def cut_of(job: Job, source: Source) -> tuple[Job, Source]:
    """The job with a cut that lies within the source, and the source as long as the cut."""
    if not is_cut(job):
        return job, source
    start_s = job.start_ms / 1000
    end_s = min(source.duration_s, source.duration_s if job.end_ms is None else job.end_ms / 1000)
    if end_s - start_s < LEAST_S:
        return msgspec.structs.replace(job, start_ms=0, end_ms=None), source
    job = msgspec.structs.replace(job, end_ms=round(end_s * 1000))
    return job, msgspec.structs.replace(source, duration_s=end_s - start_s)


def input_of(job: Job) -> list[str]:
    """The words that open the job's source, and read no more of it than the cut."""
    words = []
    if job.start_ms:
        words += ["-ss", f"{job.start_ms / 1000:.3f}"]
    if job.end_ms is not None:
        words += ["-t", f"{(job.end_ms - job.start_ms) / 1000:.3f}"]
    opened = ffmpeg.input_of(job.source, job.reader)
    return [*words, *opened] if job.reader in INDEXED else [*opened, *words]


def poster_at_ms(job: Job, length_ms: int) -> int | None:
    """Where the chosen frame lies in what is shown; None: none was chosen."""
    if job.poster_ms is None:
        return None
    return min(max(0, job.poster_ms - job.start_ms), max(0, length_ms - 1))
