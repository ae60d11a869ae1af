"""A sync pass as a process: told to stop, and with name servers that never answer."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from content_cache.outcome import Ending
from manifest.trust_state import encode_state
from tests.simulators.hostile_server import ServerProcess
from tests.simulators.site import Site, SiteFetcher, Wall

ROOT = Path(__file__).parents[2]
BLOB = os.urandom(400_000)


def command(wall: Wall, paired: Path, base: str, connect_s: float = 10.0) -> list[str]:
    program = ["-m", "tests.integration.sync_process"]
    return [sys.executable, *program, str(wall.root), str(paired), base, str(connect_s)]


@pytest.fixture
def site() -> Site:
    return Site(BLOB)


@pytest.fixture
def paired(tmp_path: Path, site: Site) -> Path:
    path = tmp_path / "paired"
    path.write_bytes(encode_state(site.paired))
    return path


def test_sigterm_in_the_middle_of_a_stalled_transfer_ends_it_and_loses_nothing(
    tmp_path: Path, site: Site, paired: Path
) -> None:
    """P13: at once, not when the stall timer (30 s) or the server lets go."""
    wall = Wall(tmp_path / "cache", site.paired)
    with ServerProcess(tmp_path / "site") as server:
        site.write_to(server)
        server.fault("blob", "half open")
        process = subprocess.Popen(
            command(wall, paired, server.base), stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=15)
    assert process.returncode == 0
    assert "ended cancelled" in said
    assert wall.shows() is None
    outcome = wall.sync(SiteFetcher(site))
    assert outcome.ending is Ending.ACTIVATED
    assert 0 < outcome.bytes_fetched < len(BLOB)
    assert f"{outcome.bytes_fetched:,} bytes left" in said


@pytest.mark.root
def test_name_servers_that_never_answer_end_a_pass_at_its_deadline(
    tmp_path: Path, site: Site, paired: Path
) -> None:
    """N02, for real: a name server on loopback takes every question and answers none."""
    wall = Wall(tmp_path / "cache", site.paired)
    resolver = tmp_path / "resolv.conf"
    resolver.write_text("nameserver 127.0.0.1\noptions timeout:30 attempts:3\n")
    hosts = tmp_path / "nsswitch.conf"
    hosts.write_text("hosts: dns\n")
    silent = (
        "import socket, subprocess, sys; s = socket.socket(type=socket.SOCK_DGRAM); "
        "s.bind(('127.0.0.1', 53)); code = subprocess.call(sys.argv[1:]); "
        "s.setblocking(False); print('asked', len(s.recv(512)) > 0); sys.exit(code)"
    )
    script = (
        f"ip link set lo up && mount --bind {resolver} /etc/resolv.conf && "
        f'mount --bind {hosts} /etc/nsswitch.conf && exec "$@"'
    )
    inside = command(wall, paired, "http://signage.example:8000", 1.0)
    done = subprocess.run(
        ["unshare", "-mn", "sh", "-ec", script, "sh", sys.executable, "-c", silent, *inside],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=60,
        check=False,
    )
    if done.stderr.startswith("unshare: "):
        pytest.skip(f"NO NAMESPACES HERE, silent name servers are not tested: {done.stderr}")
    assert done.returncode == 0, done.stderr
    assert "ended unreached: http://signage.example:8000" in done.stdout
    assert "is too slow: connecting took longer than its limit" in done.stdout
    assert "asked True" in done.stdout  # it was the name server that was waited for
