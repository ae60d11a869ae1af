"""RTSP by way of ffmpeg: a child takes the camera's stream and hands it to libVLC through a pipe.

Used by `libvlc.py` alone, on the thread of one playback.  Debian's libVLC has no RTSP of its own
(live555 is missing), ffmpeg has.  Nothing is decoded or encoded in the child, and the pipe holds
Matroska: of the containers that can be written without an end it takes all that cameras send
(H.264, HEVC, Motion JPEG, G.711).  Never decides when a stream is asked for again.
"""

import os
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from urllib.parse import urlsplit

from player.stage.media.errors import MediaUnplayable

__all__ = ["SILENCE_S", "RtspRelay", "is_rtsp"]

SILENCE_S = 10.0
"""So long the child waits for a server that says nothing, before it gives up."""

_SCHEMES = frozenset({"rtsp", "rtsps"})
_ANALYSE_S = 2.0  # so long it looks at the tracks; ffmpeg's own 5 s keep the wall waiting
_SAID_BYTES = 4096
_ENDS_WITHIN_S = 2.0  # killed, a process that hangs in the kernel is left to it

#: What a server may make the child open (a redirect, say): never a file, never plain HTTP.
_PROTOCOLS = "rtsp,rtsps,rtp,srtp,udp,tcp,tls"


def is_rtsp(url: str) -> bool:
    """Is this an address of RTSP (RFC 2326), in the clear or in TLS?"""
    return urlsplit(url).scheme.lower() in _SCHEMES


class RtspRelay:
    """One fetching of one stream; from `descriptor` it is read as it comes.

    TCP is tried first, datagrams where the server has no TCP.  The child ends with `close`, with a
    server that falls silent for `SILENCE_S`, and with us: nobody reads its pipe any more.
    """

    def __init__(self, url: str, *, sound: bool, program: Sequence[str] = ("ffmpeg",)) -> None:
        """Begin to fetch; raise `MediaUnplayable` if there is no `program`."""
        self.descriptor, out = os.pipe()
        self._errors, complaints = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._said = b""
        try:
            self._child = subprocess.Popen(
                [*program, *_arguments(url, sound=sound)],
                stdin=subprocess.DEVNULL, stdout=out, stderr=complaints, start_new_session=True,
            )  # fmt: skip
        except OSError as error:
            os.close(self.descriptor)
            os.close(self._errors)
            raise MediaUnplayable(
                f"RTSP needs {program[0]!r} on this screen: {error.strerror}; install the package"
                " ffmpeg"
            ) from error
        finally:
            os.close(out)
            os.close(complaints)

    def reason(self) -> str:
        """What the child complained of last, such as "401 Unauthorized"; "" if of nothing.

        To be asked now and then while it plays: what is not read is dropped, the newest first.
        """
        with suppress(BlockingIOError):
            while said := os.read(self._errors, _SAID_BYTES):
                self._said = (self._said + said)[-_SAID_BYTES:]
        lines = self._said.decode("utf-8", "replace").split("\n")
        return next((cause for line in reversed(lines) if (cause := _cause(line))), "")

    def close(self) -> None:
        """End the child, whatever it does; libVLC has a copy of the descriptor of its own."""
        self._child.kill()
        with suppress(subprocess.TimeoutExpired):
            self._child.wait(_ENDS_WITHIN_S)
        os.close(self.descriptor)
        os.close(self._errors)


def _arguments(url: str, *, sound: bool) -> list[str]:
    microseconds = 1_000_000
    reading = ["-nostdin", "-v", "error", "-protocol_whitelist", _PROTOCOLS]
    reading += ["-rtsp_flags", "prefer_tcp", "-timeout", f"{SILENCE_S * microseconds:.0f}"]
    reading += ["-analyzeduration", f"{_ANALYSE_S * microseconds:.0f}", "-i", url]
    tracks = ["-map", "0:v:0", *(["-map", "0:a:0?"] if sound else []), "-c", "copy"]
    return [*reading, *tracks, "-flush_packets", "1", "-f", "matroska", "-live", "1", "pipe:1"]


def _cause(line: str) -> str:
    """The cause that a line of ffmpeg's names; "" for one that only counts repeats.

    Without the module that speaks ("[rtsp @ 0x55…] method DESCRIBE failed: 404 Not Found"), and
    without the address, which may have a password in it ("rtsp://…: Connection refused").
    """
    told = line.split("] ", 1)[-1] if line.startswith("[") else line
    if "Last message repeated" in told:
        return ""
    return (told.rsplit(": ", 1)[-1] if "://" in told else told).strip()
