"""What the fault loops need: the shim, a folder in memory, and a way to run the kill server."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
SHIM = HERE / "killshim.c"

KillServer = Callable[..., dict[str, Any]]


@pytest.fixture
def memory() -> Iterator[Path]:
    """A folder in memory: the loops are about the order of calls, not about the disk."""
    shared = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=shared, prefix="yingbi-faults-") as folder:
        yield Path(folder)


def _built(source: Path, folder: Path) -> Path:
    built = folder / f"{source.stem}.so"
    flags = ["-Wall", "-Wextra", "-O1", "-shared", "-fPIC"]
    subprocess.run(["gcc", *flags, "-o", str(built), str(source), "-ldl"], check=True)
    return built


@pytest.fixture(scope="session")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _built(SHIM, tmp_path_factory.mktemp("shim"))


@pytest.fixture(scope="session")
def clock_shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Preloaded, it gives a process the wall clock that YINGBI_CLOCK says."""
    return _built(HERE / "clockshim.c", tmp_path_factory.mktemp("shim"))


@pytest.fixture
def kill_server(shim: Path) -> KillServer:
    """Run tests/faults/kill_server.py (or another) with these arguments; return what it found."""

    def run(*arguments: object, module: str = "kill_server") -> dict[str, Any]:
        done = subprocess.run(
            [sys.executable, "-m", f"tests.faults.{module}", *map(str, arguments)],
            env={**os.environ, "LD_PRELOAD": str(shim)},
            cwd=HERE.parents[1],
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    return run
