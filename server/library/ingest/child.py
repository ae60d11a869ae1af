"""Runs one step in a child process and watches it: the only way a file's content is looked at.

The child has limits of time, memory and disk, runs below everything else, and is locked in by
`sandbox`.  Whatever it does (answer, refuse, crash, hang, print), nothing is left of it when
`run` returns, and nothing of it is believed but one line of the protocol.
"""

import contextlib
import os
import selectors
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from server.library.ingest import sandbox
from server.library.ingest.failures import FAILURES, Refused
from server.library.ingest.limits import LIMITS, Limits
from server.library.ingest.protocol import Answer, Job, Line, decode_line
from server.library.ingest.sandbox import Sandbox
from server.library.ingest.stuck import what_hangs

__all__ = ["ChildCrashed", "ChildHung", "DiskFull", "StepFailed", "Stopped", "run"]

#: How often the worker is asked whether to go on, in seconds.
TICK_S = 1.0
#: The longest line that is read of a child, and how much of its complaints is kept.
LINE_BYTES = 1 << 20
COMPLAINT_BYTES = 4096


class StepFailed(Exception):  # noqa: N818
    """A step ended without an answer; it may be tried again."""


class ChildCrashed(StepFailed):
    """The child died, or answered what is no answer."""


class ChildHung(StepFailed):
    """The child took longer than it may, and was killed."""


class DiskFull(StepFailed):
    """There is no room for what the child makes; the file may be as good as any."""


class Stopped(Exception):  # noqa: N818
    """The worker does not want the answer any more; the child was killed."""


class Watch(Struct, frozen=True):
    """How the caller follows a child: `progress` takes a percentage, `go_on` says whether to."""

    progress: Callable[[int], None] = lambda _percent: None
    go_on: Callable[[], bool] = lambda: True


def run(
    job: Job,
    watch: Watch = Watch(),  # noqa: B008  (frozen)
    *,
    limits: Limits | None = None,
    locked_in: Sandbox | None = None,
) -> Answer:
    """Run `job` in a child and return its answer.

    `job.source` and `job.folder` are real paths; the folder must exist, and is where the child
    may write.  Raises `Refused` when the file cannot be used, `StepFailed` when the child did not
    come to an answer, `Stopped` when `watch.go_on` said no.
    """
    bounds = limits or LIMITS[job.step]
    way = sandbox.available() if locked_in is None else locked_in
    child = _start(job, bounds, way)
    try:
        return _answer(child, watch, bounds)
    finally:
        _end(child)


def _start(job: Job, limits: Limits, way: Sandbox) -> "subprocess.Popen[bytes]":
    source, folder = Path(job.source).absolute(), Path(job.folder).absolute()
    inside = way is Sandbox.BUBBLEWRAP
    argv = [sys.executable, "-P", "-m", "server.library.ingest.child_main"]
    seen = (sandbox.SOURCE, sandbox.WORK) if inside else (str(source), str(folder))
    job = msgspec.structs.replace(job, source=seen[0], folder=seen[1])
    child = subprocess.Popen(
        sandbox.command(way, argv, source, folder, sandbox.code_paths()),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        env=_environment(seen[1]),
    )
    assert child.stdin is not None
    try:
        child.stdin.write(msgspec.json.encode((limits, job)) + b"\n")
        child.stdin.flush()  # and it stays open: the child ends when we do
    except BrokenPipeError:
        pass  # it died at once: its silence says so
    return child


def _environment(folder: str) -> dict[str, str]:
    """Nothing of ours: no password, no address of a database."""
    temporary = str(Path(folder) / "tmp")
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "PYTHONPATH": str(Path(__file__).parents[3]),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONWARNINGS": "ignore",
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "HOME": temporary,
        "TMPDIR": temporary,
    }


def _answer(child: "subprocess.Popen[bytes]", watch: Watch, limits: Limits) -> Answer:
    complaints: deque[bytes] = deque(maxlen=8)
    for line in _lines(child, watch, limits, complaints):
        if line.percent is not None:
            watch.progress(max(0, min(100, line.percent)))
        if line.refused is not None:
            if line.refused.code not in FAILURES:
                raise ChildCrashed(f"it refused with an unknown code {line.refused.code!r}")
            if line.refused.code == "DISK_FULL":
                raise DiskFull("the disk is full")
            raise Refused(line.refused.code, **line.refused.details)
        answer = line.made or line.inspected
        if answer is not None:
            return answer
    status = child.wait()
    said = b"".join(complaints)[-COMPLAINT_BYTES:].decode("utf-8", "replace").strip()
    raise ChildCrashed(f"{_ending(status)}; it said: {said or 'nothing'}")


def _ending(status: int) -> str:
    if status < 0 or status > 128:
        number = -status if status < 0 else status - 128
        try:
            return f"the child was killed by {signal.Signals(number).name}"
        except ValueError:
            pass
    return f"the child ended with status {status}"


def _lines(
    child: "subprocess.Popen[bytes]", watch: Watch, limits: Limits, complaints: deque[bytes]
) -> Iterator[Line]:
    """The child's lines until it closes its output; raises when its time is up."""
    begun = moved = time.monotonic()
    percent, rest = -1, b""
    with selectors.DefaultSelector() as selector:
        for stream in (child.stdout, child.stderr):
            assert stream is not None
            selector.register(stream, selectors.EVENT_READ)
        while selector.get_map():
            for key, _events in selector.select(TICK_S):
                chunk = os.read(key.fd, 65_536)
                if not chunk:
                    selector.unregister(key.fileobj)
                elif key.fileobj is child.stderr:
                    complaints.append(chunk[-COMPLAINT_BYTES:])
                else:
                    *whole, rest = (rest + chunk).split(b"\n")
                    for line in map(_decoded, whole):
                        if line.percent is not None and line.percent > percent:
                            percent, moved = line.percent, time.monotonic()
                        yield line
                    if len(rest) > LINE_BYTES:
                        raise ChildCrashed("it printed a line without end")
            _check_time(child.pid, time.monotonic(), begun, moved, limits)
            if not watch.go_on():
                raise Stopped


def _check_time(pid: int, now: float, begun: float, moved: float, limits: Limits) -> None:
    if now - begun > limits.total_s:
        raise ChildHung(f"no answer after {limits.total_s:.0f} s ({what_hangs(pid)})")
    if now - moved > limits.stall_s:
        raise ChildHung(f"no progress for {limits.stall_s:.0f} s ({what_hangs(pid)})")


def _decoded(line: bytes) -> Line:
    try:
        return decode_line(line)
    except msgspec.MsgspecError as error:
        raise ChildCrashed("it printed what is no answer") from error


def _end(child: "subprocess.Popen[bytes]") -> None:
    """Kill what is left of the child and all below it; close its pipes."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    for stream in (child.stdin, child.stdout, child.stderr):
        if stream is not None:
            stream.close()
