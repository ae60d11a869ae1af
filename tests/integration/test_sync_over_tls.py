"""Rows N18 and N19: certificates that prove nothing, and a listener that a trusted CA let in."""

import os
import socket
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from content_cache.fetch_errors import Cancelled, TlsFailed, TooSlow
from content_cache.fetcher import MANIFEST
from content_cache.http_fetcher import HttpFetcher
from content_cache.leash import NetworkLimits
from content_cache.outcome import Ending, SyncOutcome
from tests.simulators.certificates import Authority
from tests.simulators.descriptors import descriptors
from tests.simulators.hostile_server import ServerProcess
from tests.simulators.site import Site, Wall

OLD, NEW = os.urandom(50_000), os.urandom(200_000)


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "ca")


@pytest.fixture
def site() -> Site:
    return Site(OLD)


@pytest.fixture
def wall(tmp_path: Path, site: Site) -> Wall:
    return Wall(tmp_path / "cache", site.paired)


def sync(wall: Wall, server: ServerProcess, ca_file: Path) -> SyncOutcome:
    with closing(HttpFetcher([server.base], ca_file=ca_file)) as fetcher:
        return wall.sync(fetcher)


def test_a_server_with_a_good_certificate_is_believed_and_its_connection_kept(
    tmp_path: Path, authority: Authority, site: Site, wall: Wall
) -> None:
    with ServerProcess(tmp_path / "site", authority.issue()) as server:
        site.write_to(server)
        held = descriptors()
        assert sync(wall, server, authority.file).ending is Ending.ACTIVATED
        assert server.requests().count("connection") <= 2  # documents, and one blob
        assert descriptors() == held
        site.publish(NEW)
        site.write_to(server)
        server.fault("blob", "rst", times=2)  # over TLS, too, a transfer goes on by range
        assert sync(wall, server, authority.file).bytes_fetched == len(NEW)
    assert wall.shows() == site.version


@pytest.mark.parametrize(
    ("certificate", "reason"),
    [
        (Authority.expired, "certificate has expired"),
        (Authority.not_yet_valid, "certificate is not yet valid"),
        (lambda authority: authority.issue("other.example"), "IP address mismatch"),
    ],
)
def test_a_bad_certificate_is_named_and_the_wall_stays(
    tmp_path: Path, authority: Authority, certificate: Callable[[Authority], Path], reason: str
) -> None:
    site = Site(OLD)
    wall = Wall(tmp_path / "cache", site.paired)
    with ServerProcess(tmp_path / "site", authority.issue()) as server:
        site.write_to(server)
        sync(wall, server, authority.file)
    before = wall.shows()
    site.publish(NEW)
    with ServerProcess(tmp_path / "bad", certificate(authority)) as server:
        site.write_to(server)
        held = descriptors()
        outcome = sync(wall, server, authority.file)
        assert descriptors() == held
    assert (outcome.ending, outcome.faults[0].code) == (Ending.UNREACHED, "TLS")
    assert reason in outcome.faults[0].sentence
    assert wall.shows() == before


def test_an_unknown_authority_is_refused_and_the_systems_are_no_help(
    tmp_path: Path, authority: Authority, site: Site, wall: Wall
) -> None:
    stranger = Authority(tmp_path / "stranger", "Another CA")
    with ServerProcess(tmp_path / "site", authority.issue()) as server:
        site.write_to(server)
        for ca_file in (stranger.file, None):
            with closing(HttpFetcher([server.base], ca_file=ca_file)) as fetcher:
                outcome = wall.sync(fetcher)
            assert outcome.faults[0].code == "TLS"
            assert "unable to get local issuer certificate" in outcome.faults[0].sentence


def test_a_listener_with_a_trusted_certificate_can_show_nothing_of_its_own(
    tmp_path: Path, authority: Authority, site: Site, wall: Wall
) -> None:
    """N19: TLS is not what the wall relies on; signatures and digests are."""
    with ServerProcess(tmp_path / "site", authority.issue()) as server:
        site.write_to(server)
        sync(wall, server, authority.file)
        before = wall.shows()
        site.publish(OLD, NEW)
        attacker = Site(b"not approved")
        attacker.publisher.new_keys("publisher")
        attacker.publisher.new_keys("freshness")
        attacker.sign()
        attacker.write_to(server)
        outcome = sync(wall, server, authority.file)
        assert (outcome.ending, outcome.faults[0].code) == (Ending.REFUSED, "SIGNATURE")
        site.write_to(server)
        server.fault("blob", "swapped")
        outcome = sync(wall, server, authority.file)
        assert (outcome.ending, outcome.faults[0].code) == (Ending.INCOMPLETE, "BLOB_BAD")
        server.fault("manifest", "swapped")
        assert sync(wall, server, authority.file).ending is Ending.REFUSED
        assert wall.shows() == before
        server.fault("*", None)
        assert sync(wall, server, authority.file).ending is Ending.ACTIVATED


def test_a_handshake_that_never_ends_is_given_up_or_stopped() -> None:
    with socket.socket() as silent:  # accepts, and says nothing
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        base = f"https://127.0.0.1:{silent.getsockname()[1]}"
        with (
            closing(HttpFetcher([base], limits=NetworkLimits(connect_s=0.4))) as fetcher,
            pytest.raises(TooSlow, match="connecting took longer"),
        ):
            fetcher.document(MANIFEST)
        stop = threading.Event()
        timer = threading.Timer(0.3, stop.set)
        timer.start()
        with (
            closing(HttpFetcher([base], stop=stop)) as fetcher,
            pytest.raises(Cancelled),
        ):
            fetcher.document(MANIFEST)
        timer.join()


@pytest.mark.parametrize("content", [None, b"", b"no certificate"])
def test_a_ca_file_that_holds_none_is_said_at_the_start(
    tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(TlsFailed, match="the CA file cannot be used"):
        HttpFetcher(["https://signage.example"], ca_file=path)
