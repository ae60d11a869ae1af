"""Ten at once, a worker that is killed, a file of gigabytes: with real threads and processes."""

import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import connection

from server.library.blobs import store
from server.library.models import Asset, Blob
from tests.conftest import DEEP
from tests.simulators.clips import make_clip
from tests.simulators.library import Library

GIGABYTE = 10**9
UPLOAD_BYTES = 2 * GIGABYTE if DEEP else GIGABYTE // 5


def test_the_same_bytes_from_ten_at_once_are_one_blob_with_ten_references(
    shared_library: Library,
) -> None:
    content = bytes(range(256)) * 4000
    made: list[Asset] = []
    together = threading.Barrier(10)

    def upload() -> None:
        try:
            together.wait(30)
            made.append(shared_library.upload(content))
        finally:
            connection.close()

    threads = [threading.Thread(name=f"editor-{n}", target=upload) for n in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({asset.pk for asset in made}) == 10
    assert len({asset.original_id for asset in made}) == 1
    assert Blob.objects.count() == 1
    assert store().verify(str(made[0].original_id)) == "good"
    files = [path for path in (shared_library.data / "blobs").rglob("*") if path.is_file()]
    assert len(files) == 1, "a temporary file was left behind"


UPLOAD = """
import re, sys
from pathlib import Path
import django
django.setup()
from tests.simulators.library import Library
from django.conf import settings
library, size = Library(settings.DATA), int(sys.argv[1])
piece = bytes(range(256)) * 4096
def peak_kib():  # of this program alone; getrusage would count what started it
    return re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]
def pieces(start, end):
    for at in range(start, end, len(piece)):
        yield piece[: min(len(piece), end - at)]
from server.library import services
upload = library.begin(b"", "large.mp4", size)
before = peak_kib()
for start in range(0, size, 64 << 20):  # requests of 64 MiB
    services.upload_append(actor=library.editor, upload_id=upload.pk, offset=start,
                           chunks=pieces(start, min(size, start + (64 << 20))), now=library.now)
asset = library.finish(upload)
print(asset.original.bytes, peak_kib(), before)
"""


def run_program(home: Any, program: str, *words: object) -> list[str]:
    """Run a program of ours on the data of a server; what it printed, in words."""
    environment = {**home.environment, "DJANGO_SETTINGS_MODULE": "server.settings"}
    environment["PYTHONPATH"] = str(Path(__file__).parents[4])
    argv = [sys.executable, "-c", program, *map(str, words)]
    done = subprocess.run(argv, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_memory_does_not_grow_with_the_file(server_home: Callable[[], Any]) -> None:
    home = server_home()
    stored, peak_kib, before_kib = map(int, run_program(home, UPLOAD, UPLOAD_BYTES))
    assert stored == UPLOAD_BYTES
    assert peak_kib < 150 * 1024
    assert peak_kib - before_kib < 16 * 1024


WAIT = """
import sys, time, django
django.setup()
from server.library.models import Asset
for _look in range(600):
    asset = Asset.objects.get(pk=int(sys.argv[1]))
    if asset.state == sys.argv[2] and asset.progress_percent >= int(sys.argv[3]):
        break
    time.sleep(0.2)
print(asset.state, asset.progress_percent, asset.attempts, asset.renditions.count())
"""
SEND = """
import sys, django
django.setup()
from pathlib import Path
from django.conf import settings
from tests.simulators.library import Library
from server.clock import SystemClock
library = Library(settings.DATA)
library.clock = SystemClock()
print(library.upload_file(Path(sys.argv[1])).pk)
"""


def test_a_killed_worker_loses_nothing_and_the_next_takes_its_job_up(
    server_home: Callable[[], Any], server_process: Callable[..., Any], tmp_path: Path
) -> None:
    home = server_home()
    quick = ("-c:v", "mpeg4", "-q:v", "20")
    clip = make_clip(tmp_path / "a.avi", *quick, size="640x360", rate="10", seconds=40.0)
    asset = run_program(home, SEND, clip)[0]
    first = server_process(home=home)

    assert run_program(home, WAIT, asset, "processing", 6)[0] == "processing"
    first.kill()
    second = server_process(home=home)
    for server in (first, second):  # they write one log
        server.expects_log("was abandoned by its worker")
    assert run_program(home, WAIT, asset, "ready", 100) == ["ready", "100", "2", "4"]
    second.end()
