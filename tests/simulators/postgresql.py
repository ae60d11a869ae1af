"""A real PostgreSQL for the tests: started from Debian's files, on a socket in a temporary folder.

It runs as an ordinary user (PostgreSQL refuses root), without syncs, and ends with whoever started
it, whatever happens to them.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

import psycopg

OWNER = "yingbi"
STARTS_WITHIN_S = 60
_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "100",
    "shared_buffers": "32MB",
    "autovacuum": "off",
    "jit": "off",
}


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parts[-2]))
    assert found, "PostgreSQL is not installed (packaging/apt/develop.txt: postgresql)"
    return found[-1]


def _as_ordinary_user() -> list[str]:
    """The words before a command that make it run as somebody else than root, and die with us."""
    words = ["setpriv", "--pdeathsig", "INT"]
    if os.geteuid() != 0:
        return words
    names = {entry.pw_name for entry in pwd.getpwall()}
    user = "postgres" if "postgres" in names else "nobody"
    entry = pwd.getpwnam(user)
    return [*words, f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}", "--clear-groups"]


class PostgreSQL:
    """One cluster; `url(name)` is the address of a database in it."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="yingbi-pg-"))
        self._data = self.folder / "data"
        self._words = _as_ordinary_user()
        self._process: subprocess.Popen[bytes] | None = None
        if os.geteuid() == 0:
            uid = int(self._words[3].partition("=")[2])
            os.chown(self.folder, uid, -1)
        self._initialise()
        self.start()

    def _initialise(self) -> None:
        command = [
            *self._words,
            str(_programs() / "initdb"),
            *("--pgdata", str(self._data), "--username", OWNER, "--auth", "trust"),
            *("--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync", "--no-instructions"),
        ]
        subprocess.run(command, check=True, capture_output=True, cwd="/")

    def start(self) -> None:
        """Start the cluster and wait until it answers."""
        options = [word for pair in _SETTINGS.items() for word in ("-c", "=".join(pair))]
        command = [
            *self._words,
            str(_programs() / "postgres"),
            *("-D", str(self._data), "-k", str(self.folder), *options),
        ]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, cwd="/")
        self._wait()

    def _wait(self) -> None:
        assert self._process is not None
        ready = [str(_programs() / "pg_isready"), "-q", "-h", str(self.folder), "-t", "1"]
        for _second in range(STARTS_WITHIN_S * 10):
            if subprocess.run(ready, check=False).returncode == 0:
                return
            assert self._process.poll() is None, (self.folder / "log").read_text()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(0.1)
        raise AssertionError((self.folder / "log").read_text())

    def url(self, name: str = "postgres") -> str:
        """The address of a database, as DATABASE_URL has it."""
        return f"postgresql://{OWNER}@/{name}?host={self.folder}"

    def execute(self, *statements: str) -> None:
        """Say something to the cluster, outside any transaction."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def stop(self, number: int = signal.SIGINT) -> None:
        """End the cluster (SIGINT: at once, connections are cut)."""
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait(STARTS_WITHIN_S)
            self._process = None

    def remove(self) -> None:
        """End it for good."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
