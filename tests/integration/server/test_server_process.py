"""The real process: it answers, says so to systemd, ends at once when told to, and says no more."""

import os
import re
import signal
import socket
import time
from pathlib import Path

import pytest
import requests

from tests.simulators.postgresql import PostgreSQL
from tests.simulators.server_process import Home


def test_it_answers_when_it_says_ready(server_process):
    server = server_process()
    assert requests.get(f"{server.address}/health", timeout=10).json() == {"status": "ok"}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_well_when_told_to(server_process, number):
    server = server_process()
    server.end(number)
    assert server.process.returncode == 0


def test_it_ends_although_somebody_says_half_a_sentence(server_process):
    # Django leaves the body that it was reading to the garbage collector.
    server = server_process(PYTHONWARNINGS="default")
    host, port = server.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as slow:
        slow.sendall(
            b"POST /api/v1/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n\r\nhalf"
        )
        server.end()


def test_nothing_is_made_by_a_start_without_init(server_home):
    home = server_home()
    (home.data / "secret-key").unlink()
    done = home.command("run", "--port", "0", status=os.EX_CONFIG)
    assert "make one with 'yingbi-server init'" in done.stderr


def test_a_port_that_is_taken_is_said_so(server_home):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = server_home().command("run", "--port", port, status=os.EX_UNAVAILABLE)
    assert f"cannot listen on 127.0.0.1:{port}" in done.stderr
    assert "Traceback" not in done.stderr


def test_settings_with_mistakes_are_told_at_once(server_home, tmp_path):
    file = tmp_path / "server.toml"
    file.write_text('[web]\nport = 0\nlisten = "everywhere"\n')
    done = server_home().command("--config", file, "run", status=os.EX_CONFIG)
    assert done.stderr.count("server.toml:") == 2


def test_a_secret_key_that_others_may_read_stops_the_start(server_home):
    home = server_home()
    (home.data / "secret-key").chmod(0o644)
    done = home.command("run", "--port", "0", status=os.EX_CONFIG)
    assert "yingbi.E002" in done.stderr
    assert "chmod 600" in done.stderr


def test_init_again_changes_nothing(server_home):
    home = server_home()
    before = (home.data / "secret-key").read_bytes()
    assert "up to date" in home.command("init").stdout
    assert (home.data / "secret-key").read_bytes() == before


def test_the_code_of_init_is_offered_until_there_is_an_administrator(server_home):
    home = server_home()
    assert "with the code" in home.command("init").stdout
    home.command("user", "first", "admin", "--password-stdin", stdin="a lantern over the gate\n")
    assert "with the code" not in home.command("init").stdout


def test_nobody_else_may_read_the_data_folder(server_home, server_process):
    server = server_process()
    requests.get(f"{server.address}/health", timeout=10)
    open_to_others = [
        path for path in [server.data, *server.data.glob("*")] if path.stat().st_mode & 0o077
    ]
    assert not open_to_others


def test_no_secret_stands_in_the_log(server_process):
    server = server_process(YINGBI_SERVER_CONFIG=str(_loud(server_process)))
    canary = "yba_CanaryCanaryCanaryCanaryCanaryCanaryCanary"
    for address in (f"/api/v1/x?token={canary}", "/player/v1/manifest", "/login/"):
        requests.get(
            server.address + address,
            headers={"Authorization": f"Bearer {canary}", "Cookie": f"session={canary}"},
            timeout=10,
        )
    server.end()
    assert "GET" in server.log, "the log of requests is on"
    assert "Canary" not in server.log
    assert (server.data / "secret-key").read_text().strip() not in server.log


def _loud(server_process):
    file = Path(os.environ["YINGBI_DATA"]) / "loud.toml"
    file.write_text('[log]\nlevel = "debug"\nrequests = true\n')
    return file


def test_the_idle_process_is_small(server_process):
    """With its worker and chores: the figure is in docs/server.md; here it may not double."""
    server = server_process()
    for _ in range(20):
        requests.get(f"{server.address}/login/", timeout=10)
    rollup = Path(f"/proc/{server.pid}/smaps_rollup").read_text()
    pss_mib = int(re.search(r"^Pss:\s+(\d+)", rollup, re.MULTILINE)[1]) / 1024
    print(f"idle PSS {pss_mib:.0f} MiB")
    assert pss_mib < 130


class OwnCluster(Home):
    """A home on a PostgreSQL that a test may stop."""


@pytest.fixture
def cluster():
    own = PostgreSQL()
    yield own
    own.remove()


def test_while_postgresql_is_down_it_says_so_and_goes_on_afterwards(
    cluster, server_process, tmp_path
):
    home = OwnCluster(tmp_path / "data", str(cluster.folder), "postgres")
    home.command("init")
    server = server_process(home=home)
    asked = {"Cookie": "session=abcdefghijklmnopqrstuvwxyz012345"}

    def ask(path):
        answer = requests.get(server.address + path, headers=asked, timeout=30)
        assert "Traceback" not in answer.text
        return answer.status_code

    before = ask("/player/v1/manifest")
    cluster.stop()
    down = [ask(path) for path in ["/player/v1/manifest", "/login/", "/"] * 5]
    assert 500 not in down, "a storm of bugs instead of an answer"
    assert ask("/health") == 200
    cluster.start()
    deadline = time.monotonic() + 60
    while ask("/player/v1/manifest") != before:
        assert time.monotonic() < deadline
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(20) == 0
    lines = [line for line in server.log.splitlines() if " ERROR " in line]
    assert "Traceback" not in server.log
    assert sum("waiting for the database" in line for line in lines) <= 1
    server.expected = [line[line.index(" ERROR ") :] for line in lines]
    server.expected += [
        line[line.index(" WARNING ") :] for line in server.log.splitlines() if " WARNING " in line
    ]
