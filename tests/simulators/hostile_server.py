"""A content server in a process of its own that is honest, or lies and fails on request.

It serves a folder: `freshness`, `manifest`, `root/2`, `blobs/<sha256>` under `/player/v1/`.  Which
fault befalls which requests stands in `faults.json` in that folder, read anew with every request,
so that a test turns an honest server into a hostile one (and back) at the same address.  Every
request is noted in `requests.log`.

    with ServerProcess(folder) as server:
        server.fault("blob", "rst")

The names of the faults are those of `hostile_answers.FAULTS`.
"""

import argparse
import contextlib
import json
import socket
import socketserver
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

from tests.simulators.honest_handler import Handler
from tests.simulators.hostile_answers import FAULTS, bomb

#: Where the modules of the project are found.
PROJECT = Path(__file__).parents[2]


class Server(socketserver.ThreadingTCPServer):
    """Serves `folder`; with `certificate` (PEM, with its key) over TLS."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64
    answers = FAULTS

    def __init__(self, folder: Path, port: int, certificate: Path | None) -> None:
        self._folder, self._lock = folder, threading.Lock()
        self._tls: ssl.SSLContext | None = None
        if certificate:
            self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._tls.load_cert_chain(certificate)
        super().__init__(("127.0.0.1", port), Handler)

    def finish_request(self, request: Any, client_address: Any) -> None:
        # In the request's own thread: a handshake that hangs must not stop the others.
        self.note("connection")
        with contextlib.suppress(OSError):
            wrapped = self._tls.wrap_socket(request, server_side=True) if self._tls else request
            super().finish_request(wrapped, client_address)

    def shutdown_request(self, request: Any) -> None:
        with contextlib.suppress(OSError):
            super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news here."""

    def fault_for(self, target: str) -> str | None:
        with self._lock:
            try:
                faults = json.loads((self._folder / "faults.json").read_bytes())
            except FileNotFoundError:
                return None
            fault = faults.get(target, faults.get("*"))
            if fault is None or fault["times"] == 0:
                return None
            if fault["times"] > 0:
                fault["times"] -= 1
                write_whole(self._folder / "faults.json", json.dumps(faults).encode())
            return fault["name"]

    def content(self, name: str) -> bytes | None:
        path = self._folder / name
        if ".." in name or not path.is_file():
            return None
        return path.read_bytes()

    def note(self, line: str) -> None:
        with (self._folder / "requests.log").open("a") as log:
            log.write(line + "\n")


def write_whole(path: Path, content: bytes) -> None:
    """Replace a file so that no reader sees a half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_bytes(content)
    fresh.replace(path)


class ServerProcess:
    """The server in a child process, from the side of the test; a context manager.

    `stop` and `start` take it off the network and bring it back at the same port.
    """

    def __init__(self, folder: Path, certificate: Path | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self._certificate = folder, certificate
        self._process: subprocess.Popen[str] | None = None
        self.port = 0

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def base(self) -> str:
        return f"{'https' if self._certificate else 'http'}://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [sys.executable, "-m", "tests.simulators.hostile_server"]
        command += [str(self.folder.resolve()), "--port", str(self.port)]
        if self._certificate:
            command += ["--certificate", str(self._certificate.resolve())]
        self._process = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())

    def stop(self) -> None:
        if self._process:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def put(self, name: str, content: bytes) -> None:
        write_whole(self.folder / name, content)

    def fault(self, target: str, name: str | None, times: int = -1) -> None:
        """Let `name` befall the next `times` requests (-1: all) for `target` ("*": any)."""
        assert name is None or name in FAULTS, name
        faults = {} if name is None else {target: {"name": name, "times": times}}
        write_whole(self.folder / "faults.json", json.dumps(faults).encode())

    def requests(self) -> list[str]:
        """What was asked since the last call: "path range fault" a line, or "connection"."""
        log = self.folder / "requests.log"
        lines = log.read_text().splitlines() if log.exists() else []
        log.unlink(missing_ok=True)
        return lines


@contextlib.contextmanager
def black_hole() -> Iterator[int]:
    """A port of 127.0.0.1 whose connections are never answered: its queue is full (N23)."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(3):  # one fits; the others make sure
            filler = stack.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--certificate", type=Path)
    arguments = parser.parse_args()
    bomb()  # made now, so that no client waits for it
    with Server(arguments.folder, arguments.port, arguments.certificate) as server:
        print(server.server_address[1], flush=True)
        server.serve_forever(poll_interval=0.05)


if __name__ == "__main__":
    main()
