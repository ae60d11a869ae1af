"""Processes that are measured: `yingbi-server run` as it is installed, and nginx beside it.

Each listens on a free port of the loopback and ends with its context.
"""

import os
import pwd
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import msgspec

from bench.process_cost import end_tree

__all__ = ["Home", "Process", "free_port", "nginx", "server"]

#: How long a process may take to answer, in seconds.
STARTS_WITHIN_S = 60.0

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Process:
    """A process that answers at `url`."""

    pid: int
    url: str


@dataclass(frozen=True, slots=True)
class Home:
    """A folder for one run; the server's data is in it."""

    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """What the server and its commands are told."""
        hidden = {"DATABASE_URL", "YINGBI_SERVER_CONFIG", "DJANGO_SETTINGS_MODULE", "NOTIFY_SOCKET"}
        kept = {key: value for key, value in os.environ.items() if key not in hidden}
        return kept | {"YINGBI_DATA": str(self.folder / "data")}

    def command(self, module: str, *words: object) -> bytes:
        """What a command prints.  Raises `RuntimeError` with what it complains of."""
        done = subprocess.run(
            [sys.executable, "-m", module, *map(str, words)],
            env=self.environment,
            capture_output=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{module} {words}: {done.stderr.decode()[-2000:]}")
        return done.stdout

    def told(self, kind: type[T], module: str, *words: object) -> T:
        """The same, as a value."""
        return msgspec.json.decode(self.command(module, *words), type=kind)


@contextmanager
def server(home: Home, more: Mapping[str, str] | None = None) -> Iterator[Process]:
    """A server with its worker; `more` is put into its environment."""
    name = f"server-{time.monotonic_ns()}.log"
    with (home.folder / name).open("w+") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "server", "run", "--port", "0"],
            env=home.environment | dict(more or {}),
            stdout=log,
            stderr=log,
        )
        try:
            yield Process(process.pid, _address(home.folder / name, process))
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def _address(log: Path, process: "subprocess.Popen[bytes]") -> str:
    give_up = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < give_up and process.poll() is None:
        if found := re.search(r"listening on (\S+)", log.read_text()):
            return found[1]
        time.sleep(0.05)
    raise RuntimeError(f"the server does not start: {log.read_text()[-2000:]}")


@contextmanager
def nginx(folder: Path, port: int, configuration: Path) -> Iterator[Process]:
    """Debian's nginx on `configuration`, with `folder` as its prefix."""
    log = folder / "nginx.log"
    # Its workers may read what is ours: no other user could look into the folder of a run.
    ours = f" user {pwd.getpwuid(os.geteuid()).pw_name};" if os.geteuid() == 0 else ""
    with log.open("wb") as stderr:
        process = subprocess.Popen(
            ["nginx", "-p", str(folder), "-c", str(configuration),
             "-g", f"daemon off; pid {folder}/nginx.pid;{ours}"],
            stdout=subprocess.DEVNULL,
            stderr=stderr,
        )  # fmt: skip
    try:
        _wait_for(port, process, log)
        yield Process(process.pid, f"http://127.0.0.1:{port}")
    finally:
        end_tree(process.pid)


def _wait_for(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    give_up = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < give_up and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"nginx does not start: {log.read_text()}")


def free_port() -> int:
    """A port of the loopback that nobody has at the moment."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])
