"""One writer: the second is told who the first is, and a dead one holds nothing (C20)."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from content_cache.disk import RealDisk
from content_cache.errors import CacheLocked
from content_cache.lock import exclusive, holder

DISK = RealDisk()
HOLD = (
    "import sys; from pathlib import Path\n"
    "from content_cache.disk import RealDisk; from content_cache.lock import exclusive\n"
    "with exclusive(Path(sys.argv[1]), RealDisk(), 'the agent'):\n"
    "    print('held', flush=True); sys.stdin.read()"
)


def test_a_second_writer_is_told_who_writes(root: Path) -> None:
    with exclusive(root, DISK, "the agent"):
        assert holder(root, DISK) == f"the agent, process {os.getpid()}"
        second = exclusive(root, DISK, "gc")
        with pytest.raises(CacheLocked, match="the agent, process") as refused, second:
            pytest.fail("two writers")
        assert refused.value.code == "ALREADY_RUNNING"
    assert holder(root, DISK) is None


def test_the_lock_is_free_again_after_an_error(root: Path) -> None:
    with pytest.raises(RuntimeError), exclusive(root, DISK, "the agent"):
        raise RuntimeError("a bug")
    with exclusive(root, DISK, "the agent"):
        pass


def test_a_killed_writer_holds_nothing(root: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "held\n"
    assert holder(root, DISK) == f"the agent, process {child.pid}"
    child.kill()
    child.communicate()
    assert holder(root, DISK) is None
    with exclusive(root, DISK, "the next"):
        assert holder(root, DISK) == f"the next, process {os.getpid()}"


def test_looking_at_a_cache_that_is_not_there_makes_nothing(root: Path) -> None:
    assert holder(root, DISK) is None
    assert not root.exists()


def test_looking_never_keeps_a_writer_out(root: Path) -> None:
    for _look in range(50):
        holder(root, DISK)
        with exclusive(root, DISK, "the agent"):
            pass
