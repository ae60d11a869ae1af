"""A network that wants a login, a listener with a trusted certificate, a cloned disk."""

import hashlib
import logging
import shutil
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.agent.conftest import TestBox
from tests.integration.agent.test_pairing import pair
from tests.simulators.certificates import Authority
from tests.simulators.content_server import ContentServer
from tests.simulators.publisher import NOW, Publisher
from tests.simulators.site import Site

LOGIN_PAGE = (200, b"<!DOCTYPE html><html><body>Log in</body></html>", "text/html")


@pytest.mark.expects_log("the network may want a login")
def test_behind_a_login_page_the_wall_goes_on_and_it_is_said_once(
    box: TestBox, server: ContentServer, caplog: pytest.LogCaptureFixture
) -> None:
    pair(box, server)
    before = box.shows()
    agent = box.agent()
    server.instead = lambda _method, _name: LOGIN_PAGE
    for _round in range(5):
        agent.round(box.stop)
        agent.tell_once()
    assert box.shows() == before
    assert [fault.code for fault in agent.parts.ledger.open] == ["CAPTIVE_PORTAL"]
    loud = [each for each in caplog.records if each.levelno >= logging.WARNING]
    assert len(loud) == 1
    server.instead = lambda _method, _name: None
    version = server.publish(b"the login page is gone")
    agent.round(box.stop)
    agent.tell_once()
    assert box.shows() == version
    assert agent.parts.ledger.open == ()
    told = [(each["code"], each["state"]) for each in server.reports("fault")]
    assert told == [("CAPTIVE_PORTAL", "opened"), ("CAPTIVE_PORTAL", "closed")]
    agent.close()


@pytest.fixture
def listener(tmp_path: Path) -> Iterator[tuple[ContentServer, Path]]:
    """A server with a certificate that the box trusts, and everything but our keys."""
    authority = Authority(tmp_path / "ca")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority.issue())
    with ContentServer(Site(b"ours"), context) as running:
        yield running, authority.file


class InTheMiddle:
    """What a listener with a trusted certificate can try."""

    @staticmethod
    def signs_with_other_keys(server: ContentServer) -> None:
        evil = Site(b"a slogan of somebody else")
        evil.publisher = Publisher(now=NOW, org="group")
        evil.publisher.signers = Publisher(org="evil").signers
        evil.publish(b"a slogan of somebody else")
        server.site = evil

    @staticmethod
    def plays_back_an_old_release(server: ContentServer) -> None:
        old = Site(b"last year's prices")
        old.publisher.publish(version=5)
        old.sign()
        server.site = old

    @staticmethod
    def names_another_manifest(server: ContentServer) -> None:
        site = server.site
        manifest = site.manifest
        site.publish(b"another")
        site.manifest = manifest

    @staticmethod
    def swaps_the_bytes_of_a_picture(server: ContentServer) -> None:
        server.site.publish(b"the approved picture")
        digest = hashlib.sha256(b"the approved picture").hexdigest()
        server.site.blobs[digest] = b"another  picture    "


@pytest.mark.parametrize("attack", [name for name in vars(InTheMiddle) if name[0] != "_"])
def test_a_listener_with_a_trusted_certificate_puts_nothing_on_the_wall(
    tmp_path: Path, listener: tuple[ContentServer, Path], attack: str
) -> None:
    server, ca_file = listener
    box = TestBox(tmp_path / "box", server.url, server__ca_file=f'"{ca_file}"')
    pair(box, server)
    before = box.shows()
    getattr(InTheMiddle, attack)(server)
    agent = box.agent()
    _wait_s, outcome = agent.round(box.stop)
    assert outcome is not None
    assert not outcome.is_good
    assert outcome.faults[0].severity in ("C", "W")
    assert box.shows() == before
    assert [fault.code for fault in agent.parts.ledger.open]
    agent.close()


@pytest.mark.expects_log("TLS")
def test_a_listener_without_a_trusted_certificate_hears_nothing(
    tmp_path: Path, listener: tuple[ContentServer, Path]
) -> None:
    server, _ca_file = listener
    other = Authority(tmp_path / "other", "Another CA")
    box = TestBox(tmp_path / "box", server.url, server__ca_file=f'"{other.file}"')
    agent = box.agent()
    agent.round(box.stop)
    agent.close()
    assert server.requests == []


def with_clone(box: TestBox, server: ContentServer, folder: Path) -> tuple[TestBox, TestBox]:
    """A box, and one whose disk was cloned from it after the pairing."""
    pair(box, server)
    shutil.copytree(box.cache, folder / "clone" / "cache")
    return box, TestBox(folder / "clone", server.url)


def test_two_boxes_with_one_identity_are_both_served_and_can_be_told_apart(
    box: TestBox, server: ContentServer, tmp_path: Path
) -> None:
    agents = [each.agent() for each in with_clone(box, server, tmp_path)]
    for _turn in range(2):
        for agent in agents:
            _wait_s, outcome = agent.round(box.stop)
            assert outcome is not None
            assert outcome.is_good
            agent.tell_once()
    for agent in agents:
        agent.close()
    boots = [heartbeat["boot"] for heartbeat in server.heartbeats]
    assert boots == [boots[0], boots[1]] * 2
    assert boots[0] != boots[1]


def test_reports_of_a_clone_do_not_swallow_those_of_the_original(
    box: TestBox, server: ContentServer, tmp_path: Path
) -> None:
    """Segments count by their name: two boxes must not give the same one."""
    for number, each in enumerate(with_clone(box, server, tmp_path)):
        agent = each.agent()
        agent.parts.reports.append("played", {"number": number})
        agent.tell_once()
        agent.close()
    assert sorted(report["number"] for report in server.reports("played")) == [0, 1]
