"""A child is locked in, limited, and never outlives whoever started it.

Each test has its negative control: the same attempt, not locked in, succeeds.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from server.library.ingest import child, sandbox
from server.library.ingest.child import ChildCrashed, ChildHung, Stopped, Watch
from server.library.ingest.failures import Refused
from server.library.ingest.limits import LIMITS, Limits
from server.library.ingest.protocol import Job, Wall
from server.library.ingest.sandbox import Sandbox
from tests.simulators.clips import make_clip
from tests.simulators.patience import until

TIGHT = LIMITS["video"]


def works(way: Sandbox) -> pytest.MarkDecorator:
    """Skip, loudly, where this way of locking in does not work."""
    order = [Sandbox.BUBBLEWRAP, Sandbox.UNSHARE, Sandbox.NONE]
    best = sandbox.available()
    missing = order.index(way) < order.index(best)
    return pytest.mark.skipif(missing, reason=f"NOT LOCKED IN: {way.value} does not work here")


LOCKED = [
    pytest.param(Sandbox.BUBBLEWRAP, marks=works(Sandbox.BUBBLEWRAP)),
    pytest.param(Sandbox.UNSHARE, marks=works(Sandbox.UNSHARE)),
]


def run_inside(way: Sandbox, program: str, folder: Path) -> "subprocess.CompletedProcess[bytes]":
    source = folder / "source"
    source.write_bytes(b"the file")
    (folder / "work").mkdir(exist_ok=True)
    argv = [sys.executable, "-c", program]
    words = sandbox.command(way, argv, source, folder / "work", sandbox.code_paths())
    return subprocess.run(words, capture_output=True, check=False)


@pytest.mark.parametrize("way", LOCKED)
def test_a_child_has_no_network_and_one_that_is_not_locked_in_has(
    tmp_path: Path, way: Sandbox
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        program = f"import socket; socket.create_connection(('127.0.0.1', {port}), 3)"
        assert run_inside(Sandbox.NONE, program, tmp_path).returncode == 0
        refused = run_inside(way, program, tmp_path)
    assert refused.returncode == 1
    assert b"refused" in refused.stderr or b"unreachable" in refused.stderr


@works(Sandbox.BUBBLEWRAP)
def test_a_child_sees_its_file_and_nothing_of_the_server(tmp_path: Path) -> None:
    secret = tmp_path / "publisher.key"
    secret.write_text("secret")
    read = f"print(open({str(secret)!r}).read())"
    assert run_inside(Sandbox.NONE, read, tmp_path).stdout == b"secret\n"
    assert b"No such file" in run_inside(Sandbox.BUBBLEWRAP, read, tmp_path).stderr
    own = "print(open('/job/source').read()); open('/job/source', 'w')"
    done = run_inside(Sandbox.BUBBLEWRAP, own, tmp_path)
    assert done.stdout == b"the file\n"
    assert b"Read-only" in done.stderr or b"ermission" in done.stderr


def test_a_child_gets_no_secret_of_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://user:canary@db/x")
    environment = child._environment(str(tmp_path))
    assert "canary" not in str(environment)


def test_a_trial_that_failed_in_a_bad_moment_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    best = sandbox.available()
    sandbox.forget_trial()
    path = os.environ["PATH"]
    monkeypatch.setenv("PATH", str(tmp_path))  # neither bwrap nor unshare is found
    assert sandbox.available() is Sandbox.NONE
    monkeypatch.setenv("PATH", path)
    assert sandbox.available() is best


def test_what_is_not_locked_in_is_said_loudly() -> None:
    assert sandbox.warning(Sandbox.BUBBLEWRAP) is None
    assert "can read this user's files" in str(sandbox.warning(Sandbox.UNSHARE))
    assert "NOT LOCKED IN" in str(sandbox.warning(Sandbox.NONE))


@pytest.fixture(scope="module")
def long_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A minute that takes the encoder a while."""
    folder = tmp_path_factory.mktemp("clip")
    quick = ("-c:v", "mpeg4", "-q:v", "31")
    return make_clip(folder / "a.avi", *quick, size="1280x720", rate="5", seconds=60.0)


def job_of(clip: Path, folder: Path) -> Job:
    folder.mkdir(exist_ok=True)
    return Job("video", str(clip), str(folder), "avi", "avi", Wall(1280, 720), threads=1)


def living(mark: str) -> set[int]:
    """Processes whose command line, or folder, has `mark` in it."""
    found = set()
    for path in Path("/proc").glob("[0-9]*"):
        try:
            line = (path / "cmdline").read_bytes().decode("utf-8", "replace")
        except OSError:
            continue
        if mark in line and int(path.name) != os.getpid():
            found.add(int(path.name))
    return found


WAYS = [*LOCKED, pytest.param(Sandbox.NONE)]


@pytest.mark.parametrize("way", WAYS)
def test_a_child_that_takes_too_long_is_killed_with_all_it_started(
    tmp_path: Path, long_clip: Path, way: Sandbox
) -> None:
    limits = Limits(1.0, 60, TIGHT.cpu_s, TIGHT.memory_bytes, TIGHT.file_bytes)
    with pytest.raises(ChildHung, match="no answer after 1 s"):
        child.run(job_of(long_clip, tmp_path / "made"), limits=limits, locked_in=way)
    until(lambda: not living(str(tmp_path)) and not encoders(), "an encoder was left running")


def encoders() -> set[int]:
    """Encoders that we started: those below this process, or given away to the first one."""
    return {pid for pid in living("libx264") if "/job/" in cmdline(pid) or "pytest" in cmdline(pid)}


def cmdline(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode("utf-8", "replace")
    except OSError:
        return ""


def is_ours(pid: int) -> bool:
    """Started by this very process: others convert at the same time, and must not be stopped."""
    with contextlib.suppress(OSError):  # it ended meanwhile
        return f"PPid:\t{os.getpid()}\n" in Path(f"/proc/{pid}/status").read_text()
    return False


def test_a_child_that_is_stopped_counts_as_hanging(tmp_path: Path, long_clip: Path) -> None:
    stopped: list[int] = []

    def stop(_percent: int) -> None:
        if not stopped:
            stopped.extend(filter(is_ours, living("child_main")))
            for pid in stopped:
                os.kill(pid, signal.SIGSTOP)

    limits = Limits(60, 1.5, TIGHT.cpu_s, TIGHT.memory_bytes, TIGHT.file_bytes)
    with pytest.raises(ChildHung, match=r"no progress for 2 s \(python\S* T after [\d.]+ s in "):
        child.run(
            job_of(long_clip, tmp_path / "made"),
            Watch(progress=stop),
            limits=limits,
            locked_in=Sandbox.NONE,
        )


def test_a_worker_that_does_not_want_to_go_on_gets_its_child_killed(
    tmp_path: Path, long_clip: Path
) -> None:
    with pytest.raises(Stopped):
        child.run(job_of(long_clip, tmp_path / "made"), Watch(go_on=lambda: False))
    until(lambda: not encoders(), "an encoder was left running")


WORKER = """
import sys
from pathlib import Path
from server.library.ingest import child
from server.library.ingest.child import Watch
from server.library.ingest.protocol import Job, Wall
from server.library.ingest.sandbox import Sandbox
job = Job("video", sys.argv[1], sys.argv[2], "avi", "avi", Wall(1280, 720), threads=1)
watch = Watch(progress=lambda percent: print(percent, flush=True))
child.run(job, watch, locked_in=Sandbox(sys.argv[3]))
"""


@pytest.mark.parametrize("way", WAYS)
def test_when_the_worker_is_killed_its_child_dies_with_it(
    tmp_path: Path, long_clip: Path, way: Sandbox
) -> None:
    (tmp_path / "made").mkdir()
    words = [sys.executable, "-c", WORKER, str(long_clip), str(tmp_path / "made"), way.value]
    worker = subprocess.Popen(words, stdout=subprocess.PIPE)
    assert worker.stdout is not None
    for line in worker.stdout:
        if int(line) >= 3:  # the encoder is at work
            break
    worker.kill()
    worker.wait()
    worker.stdout.close()
    until(lambda: not living(str(tmp_path)) and not encoders(), "a child outlived its worker")


def test_memory_is_limited_and_the_refusal_says_so(tmp_path: Path) -> None:
    from PIL import Image

    Image.new("RGB", (7000, 7000)).save(tmp_path / "a.png")
    small = Limits(60, 60, 60, 300 << 20, 1 << 30)
    job = Job("picture", str(tmp_path / "a.png"), str(tmp_path), "png", "PNG")
    with pytest.raises((Refused, ChildCrashed)) as ended:
        child.run(job, limits=small)
    if isinstance(ended.value, Refused):
        assert ended.value.code == "TOO_HEAVY"
    assert child.run(job, limits=LIMITS["picture"])


def test_a_file_may_not_grow_beyond_its_limit(tmp_path: Path, long_clip: Path) -> None:
    tiny = Limits(60, 60, 600, TIGHT.memory_bytes, 50_000)
    with pytest.raises((Refused, ChildCrashed)):
        child.run(job_of(long_clip, tmp_path / "made"), limits=tiny)
    assert max(path.stat().st_size for path in (tmp_path / "made").iterdir()) <= 50_000


def talking(program: str) -> "subprocess.Popen[bytes]":
    """A child of our own making, which says what it likes."""
    return subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("print('hello')", "no answer"),
        ('print(\'{"made": {"products": [{"file": 1}]}}\')', "no answer"),
        ('print(\'{"refused": {"code": "NO_SUCH"}}\')', "unknown code"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "SIGSEGV"),
        ("import sys; sys.exit('out of luck')", "out of luck"),
        ("print('x' * 3_000_000, end='', flush=True); input()", "line without end"),
    ],
)
def test_what_a_child_says_is_not_believed(program: str, said: str) -> None:
    started = talking(program)
    try:
        with pytest.raises(ChildCrashed, match=said):
            child._answer(started, Watch(), Limits(30, 30, 30, 1 << 30, 1 << 20))
    finally:
        child._end(started)
