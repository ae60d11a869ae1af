"""The stage as a child that draws previews: started for the first picture, warm for the next ones.

`preview` alone uses this.  The child is `yingbi-player grab --jobs`: the same code as on the wall,
with limits of time, memory and file size, below everything else, and locked in as conversions are
(`library.ingest.sandbox`): no network, its inputs read-only.  It ends with us, and by itself when
nothing was asked for a minute.  Whatever it does, it is believed one line, and one file.
"""

import contextlib
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future
from datetime import datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import IO

import msgspec
from msgspec import Struct

from manifest.codec import encode
from server.library.blobs import store
from server.library.ingest import sandbox
from server.library.ingest.sandbox import Sandbox
from server.publishing.drawing import Drawing

__all__ = ["COMMAND", "StageEnded", "StageHung", "StageLimits", "StageMissing", "WarmStage"]

#: What is run; tests run what misbehaves.
COMMAND = (sys.executable, "-P", "-m", "player.stage", "grab", "--jobs")

#: The packages of ours that the stage is made of.
_PACKAGES = ("cards", "command", "config", "content_cache", "manifest", "player", "scheduler")

#: Folders of children that were killed are removed when they are this old.
_LEFT_BEHIND = timedelta(days=1)

#: What Python and Qt say when something that the stage is made of is not there.
_SIGNS_OF_ABSENCE = (
    "ModuleNotFoundError", "ImportError", "cannot open shared object file",
    "no Qt platform plugin could be initialized", "execvp",
)  # fmt: skip

_ANSWER_BYTES = 64 * 2**10
_GIB = 1 << 30


class StageLimits(Struct, frozen=True):
    """What a child may take: seconds for a picture, processor seconds, bytes, and pictures.

    For its first picture it has `first_s`: it is being started.
    """

    first_s: float = 30.0
    picture_s: float = 15.0
    cpu_s: int = 600
    memory_bytes: int = 6 * _GIB
    file_bytes: int = 256 * 2**20
    pictures: int = 100


class StageEnded(Exception):  # noqa: N818
    """The child gave no answer: it could not start, died, took too long, or answered nonsense."""


class StageHung(StageEnded):
    """The child took longer than it may: asked again it would take as long again."""


class StageMissing(StageEnded):
    """The child cannot even begin: its libraries are not installed on this machine."""


class _Answer(Struct, frozen=True, forbid_unknown_fields=True):
    failed: str | None


class WarmStage:
    """One child at a time, and the folder that it works in.  One thread at a time."""

    def __init__(
        self,
        folder: Path,
        limits: StageLimits = StageLimits(),  # noqa: B008  (frozen)
        command: Sequence[str] = COMMAND,
    ) -> None:
        self._above, self._limits, self._command = folder, limits, command
        self._child: subprocess.Popen[bytes] | None = None
        self._folder = self._seen_in = self._seen_out = folder
        self._drawn = 0

    def draw(self, drawing: Drawing, now: datetime) -> tuple[Path, str | None]:
        """Where the PNG lies, until the next call, and what could not be drawn (then it is none).

        Raises `StageEnded`; the next call begins with a new child.
        """
        if self._drawn >= self._limits.pictures:
            self.close()
        was_warm = self._child is not None
        try:
            return self._attempt(drawing, now)
        except StageEnded as error:
            self.close()
            if not was_warm or isinstance(error, StageHung):
                raise
        try:  # a warm one may have ended because nobody had asked for long
            return self._attempt(drawing, now)
        except StageEnded:
            self.close()
            raise

    def close(self) -> None:
        """End the child, and remove its folder."""
        child, self._child = self._child, None
        if child is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _attempt(self, drawing: Drawing, now: datetime) -> tuple[Path, str | None]:
        child = self._child or self._start(now)
        number, self._drawn = self._drawn, self._drawn + 1
        job = self._folder / "in" / str(number)
        _put(job, drawing)
        out = self._folder / "out" / f"{number}.png"
        line = {
            "manifest": str(self._seen_in / job.name / "manifest.json"),
            "blobs": str(self._seen_in / job.name / "blobs"),
            "at": drawing.at, "out": str(self._seen_out / out.name), "size": drawing.size,
        }  # fmt: skip
        try:
            failed = self._asked(child, msgspec.json.encode(line) + b"\n")
        finally:
            shutil.rmtree(job, ignore_errors=True)
        return out, failed

    def _start(self, now: datetime) -> "subprocess.Popen[bytes]":
        self._above.mkdir(parents=True, exist_ok=True, mode=0o700)
        _remove_left_behind(self._above, now)
        self._folder, self._drawn = Path(tempfile.mkdtemp(dir=self._above)), 0
        source, work = self._folder / "in", self._folder / "out"
        source.mkdir()
        (work / "tmp").mkdir(parents=True)
        way = sandbox.available()
        is_inside = way is Sandbox.BUBBLEWRAP
        self._seen_in = Path(sandbox.SOURCE) if is_inside else source
        self._seen_out = Path(sandbox.WORK) if is_inside else work
        argv = sandbox.command(way, self._command, source, work, _code_paths())
        with (self._folder / "log").open("wb") as log:
            self._child = _started([*_limited(self._limits), *argv], self._seen_out / "tmp", log)
        return self._child

    def _asked(self, child: "subprocess.Popen[bytes]", line: bytes) -> str | None:
        assert child.stdin is not None
        assert child.stdout is not None
        try:
            child.stdin.write(line)
            child.stdin.flush()
        except BrokenPipeError:
            raise self._ended() from None
        patience_s = self._limits.first_s if self._drawn == 1 else self._limits.picture_s
        answer, deadline = b"", time.monotonic() + patience_s
        while not answer.endswith(b"\n"):
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([child.stdout], [], [], left)[0]:
                raise StageHung(self._complaint(f"no answer after {patience_s:g} s"))
            chunk = os.read(child.stdout.fileno(), _ANSWER_BYTES)
            if not chunk or len(answer) > _ANSWER_BYTES:
                raise self._ended()
            answer += chunk
        try:
            return msgspec.json.decode(answer, type=_Answer).failed
        except msgspec.MsgspecError as error:
            raise StageEnded("it answered what is no answer") from error

    def _ended(self) -> StageEnded:
        said = self._complaint("it ended")
        is_missing = self._drawn == 1 and any(sign in said for sign in _SIGNS_OF_ABSENCE)
        return StageMissing(said) if is_missing else StageEnded(said)

    def _complaint(self, what: str) -> str:
        """What happened, with the last that the child said."""
        said = ""
        with contextlib.suppress(OSError):
            said = (self._folder / "log").read_text("utf-8", "replace")[-2000:].strip()
        return f"{what}; it said: {said or 'nothing'}"


def _put(job: Path, drawing: Drawing) -> None:
    """The manifest and the files of the picture, for the child to read.

    A file that is not there is the stage's to complain of: it says which item it was.
    """
    blobs = job / "blobs"
    blobs.mkdir(parents=True)
    (job / "manifest.json").write_bytes(encode(drawing.manifest))
    for sha256 in drawing.files:
        with contextlib.suppress(FileNotFoundError):
            _link(sha256, blobs / sha256)


def _link(sha256: str, path: Path) -> None:
    """The blob under another name; where that cannot be, a copy."""
    local = store().local_path(sha256)
    if local is not None:
        try:
            path.hardlink_to(local)
        except PermissionError:
            shutil.copyfile(local, path)
        return
    with os.fdopen(store().open(sha256), "rb") as file, path.open("xb") as copy:
        shutil.copyfileobj(file, copy)


def _remove_left_behind(above: Path, now: datetime) -> None:
    for folder in above.iterdir():
        with contextlib.suppress(FileNotFoundError):
            if now.timestamp() - folder.stat().st_mtime > _LEFT_BEHIND.total_seconds():
                shutil.rmtree(folder, ignore_errors=True)


def _limited(limits: StageLimits) -> list[str]:
    return [
        *("prlimit", f"--as={limits.memory_bytes}", f"--cpu={limits.cpu_s}"),
        *(f"--fsize={limits.file_bytes}", "--core=0"),
        *("nice", "-n", "10"),
    ]


def _code_paths() -> list[Path]:
    """Where the child's Python, its packages, and the stage live."""
    specs = [find_spec(name) for name in _PACKAGES]
    ours = [Path(each.origin).parent for each in specs if each is not None and each.origin]
    return sorted({*sandbox.code_paths(), *ours})


def _started(argv: Sequence[str], temporary: Path, log: IO[bytes]) -> "subprocess.Popen[bytes]":
    """The child, started by a thread that lives as long as it does.

    What dies with its parent dies with the *thread* that started it (PR_SET_PDEATHSIG), and the
    thread of a request ends with the request: the child of such a one would never be warm.
    """
    begun: Future[subprocess.Popen[bytes]] = Future()

    def live() -> None:
        try:
            child = _run(argv, temporary, log)
        except OSError as error:
            begun.set_exception(error)
        else:
            begun.set_result(child)
            child.wait()

    threading.Thread(target=live, name="preview-child", daemon=True).start()
    try:
        return begun.result()
    except OSError as error:
        raise StageEnded(f"it cannot be started: {error}") from error


def _run(argv: Sequence[str], temporary: Path, log: IO[bytes]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        argv,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        env={
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "PYTHONDONTWRITEBYTECODE": "1",
            "LANG": "C.UTF-8",
            "TZ": "UTC",
            "HOME": str(temporary),
            "TMPDIR": str(temporary),
        },
        start_new_session=True,
    )
