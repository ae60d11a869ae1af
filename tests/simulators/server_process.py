"""The real `yingbi-server`, as processes: made once a run, started as often as a test likes.

The fixture `server_process` is a function that starts one on a free loopback port, with a data
folder and a database of its own, and waits for READY.  At the end of the test it is ended with
SIGTERM, must end well, and its log may hold no warning that the test did not announce.
"""

import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.simulators.postgresql import OWNER
from tests.simulators.server_project import made_once

STARTS_WITHIN_S = 60
ENDS_WITHIN_S = 20
_TEMPLATE = "yingbi_initialised"


class Home:
    """A data folder and its database: everything that outlives a server process."""

    def __init__(self, data: Path, cluster: str | None, database: str) -> None:
        self.data = data
        self.cluster = cluster
        self.database = database

    @property
    def environment(self) -> dict[str, str]:
        """What a server process, or a command, is told."""
        hidden = {"DATABASE_URL", "YINGBI_SERVER_CONFIG", "DJANGO_SETTINGS_MODULE", "NOTIFY_SOCKET"}
        environment = {key: value for key, value in os.environ.items() if key not in hidden}
        environment |= {"YINGBI_DATA": str(self.data), "PYTHONWARNINGS": "error::ResourceWarning"}
        if self.cluster:
            environment["DATABASE_URL"] = (
                f"postgresql://{OWNER}@/{self.database}?host={self.cluster}"
            )
        return environment

    def command(
        self, *words: object, status: int = 0, stdin: str = "", **more: str
    ) -> subprocess.CompletedProcess[str]:
        """Run `yingbi-server WORDS` on this data folder; its status must be `status`."""
        done = subprocess.run(
            [sys.executable, "-m", "server", *map(str, words)],
            env={**self.environment, **more},
            capture_output=True,
            text=True,
            input=stdin,
            timeout=120,
            check=False,
        )
        assert done.returncode == status, (done.returncode, done.stdout, done.stderr)
        return done


class ServerProcess:
    """One running server; `address` is where it answers."""

    def __init__(self, home: Home, words: tuple[object, ...], more: dict[str, str]) -> None:
        self.home = home
        self.data = home.data
        self.expected: list[str] = []
        self._log = (home.data.parent / f"{home.data.name}.log").open("a+")
        self._from = self._log.tell()
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
            name = f"yingbi-{uuid.uuid4()}"
            systemd.bind(f"\0{name}")
            systemd.settimeout(0.2)
            self.process = subprocess.Popen(
                [sys.executable, "-m", "server", *map(str, words)],
                env={**home.environment, "NOTIFY_SOCKET": f"@{name}", **more},
                stdout=self._log,
                stderr=self._log,
            )
            self._wait_until_ready(systemd)

    def _wait_until_ready(self, systemd: socket.socket) -> None:
        for _try in range(STARTS_WITHIN_S * 5):
            try:
                if systemd.recv(200) == b"READY=1":
                    break
            except TimeoutError:
                assert self.process.poll() is None, self.log
        else:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"not ready within {STARTS_WITHIN_S} s: {self.log}")
        found = re.findall(r"listening on (\S+)", self.log)
        self.address = found[-1] if found else ""

    @property
    def pid(self) -> int:
        """The process."""
        return self.process.pid

    @property
    def log(self) -> str:
        """What this process has written."""
        self._log.seek(self._from)
        return self._log.read()

    def command(self, *words: object, **more: Any) -> subprocess.CompletedProcess[str]:
        """Run `yingbi-server WORDS` beside it."""
        return self.home.command(*words, **more)

    def expects_log(self, text: str) -> None:
        """A line at WARNING or above with this text is due."""
        self.expected.append(text)

    def kill(self) -> None:
        """End it as a power cut does."""
        self.process.kill()
        self.process.wait(ENDS_WITHIN_S)

    def end(self, number: int = signal.SIGTERM) -> None:
        """Tell it to end, and look whether it ended well and had nothing to complain about."""
        if self.process.poll() is None:
            self.process.send_signal(number)
            status = self.process.wait(ENDS_WITHIN_S)
            assert status == 0, (status, self.log)
        self.check_log()

    def check_log(self) -> None:
        """Fail for a warning that was not announced, and for one that was and did not come."""
        lines = self.log.splitlines()
        loud = [
            line for line in lines if re.search(r"\b(WARNING|ERROR|CRITICAL|Traceback)\b", line)
        ]
        stray = [line for line in loud if not any(text in line for text in self.expected)]
        missing = [text for text in self.expected if not any(text in line for line in loud)]
        assert not stray, f"unexpected log lines: {stray}\n{self.log[-3000:]}"
        assert not missing, f"these log lines were due and did not come: {missing}"

    def close(self) -> None:
        """Let go of everything."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(ENDS_WITHIN_S)
        self._log.close()


def rows(home: Home, statement: str) -> list[tuple[Any, ...]]:
    """What the database of a home says to a statement, from outside; commits."""
    if home.cluster:
        address = home.environment["DATABASE_URL"]
        with psycopg.connect(address, autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []
    with closing(sqlite3.connect(home.data / "yingbi.sqlite3", isolation_level=None)) as database:
        return database.execute(statement).fetchall()


def _execute(cluster: str, statement: str) -> None:
    address = f"postgresql://{OWNER}@/postgres?host={cluster}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(statement.encode())


@pytest.fixture(scope="session")
def initialised(postgresql: str | None) -> Home:
    """A data folder (and database) that `yingbi-server init` made: to be copied, never used."""
    with made_once("initialised") as (shared, is_made):
        home = Home(shared / "initialised", postgresql, _TEMPLATE)
        if not is_made:
            if postgresql:
                _execute(postgresql, f"CREATE DATABASE {_TEMPLATE}")
            home.command("init")
    return home


class Homes:
    """Makes homes below a folder, each a copy of one that nobody uses; calling it makes one."""

    def __init__(self, initialised: Home, folder: Path) -> None:
        self._initialised = initialised
        self._folder = folder
        self._made: list[Home] = []

    def __call__(self, of: Home | None = None) -> Home:
        """A fresh, initialised home; or a copy of another, on which nothing runs."""
        source = of or self._initialised
        name = f"yingbi_{uuid.uuid4().hex[:12]}"
        data = self._folder / f"server{len(self._made)}"
        shutil.copytree(source.data, data)
        if source.cluster:
            _execute(source.cluster, f"CREATE DATABASE {name} TEMPLATE {source.database}")
        self._made.append(Home(data, source.cluster, name))
        return self._made[-1]

    def remove(self) -> None:
        """Drop the databases; the folders are pytest's."""
        for home in self._made:
            if home.cluster:
                _execute(home.cluster, f"DROP DATABASE IF EXISTS {home.database} WITH (FORCE)")


@pytest.fixture
def server_home(initialised: Home, tmp_path: Path) -> Iterator[Homes]:
    """A function that makes a fresh, initialised data folder and database."""
    homes = Homes(initialised, tmp_path)
    yield homes
    homes.remove()


@pytest.fixture(scope="module")
def module_home(initialised: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Homes]:
    """As `server_home`, for what the tests of a module copy or share."""
    homes = Homes(initialised, tmp_path_factory.mktemp("homes"))
    yield homes
    homes.remove()


@pytest.fixture
def server_process(server_home: Callable[[], Home]) -> Iterator[Callable[..., ServerProcess]]:
    """A function that starts `yingbi-server run` (or `words`) and returns when it answers."""
    started: list[ServerProcess] = []

    def start(*words: object, home: Home | None = None, **more: str) -> ServerProcess:
        command = words or ("run", "--port", "0")
        started.append(ServerProcess(home or server_home(), command, more))
        return started[-1]

    try:
        yield start
        for one in started:
            one.end() if one.process.poll() is None else one.check_log()
    finally:
        for one in started:
            one.close()
