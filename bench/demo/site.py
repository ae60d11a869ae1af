"""A whole site on this machine: the content server, and one box with its agent and its player.

Three real processes in a folder of their own, each of which can be ended and started again.
Nobody else's: only processes that were started here are ended here.
"""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from command import Failed

__all__ = ["Site", "free_port"]

PASSPHRASE = "only for the demonstration"
#: The processes, in the order in which they end.
NAMES = ("player", "agent", "server")
#: How long a step of another process is waited for, in seconds.
PATIENCE_S = 90.0


def free_port() -> int:
    """Return a port of the loopback that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@dataclass(frozen=True, slots=True)
class Login:
    """The first administrator of the demonstration, and the token of its scripts."""

    port: int
    name: str
    password: str
    token: str


class Site:
    """Server, agent and player in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def login(self) -> Login:
        """How to get in; `Failed` if there is no site here yet."""
        try:
            return Login(**json.loads((self.folder / "login.json").read_text()))
        except OSError as error:
            raise Failed(
                f"no demonstration in {self.folder}: run make demo first", os.EX_NOINPUT
            ) from error

    @property
    def address(self) -> str:
        """Where staff finds the server."""
        return f"http://127.0.0.1:{self.login.port}/"

    def prepare(self, port: int) -> None:
        """Make the server's folder, keys, first administrator and token; the box's settings."""
        self.folder.mkdir(parents=True)
        (self.folder / "server.toml").write_text(
            f'[organisation]\nid = "demo"\nname = "示范集团"\n[data]\nmin_free_gib = 0.2\n'
            f'directory = "{self.folder}/server"\n[web]\nport = {port}\n'
        )
        password = secrets.token_urlsafe(12)
        self._server("init")
        made = self._server(
            *("keys", "init", "--to", str(self.folder / "root-keys"), "--passphrase-file", "-"),
            *("--root-keys", "1", "--threshold", "1"),
            typed=PASSPHRASE,
        )
        fingerprint = made.partition("fingerprint")[2].split()[0]
        (self.folder / "player.toml").write_text(
            f'[screen]\nname = "大堂"\n[cache]\ndirectory = "{self.folder}/box"\n'
            f'min_free_gib = 0.2\n[server]\nurls = ["http://127.0.0.1:{port}"]\n'
            f'tokens_file = "{self.folder}/tokens.toml"\npoll_interval_s = 5\n'
            f'[trust]\nroot_sha256 = "{fingerprint}"\n[panel]\npower = "none"\n'
        )
        self._server("user", "first", "demo", "--password-stdin", typed=password)
        token = self._server("user", "token", "demo", "demonstration").split()[-1]
        login = self.folder / "login.json"
        login.touch(mode=0o600)
        login.write_text(json.dumps(asdict(Login(port, "demo", password, token))))

    def start_server(self) -> None:
        """Start the server and wait until it answers."""
        self.launch_server()
        self.wait_for_server()

    def launch_server(self) -> None:
        """Start the server."""
        self._start("server", ["-m", "server", "run"], self._settings())

    def wait_for_server(self) -> None:
        """Wait until the server answers; `Failed` if it ends first, or takes too long."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.login.port)) == 0:
                    return
            self.check("server")
            time.sleep(0.1)
        raise Failed(f"the server did not answer; see {self.folder}/server.log", os.EX_UNAVAILABLE)

    def start_agent(self) -> None:
        """Start the agent of the box."""
        config = str(self.folder / "player.toml")
        self._start("agent", ["-m", "player.agent", "--config", config], {})

    def start_player(self, environment: Mapping[str, str], *options: str) -> None:
        """Start the player of the box."""
        config = str(self.folder / "player.toml")
        self._start("player", ["-m", "player.stage", "--config", config, *options], environment)

    def check_server(self) -> list[dict[str, str]]:
        """What `yingbi-server check` finds wrong."""
        asked = subprocess.run(
            [sys.executable, "-m", "server", "check", "--deep", "--json"],
            env=os.environ | self._settings(),
            capture_output=True,
            check=False,
        )
        return list(json.loads(asked.stdout))

    def box(self) -> dict[str, object]:
        """What `yingbi-agent status` says of the box."""
        command = [sys.executable, "-m", "player.agent"]
        command += ["--config", str(self.folder / "player.toml"), "status", "--json"]
        asked = subprocess.run(command, capture_output=True, check=False)
        return dict(json.loads(asked.stdout or b"{}"))

    def check(self, name: str) -> None:
        """Raise `Failed` if this process has ended by itself."""
        process = self._running[name]
        if process.poll() is not None:
            log = self.folder / f"{name}.log"
            raise Failed(
                f"the {name} ended with status {process.returncode}; see {log}", os.EX_SOFTWARE
            )

    def wait_for(self, name: str) -> int:
        """Wait until this process ends; its status."""
        return self._running[name].wait()

    def end(self, name: str) -> None:
        """End one process, gently if it listens."""
        process = self._running.pop(name, None)
        if process is None:
            return
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def kill(self, name: str) -> None:
        """Let one process die at once, as a crash or the kernel would."""
        process = self._running.pop(name)
        process.kill()
        process.wait()

    def end_other(self, name: str) -> None:
        """End a process of this site that another run of the demonstration started."""
        note = self.folder / f"{name}.pid"
        try:
            pid = int(note.read_text())
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except (OSError, ValueError):
            note.unlink(missing_ok=True)
            return
        if sys.executable.encode() in command:  # else the number is somebody else's by now
            os.kill(pid, signal.SIGTERM)
            _wait_for_end(pid)
        note.unlink(missing_ok=True)

    def end_others(self) -> None:
        """End what an earlier run that was killed has left."""
        for name in NAMES:
            self.end_other(name)

    def close(self) -> None:
        """End everything."""
        for name in NAMES:
            self.end(name)
            self.end_other(name)

    def _settings(self) -> dict[str, str]:
        """For our server: nothing that is meant for another one of this machine."""
        ours = {"YINGBI_DATA": f"{self.folder}/server", "DATABASE_URL": ""}
        return ours | {"YINGBI_SERVER_CONFIG": str(self.folder / "server.toml")}

    def _server(self, *arguments: str, typed: str = "") -> str:
        done = subprocess.run(
            [sys.executable, "-m", "server", *arguments],
            env=os.environ | self._settings(),
            input=f"{typed}\n".encode(),
            capture_output=True,
            check=False,
        )
        if done.returncode:
            said = done.stderr.decode().strip() or done.stdout.decode().strip()
            raise Failed(f"yingbi-server {' '.join(arguments[:2])}: {said}", os.EX_SOFTWARE)
        return done.stdout.decode()

    def _start(self, name: str, arguments: list[str], environment: Mapping[str, str]) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, *arguments],
                env=os.environ | dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self._running[name] = process
        (self.folder / f"{name}.pid").write_text(f"{process.pid}\n")


def _wait_for_end(pid: int) -> None:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end and Path(f"/proc/{pid}").exists():
        time.sleep(0.1)
