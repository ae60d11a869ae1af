"""Chromium in a child, spoken to over a pipe (Chrome DevTools Protocol); nothing of it is left.

It has a fresh profile, no window, no file, no download, limits of time and size, and one way out:
the proxy that its caller names.  It runs below everything else.  Its own sandbox holds the pages;
Chromium refuses that only to root (`--no-sandbox`), as whom the server is not meant to run.
"""

import contextlib
import os
import select
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

__all__ = ["Broken", "Browser", "TookTooLong", "program"]

#: Under these names distributions have it.
NAMES = ("chromium", "chromium-browser", "google-chrome-stable")

#: What each of its processes may take: processor seconds, bytes of memory that it writes, bytes of
#: a file, open files.  (Address space it reserves by the terabyte, so that is no measure.)
CPU_S, MEMORY_BYTES, FILE_BYTES, OPEN_FILES = 120, 4 << 30, 256 << 20, 4096

#: The longest message that is read; a picture of a wall is a few million bytes.
MESSAGE_BYTES = 64 << 20

_SWITCHES = (
    "--headless", "--remote-debugging-pipe", "--disable-gpu", "--disable-dev-shm-usage",
    "--no-first-run", "--no-default-browser-check", "--disable-extensions", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-default-apps",
    "--disable-domain-reliability", "--disable-breakpad",
    "--disable-quic", "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--proxy-bypass-list=<-loopback>", "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    "--disable-features=DnsOverHttps,AsyncDns,MediaRouter,OptimizationHints,Translate",
    "--hide-scrollbars", "--mute-audio", "--deny-permission-prompts", "--password-store=basic",
    "--js-flags=--max-old-space-size=512", "--lang=zh-CN",
)  # fmt: skip

#: It listens on descriptor 3 and speaks on 4.
_PLUMBED = 'exec "$@" 3<&0 4>&1 </dev/null >/dev/null'


class Broken(Exception):  # noqa: N818  (named after its cause)
    """The browser ended, crashed, or said what nobody understands."""


class TookTooLong(Exception):  # noqa: N818
    """What was waited for did not come in time."""


def program() -> str | None:
    """Where the browser is; None: it is not installed."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


class Browser:
    """One browser, from `with` to its end; `hear` takes all that it says."""

    def __init__(
        self,
        executable: str,
        *,
        proxy: str,
        timezone: str,
        hear: Callable[[dict[str, Any]], None],
        whole_s: float,
    ) -> None:
        self._hear = hear
        self._deadline = time.monotonic() + whole_s
        self._next, self._rest = 0, b""
        # Not in our data: the path of its socket may have 107 bytes at most.
        self._folder = tempfile.TemporaryDirectory(
            prefix="yingbi-page-", ignore_cleanup_errors=True
        )
        folder = Path(self._folder.name)
        try:
            self._start(_command(executable, proxy, folder), _environment(folder, timezone))
        except OSError as error:
            self._folder.cleanup()
            raise Broken("it does not start") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._child.pid, signal.SIGKILL)
        self._child.wait()
        os.close(self._to)
        os.close(self._from)
        self._folder.cleanup()

    def send(self, method: str, params: Mapping[str, Any] | None = None, session: str = "") -> int:
        """Say something without waiting for the answer; returns the number of the message."""
        self._next += 1
        said: dict[str, Any] = {"id": self._next, "method": method, "params": dict(params or {})}
        if session:
            said["sessionId"] = session
        try:
            _write(self._to, msgspec.json.encode(said) + b"\0")
        except OSError as error:
            raise Broken("it does not listen any more") from error
        return self._next

    def call(
        self, method: str, params: Mapping[str, Any] | None = None, session: str = ""
    ) -> dict[str, Any]:
        """Say something and return its result.  Raises `Broken`, `TookTooLong`."""
        number = self.send(method, params, session)
        while True:
            message = self._read(self._deadline)
            if message.get("id") != number:
                continue
            if "error" in message:
                raise Broken(f"{method}: {message['error'].get('message', '')}")
            return dict(message.get("result", {}))

    def listen(self, until: Callable[[], bool], within_s: float) -> bool:
        """Hear what it says until `until` says enough; returns whether it did in time."""
        end = time.monotonic() + within_s
        while not until():
            try:
                self._read(min(end, self._deadline))
            except TookTooLong:
                if time.monotonic() >= self._deadline:
                    raise
                return False
        return True

    def _start(self, argv: list[str], environment: Mapping[str, str]) -> None:
        theirs_in, self._to = os.pipe()
        self._from, theirs_out = os.pipe()
        try:
            self._child = subprocess.Popen(
                ["/bin/sh", "-c", _PLUMBED, "sh", *argv],
                stdin=theirs_in,
                stdout=theirs_out,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                env=environment,
            )
        except OSError:
            os.close(self._to)
            os.close(self._from)
            raise
        finally:
            os.close(theirs_in)
            os.close(theirs_out)

    def _read(self, deadline: float) -> dict[str, Any]:
        """The next message; it is heard before.  Raises `Broken`, `TookTooLong`."""
        while b"\0" not in self._rest:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self._from], [], [], left)[0]:
                raise TookTooLong
            chunk = os.read(self._from, 1 << 20)
            if not chunk:
                raise Broken("it ended")
            self._rest += chunk
            if len(self._rest) > MESSAGE_BYTES:
                raise Broken("it said something without end")
        text, _, self._rest = self._rest.partition(b"\0")
        try:
            message: dict[str, Any] = msgspec.json.decode(text, type=dict)
        except msgspec.MsgspecError as error:
            raise Broken("it said what nobody understands") from error
        self._hear(message)
        return message


def _write(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]


def _command(executable: str, proxy: str, folder: Path) -> list[str]:
    limits = [
        "prlimit", "--core=0", f"--cpu={CPU_S}", f"--data={MEMORY_BYTES}",
        f"--fsize={FILE_BYTES}", f"--nofile={OPEN_FILES}", "--",
    ]  # fmt: skip
    own = [f"--user-data-dir={folder / 'profile'}", f"--proxy-server={proxy}"]
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    return [*limits, "nice", "-n", "10", executable, *_SWITCHES, *own, *root, "about:blank"]


def _environment(folder: Path, timezone: str) -> dict[str, str]:
    """Nothing of ours: no password, no address of a database, no proxy of the machine."""
    home = str(folder)
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "TZ": timezone,
        "HOME": home,
        "TMPDIR": home,
        "XDG_CONFIG_HOME": home,
        "XDG_CACHE_HOME": home,
        "XDG_RUNTIME_DIR": home,
    }
