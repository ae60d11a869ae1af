"""The child's side of a step: `python -m server.library.ingest.child_main`, the job on stdin.

Only `child` starts this.  It limits itself before anything of the file is read, runs one step,
answers on what was its standard output, and ends, with all below it, when its standard input does;
whatever libraries print goes to standard error.  It must never import Django, and never write
outside the job's folder and its temporary files.
"""

import os
import resource
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import msgspec

from server.library.ingest.failures import Refused
from server.library.ingest.full_disk import has_no_room, is_full
from server.library.ingest.limits import Limits
from server.library.ingest.protocol import Inspected, Job, Line, Made, Refusal, encode

__all__ = ["main"]

#: Below every process that serves a screen or a person.
_NICE = 10


def main() -> int:
    """Run the job that stands on stdin; the exit status is always 0 when there is an answer."""
    limits, job = msgspec.json.decode(sys.stdin.buffer.readline(), type=tuple[Limits, Job])
    threading.Thread(target=_end_with_stdin, name="lifeline", daemon=True).start()
    _limit(limits)
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)

    def report(percent: int) -> None:
        answers.write(encode(Line(percent=percent)))

    try:
        answers.write(encode(_answer(job, report)))
    except (Refused, MemoryError, OSError) as error:
        answers.write(encode(Line(refused=_refusal(error, Path(job.folder)))))
    answers.close()
    return os.EX_OK


def _answer(job: Job, report: Callable[[int], None]) -> Line:
    from server.library.ingest import steps

    result: Made | Inspected = steps.run(job, report)
    return Line(inspected=result) if isinstance(result, Inspected) else Line(made=result)


def _refusal(error: Exception, folder: Path) -> Refusal:
    """What to say of a failure; one that is a bug of ours is raised again."""
    if is_full(error) or has_no_room(folder):
        return Refusal("DISK_FULL")
    if isinstance(error, MemoryError):
        return Refusal("TOO_HEAVY")
    if isinstance(error, Refused):
        return Refusal(error.code, dict(error.details))
    raise error


def _end_with_stdin() -> None:
    """The worker holds the other end as long as it wants an answer: then all of us end."""
    while os.read(0, 1):
        pass
    os.killpg(0, signal.SIGKILL)


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
