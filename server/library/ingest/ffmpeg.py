"""Starts ffmpeg and ffprobe inside the child, and reads what they say.

Every input is opened by the demuxer that the file's first bytes name, with `file` and `pipe` as
the only protocols: a playlist, a subtitle script or a concat list in disguise is never followed.
"""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from typing import IO, Any

from server.library.ingest.failures import Refused

__all__ = [
    "DEMUXERS",
    "FfmpegFailed",
    "input_of",
    "probe",
    "probe_lines",
    "run",
    "tool_path",
]

#: The demuxers that may ever open a file of an editor.
DEMUXERS = ("mov", "matroska", "avi", "asf", "mpeg", "mpegvideo", "mpegts", "flv",
             "mp3", "aac", "flac", "ogg", "wav")  # fmt: skip

#: How much of what ffmpeg complains about is kept.
COMPLAINT_BYTES = 8192


class FfmpegFailed(Exception):  # noqa: N818
    """ffmpeg gave up; the text is the end of what it complained about."""


def input_of(path: str, demuxer: str) -> list[str]:
    """The words that open `path` with `demuxer` and nothing else."""
    if demuxer not in DEMUXERS:
        raise ValueError(f"{demuxer} is not one of the demuxers that may open an upload")
    allowed = ",".join((*DEMUXERS, "mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm"))
    return [
        *("-protocol_whitelist", "file,pipe", "-format_whitelist", allowed),
        *("-f", demuxer, "-i", f"file:{path}"),
    ]


def probe(path: str, demuxer: str, *entries: str) -> dict[str, Any]:
    """What ffprobe says of `path`, as JSON.  `entries` are its own options.

    Raises `Refused` ("DAMAGED") when it cannot open the file.
    """
    answer = json.loads("".join(_probed(path, demuxer, "json", entries)))
    assert isinstance(answer, dict)
    return answer


def probe_lines(path: str, demuxer: str, *entries: str) -> Iterator[str]:
    """What ffprobe says of `path`, in lines of `SECTION,VALUE,...`, while it says them.

    Raises `Refused`, at the end, when it could not read the file.
    """
    for line in _probed(path, demuxer, "csv", entries):
        if line.strip():
            yield line.strip()


def _probed(path: str, demuxer: str, form: str, entries: Sequence[str]) -> Iterator[str]:
    words = ["-v", "error", "-of", form, *entries, *input_of(path, demuxer)]
    with tempfile.TemporaryFile() as said:
        with subprocess.Popen(
            [_tool("ffprobe"), *words], stdout=subprocess.PIPE, stderr=said, text=True
        ) as process:
            assert process.stdout is not None
            yield from process.stdout
        complaint = _end_of(said)
    if process.returncode != 0:
        raise Refused("CUT_OFF" if "moov atom not found" in complaint else "DAMAGED")


def run(
    words: Sequence[str],
    moved: Callable[[float], None] = lambda _seconds: None,
    *,
    level: str = "error",
) -> str:
    """Run ffmpeg; `moved` gets the seconds done.  Return the end of what it said on stderr.

    Raises `FfmpegFailed`.
    """
    head = [_tool("ffmpeg"), "-nostdin", "-hide_banner", "-loglevel", level, "-y"]
    progress = ["-progress", "pipe:1", "-stats_period", "0.5"]
    with tempfile.TemporaryFile() as said:
        with subprocess.Popen(
            [*head, *progress, *words], stdout=subprocess.PIPE, stderr=said, text=True
        ) as process:
            assert process.stdout is not None
            for line in process.stdout:
                name, _equals, value = line.strip().partition("=")
                if name == "out_time_us" and value.lstrip("-").isdigit():
                    moved(max(0, int(value)) / 1e6)
        complaint = _end_of(said)
    if process.returncode != 0:
        raise FfmpegFailed(complaint)
    return complaint


def tool_path() -> str:
    """Where ffmpeg is; `Refused` when it is not installed."""
    return _tool("ffmpeg")


def _tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise Refused("TOOL_MISSING", tool="ffmpeg")
    return found


def _end_of(file: IO[bytes]) -> str:
    size = file.seek(0, 2)
    file.seek(max(0, size - COMPLAINT_BYTES))
    return file.read().decode("utf-8", "replace")
