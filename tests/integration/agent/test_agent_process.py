"""`yingbi-agent` as a process: pairs, follows publications, reports, ends in time, runs once."""

import json
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from player.bulletin import PairingCard
from tests.integration.agent.conftest import TestBox
from tests.integration.agent.running import running
from tests.simulators.content_server import ContentServer


def await_true(what: str, is_so: Callable[[], object], timeout_s: float = 30.0) -> None:
    until = time.monotonic() + timeout_s
    while not is_so():
        assert time.monotonic() < until, f"{what} did not happen within {timeout_s:g} s"
        time.sleep(0.02)


def card(box: TestBox) -> PairingCard:
    return box.bulletin().pairing or PairingCard()


def test_a_box_is_paired_and_follows_what_is_published(
    box: TestBox, server: ContentServer, tmp_path: Path
) -> None:
    box.configure(server.url, server__poll_interval_s="3600")
    with running(box.settings, tmp_path / "log") as agent:
        await_true("the code is shown", lambda: card(box).code)
        server.claim(card(box).code)
        await_true("the first release is current", lambda: box.shows() == server.site.version)
        assert server.await_heard("heartbeat")["generation"]["version"]
        server.await_heard("listening")
        version = server.publish(b"something new")
        await_true("the push brings the news", lambda: box.shows() == version)
        await_true("the receipt arrives", lambda: len(server.reports("receipt")) == 2)
        assert server.reports("receipt")[1]["version"] == version
        agent.terminate()
        assert agent.wait(3.0) == 0


def test_without_push_a_poll_brings_the_news(
    box: TestBox, server: ContentServer, tmp_path: Path
) -> None:
    server.pushes = False
    with running(box.settings, tmp_path / "log"):
        await_true("the code is shown", lambda: card(box).code)
        server.claim(card(box).code)
        await_true("the first release is current", lambda: box.shows() == server.site.version)
        version = server.publish(b"something new")
        await_true("a poll brings the news", lambda: box.shows() == version)


def test_once_says_that_the_box_is_not_paired_and_gives_the_code(
    box: TestBox, server: ContentServer
) -> None:
    ended = box.run("--once")
    assert ended.returncode == 69
    assert server.code() in ended.stderr


def test_once_makes_the_newest_release_current_and_reports(
    box: TestBox, server: ContentServer
) -> None:
    server.enrolment_keys.add("one-time-key-0123456789")
    box.configure(server.url, server__enrolment_key='"one-time-key-0123456789"')
    ended = box.run("--once")
    assert ended.returncode == 0
    assert "activated" in ended.stdout
    assert "one-time-key" not in ended.stdout + ended.stderr
    assert box.shows() == server.site.version
    assert len(server.heartbeats) == 1
    assert [report["version"] for report in server.reports("receipt")] == [server.site.version]
    assert "unchanged" in box.run("--once").stdout


def test_a_server_that_is_away_is_said_with_its_status(box: TestBox, server: ContentServer) -> None:
    box.configure("http://127.0.0.1:9")
    ended = box.run("--once")
    assert ended.returncode == 69
    assert "127.0.0.1:9" in ended.stderr


def test_settings_without_a_server_are_a_matter_of_configuration(box: TestBox) -> None:
    box.settings.write_text(f'[cache]\ndirectory = "{box.cache}"\n')
    assert box.run("--once").returncode == 78


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"server__urls": '["http://10.1.2.3"]'}, "in clear text"),
        ({"server__ca_file": '"/nowhere/ca.pem"'}, "the CA file cannot be used"),
    ],
)
def test_what_would_never_work_is_a_matter_of_configuration_too(
    box: TestBox, settings: dict[str, str], sentence: str
) -> None:
    lines = [f"{key.partition('__')[2]} = {value}" for key, value in settings.items()]
    urls = [] if "server__urls" in settings else ['urls = ["http://127.0.0.1:9"]']
    text = [f'[cache]\ndirectory = "{box.cache}"', "[server]", *urls, *lines]
    box.settings.write_text("\n".join(text))
    ended = box.run("--once")
    assert ended.returncode == 78
    assert sentence in ended.stderr


def test_a_second_agent_on_one_cache_ends_with_75(
    box: TestBox, server: ContentServer, tmp_path: Path
) -> None:
    with running(box.settings, tmp_path / "log"):
        await_true("the first one runs", lambda: card(box).code)
        second = box.run("--once")
    assert second.returncode == 75
    assert "yingbi-agent, process" in second.stderr


def test_status_needs_neither_server_nor_agent(box: TestBox, server: ContentServer) -> None:
    box.run("--once")
    code = server.code()
    server.instead = lambda _method, _name: (500, b"", "text/plain")
    ended = box.run("status")
    assert ended.returncode == 0
    assert f"{code[:3]} {code[3:]}" in ended.stdout
    assert "not paired yet" in ended.stdout
    assert "not running" in ended.stdout
    as_json = json.loads(box.run("status", "--json").stdout)
    assert (as_json["pairing_code"], as_json["paired"]) == (code, False)


def test_status_of_a_box_that_never_ran_is_an_answer_too(box: TestBox) -> None:
    ended = box.run("status")
    assert ended.returncode == 0
    assert "never ran here" in ended.stdout


def test_an_agent_that_hangs_at_the_network_ends_within_three_seconds(
    box: TestBox, server: ContentServer, tmp_path: Path
) -> None:
    """A server that takes the request and never answers."""
    hold = {"open": True}

    def silence(_method: str, _name: str) -> None:
        while hold["open"] and not server.closing.is_set():
            time.sleep(0.05)

    with running(box.settings, tmp_path / "log") as agent:
        server.instead = silence
        await_true("something is asked", lambda: server.requests)
        agent.terminate()
        try:
            assert agent.wait(3.0) == 0
        except subprocess.TimeoutExpired:
            raise AssertionError("it did not end in time") from None
        finally:
            hold["open"] = False
