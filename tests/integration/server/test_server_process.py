"""The real process: it answers, says so to systemd, ends at once when told to, and says no more."""

import signal

import pytest
import requests


def test_it_answers_when_it_says_ready(server_process):
    server = server_process()
    assert requests.get(f"{server.address}/health", timeout=10).json() == {"status": "ok"}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_well_when_told_to(server_process, number):
    server = server_process()
    server.end(number)
    assert server.process.returncode == 0
