"""Several web processes on PostgreSQL: one port, all of them at work, none missed when it dies."""

import os
import signal
import time
from pathlib import Path

import pytest
import requests

from tests.simulators.postgresql import PostgreSQL
from tests.simulators.server_process import Home

SEVERAL = 3


@pytest.fixture
def server(server_process, tmp_path):
    cluster = PostgreSQL()
    settings = tmp_path / "server.toml"
    settings.write_text(f"[web]\nprocesses = {SEVERAL}\n")
    home = Home(tmp_path / "data", str(cluster.folder), "postgres")
    home.command("init")
    started = server_process(home=home, YINGBI_SERVER_CONFIG=str(settings))
    yield started
    if started.process.poll() is None:
        started.end()
    cluster.remove()


def children(server):
    listed = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    return {int(pid) for pid in listed}


def is_answered(server):
    return requests.get(f"{server.address}/health", timeout=10).ok


def test_a_process_that_dies_is_started_anew_and_all_end_together(server):
    first = children(server)
    assert len(first) == SEVERAL
    server.expects_log("it is started anew")
    os.kill(next(iter(first)), signal.SIGKILL)
    deadline = time.monotonic() + 60
    while len(children(server) - first) < 1:
        assert is_answered(server), "the others answer meanwhile"
        assert time.monotonic() < deadline
    assert is_answered(server)
    last = children(server)
    server.end()
    assert not [pid for pid in last if Path(f"/proc/{pid}").exists()]


def test_several_processes_on_sqlite_are_refused(server_home, tmp_path):
    settings = tmp_path / "server.toml"
    settings.write_text("[web]\nprocesses = 2\n")
    home = server_home()
    if home.cluster:
        home = Home(home.data, None, "")
    done = home.command("--config", settings, "run", status=os.EX_CONFIG)
    assert "need PostgreSQL" in done.stderr
