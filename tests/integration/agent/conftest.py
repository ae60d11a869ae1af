"""A box, a content server, and an agent between them: in this process, or one of its own."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from config.loader import load
from content_cache.disk import Disk, RealDisk
from content_cache.generations import Generations
from content_cache.leash import NetworkLimits
from player.agent.app import Agent, Ports
from player.agent.secrecy import Secrets
from player.bulletin import Bulletin, read_bulletin
from tests.simulators.content_server import ContentServer
from tests.simulators.moved_clock import MovedClock
from tests.simulators.publisher import NOW
from tests.simulators.site import Site

QUICK = NetworkLimits(connect_s=5.0, headers_s=5.0, document_s=10.0, silence_s=3.0)


class TestBox:
    """A box with its settings and its cache, and agents that run there in this process."""

    __test__ = False

    def __init__(self, folder: Path, server: str, **settings: str) -> None:
        self.folder, self.cache = folder, folder / "cache"
        folder.mkdir(parents=True, exist_ok=True)
        self.settings = folder / "player.toml"
        self.clock = MovedClock(NOW)
        self.stop = threading.Event()
        self.configure(server, **settings)

    def configure(self, server: str, **settings: str) -> None:
        """Write the settings; `settings` are lines by dotted key with `__` for the dot."""
        tables: dict[str, list[str]] = {
            "cache": [f'directory = "{self.cache}"', "min_free_gib = 0.1"],
            "server": [f'urls = ["{server}"]', "poll_interval_s = 5"],
        }
        for key, value in settings.items():
            table, _, name = key.partition("__")
            tables.setdefault(table, []).append(f"{name} = {value}")
        lines = [line for table, rows in tables.items() for line in (f"[{table}]", *rows)]
        self.settings.write_text("\n".join(lines) + "\n")

    def agent(self, disk: Disk | None = None, private_disk: Disk | None = None) -> Agent:
        ports = Ports(
            self.stop,
            clock=self.clock,
            disk=disk or RealDisk(),
            private_disk=private_disk or RealDisk(0o600),
            limits=QUICK,
            chance=lambda: 0.5,
        )
        return Agent(load(self.settings).settings, ports, Secrets())

    def shows(self) -> int | None:
        current = Generations(self.cache, RealDisk()).current()
        return current.manifest.version if current else None

    def bulletin(self) -> Bulletin:
        return read_bulletin(self.cache, RealDisk())

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """`yingbi-agent` in a process of its own."""
        return subprocess.run(
            [sys.executable, "-m", "player.agent", *arguments, "--config", str(self.settings)]
            if "status" not in arguments
            else [
                sys.executable,
                "-m",
                "player.agent",
                "--config",
                str(self.settings),
                *arguments,
            ],
            env=os.environ | environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def at(self, now: datetime) -> None:
        self.clock.wall = now


@pytest.fixture
def site() -> Site:
    return Site(b"first picture", b"second picture")


@pytest.fixture
def server(site: Site) -> Iterator[ContentServer]:
    with ContentServer(site) as running:
        yield running


@pytest.fixture
def box(tmp_path: Path, server: ContentServer) -> TestBox:
    return TestBox(tmp_path / "box", server.url)
