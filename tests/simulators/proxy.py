"""A real nginx with the configuration that ships, on a loopback port, with a folder of its own."""

import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

from tests.simulators.patience import until

SHIPPED = Path(__file__).parents[2] / "packaging" / "nginx"
STARTS_WITHIN_S = 30

#: What the places of the shipped files say is other here: temporary files, servers, the store.
PLACE = """
client_body_temp_path body;
proxy_temp_path proxy;
fastcgi_temp_path fastcgi;
uwsgi_temp_path uwsgi;
scgi_temp_path scgi;
upstream yingbi {{ least_conn; {servers} keepalive 16; }}
map "" $yingbi_blobs {{ default {blobs}; }}
upstream yingbi_s3 {{ server {s3}; }}
map "" $yingbi_s3_host {{ default {s3}; }}
map "" $yingbi_s3_scheme {{ default http; }}
"""


class Proxy:
    """nginx in front of `servers` (addresses); blobs from `s3` (host:port), or from a folder.

    With a `certificate` (PEM, with its key) it speaks TLS as the shipped front.conf says.
    """

    def __init__(
        self,
        folder: Path,
        servers: list[str],
        *,
        s3: str = "",
        blobs: str = "",
        certificate: Path | None = None,
    ) -> None:
        folder.mkdir()
        self._folder, self._log = folder, folder / "nginx.log"
        with socket.socket() as door:
            door.bind(("127.0.0.1", 0))
            self.port = door.getsockname()[1]
        shutil.copy(SHIPPED / "nginx.conf", folder)
        shutil.copy(
            SHIPPED / ("blobs-s3.conf" if s3 else "blobs-folder.conf"), folder / "blobs.conf"
        )
        lines = " ".join(
            f"server {each.removeprefix('http://')} max_fails=2 fail_timeout=5s;"
            for each in servers
        )
        place = PLACE.format(servers=lines, s3=s3 or "127.0.0.1:9", blobs=blobs or "/nowhere")
        (folder / "place.conf").write_text(place)
        front = f"listen 127.0.0.1:{self.port};\n"
        if certificate is not None:
            self._put(certificate)
            front = self._shipped_front()
        (folder / "front.conf").write_text(front)
        self.address = f"http{'s' * bool(certificate)}://127.0.0.1:{self.port}"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(self._words(), stdout=log, stderr=log)
        self._wait()

    def _put(self, certificate: Path) -> None:
        (self._folder / "tls").mkdir(exist_ok=True)
        for name in ("chain.pem", "key.pem"):
            shutil.copy(certificate, self._folder / "tls" / name)

    def _shipped_front(self) -> str:
        shipped = (SHIPPED / "front.conf").read_text()
        ours = shipped.replace("/etc/yingbi/tls", str(self._folder / "tls"))
        one_door = re.sub(r"^listen \[.*\n", "", ours, flags=re.MULTILINE)
        return one_door.replace("listen 443", f"listen 127.0.0.1:{self.port}")

    def renew(self, certificate: Path) -> None:
        """Answer with another certificate from now on, as after `nginx -s reload`."""
        self._put(certificate)
        before = self._workers()
        self._process.send_signal(signal.SIGHUP)
        until(lambda: self._workers() - before, f"nginx did not reload: {self.log}")

    def _workers(self) -> set[str]:
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        return set(children.read_text().split())

    def _words(self) -> list[str]:
        ours = f" user {pwd.getpwuid(os.geteuid()).pw_name};" if os.geteuid() == 0 else ""
        more = f"daemon off; pid {self._folder}/nginx.pid;{ours}"
        return [
            "nginx",
            "-p",
            str(self._folder),
            "-c",
            str(self._folder / "nginx.conf"),
            "-g",
            more,
        ]

    def _wait(self) -> None:
        give_up = time.monotonic() + STARTS_WITHIN_S
        while time.monotonic() < give_up and self._process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        self.close()
        raise AssertionError(self.log)

    @property
    def log(self) -> str:
        return self._log.read_text()

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(STARTS_WITHIN_S)
