"""The child's side of a step: `python -m server.library.ingest.child_main`, the job on stdin.

Only `child` starts this.  It limits itself before anything of the file is read, runs one step,
and answers on what was its standard output; whatever libraries print goes to standard error.
It must never import Django, and never write outside the job's folder and its temporary files.
"""

import ctypes
import os
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec

from server.library.ingest.failures import Refused
from server.library.ingest.limits import Limits
from server.library.ingest.protocol import Inspected, Job, Line, Made, Refusal, encode

__all__ = ["main"]

_PR_SET_PDEATHSIG = 1
#: Below every process that serves a screen or a person.
_NICE = 10


def main() -> int:
    """Run the job that stands on stdin; the exit status is always 0 when there is an answer."""
    parent = int(sys.argv[1])
    _die_with(parent)
    limits, job = msgspec.json.decode(sys.stdin.buffer.read(), type=tuple[Limits, Job])
    _limit(limits)
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)

    def report(percent: int) -> None:
        answers.write(encode(Line(percent=percent)))

    try:
        answers.write(encode(_answer(job, report)))
    except Refused as refusal:
        answers.write(encode(Line(refused=Refusal(refusal.code, dict(refusal.details)))))
    except MemoryError:
        answers.write(encode(Line(refused=Refusal("TOO_HEAVY"))))
    answers.close()
    return os.EX_OK


def _answer(job: Job, report: Callable[[int], None]) -> Line:
    from server.library.ingest import steps

    result: Made | Inspected = steps.run(job, report)
    return Line(inspected=result) if isinstance(result, Inspected) else Line(made=result)


def _die_with(parent: int) -> None:
    """Ask the kernel to kill this process when its parent dies, however that dies."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if parent and os.getppid() not in {parent, 1, 2}:  # 1, 2: first in a process namespace
        sys.exit(os.EX_TEMPFAIL)


def _limit(limits: Limits) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes,) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_s, limits.cpu_s + 5))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.file_bytes,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (1024, 1024))
    os.nice(_NICE)
    os.umask(0o077)
    Path(os.environ["TMPDIR"]).mkdir(exist_ok=True)


if __name__ == "__main__":
    sys.exit(main())
