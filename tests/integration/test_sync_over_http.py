"""The network matrix: whatever a real, hostile server does, the wall keeps its last good picture.

Rows N01–N26 of the fault catalogue that one machine can play, each for every kind of thing that is
fetched.  For each: the generation stays, the outcome names the cause, no descriptor and no thread
is left, and the next honest answer leads to the newest release.
"""

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from content_cache.http_fetcher import HttpFetcher
from content_cache.leash import NetworkLimits
from content_cache.outcome import Ending, SyncOutcome
from tests.simulators.descriptors import descriptors, threads
from tests.simulators.hostile_answers import BOMB_BYTES
from tests.simulators.hostile_server import ServerProcess
from tests.simulators.patience import SHORT
from tests.simulators.site import Site, Wall, digest_of

#: The faults that end only because our patience does.
SLOW = frozenset({"hang", "half open", "drip", "slow headers"})
OLD, NEW = os.urandom(50_000), os.urandom(200_000)

#: What befalls every request, and the codes that name it: for a document, and for a blob.
MATRIX = {
    "reset": ("OFFLINE", "OFFLINE"),  # N01
    "hang": ("STALL", "STALL"),
    "status 500": ("REFUSED", "REFUSED"),  # N03
    "status 502": ("REFUSED", "REFUSED"),
    "status 503": ("REFUSED", "REFUSED"),
    "status 429": ("REFUSED", "REFUSED"),
    "status 401": ("TOKEN_REFUSED", "TOKEN_REFUSED"),
    "half open": ("STALL", "STALL"),  # N04
    "drip": ("STALL", "STALL"),  # N05
    "slow headers": ("STALL", "STALL"),  # N06
    "endless headers": ("OFFLINE", "OFFLINE"),
    "endless header line": ("OFFLINE", "OFFLINE"),
    "no http": ("OFFLINE", "OFFLINE"),
    "rst": ("CUT", "CUT"),  # N07
    "short": ("CUT", "CUT"),  # N08
    "length too small": ("MALFORMED", "WRONG_CONTENT"),  # N09
    "endless chunked": ("TOO_LARGE", "SIZE_MISMATCH"),  # N10
    "endless trailers": ("TOO_LARGE", "TOO_LARGE"),
    "endless": ("TOO_LARGE", "SIZE_MISMATCH"),
    "gzip bomb": ("TOO_LARGE", "WRONG_CONTENT"),  # N11
    "brotli": ("WRONG_CONTENT", "WRONG_CONTENT"),
    "portal": ("CAPTIVE_PORTAL", "CAPTIVE_PORTAL"),  # N12, N13
    "portal in disguise": ("CAPTIVE_PORTAL", "WRONG_CONTENT"),
    "portal 511": ("CAPTIVE_PORTAL", "CAPTIVE_PORTAL"),
    "redirect loop": ("REDIRECT", "REDIRECT"),  # N14
    "redirect to http": ("REDIRECT", "REDIRECT"),
    "redirect to another host": ("REDIRECT", "REDIRECT"),
    "redirect to nonsense": ("REDIRECT", "REDIRECT"),
    "endless redirect": ("REDIRECT", "REDIRECT"),
    "other version": ("MALFORMED", "BLOB_BAD"),  # N16
    "swapped": ("MALFORMED", "BLOB_BAD"),  # N16, N19
    "wrong range": ("REFUSED", "REFUSED"),
    "proxy": ("PROXY", "PROXY"),  # N25
    "empty": ("WRONG_CONTENT", "WRONG_CONTENT"),  # N26
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with ServerProcess(tmp_path_factory.mktemp("site")) as process:
        yield process


@pytest.fixture(autouse=True)
def few_attempts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of them waits for the patience to end."""
    monkeypatch.setattr("content_cache.download.ATTEMPTS_LIMIT", 3)


@pytest.fixture
def site(server: ServerProcess) -> Site:
    server.fault("*", None)
    server.requests()
    made = Site(OLD)
    made.write_to(server)
    return made


@pytest.fixture
def wall(tmp_path: Path, server: ServerProcess, site: Site) -> Wall:
    """A wall that shows the site's first release."""
    made = Wall(tmp_path / "cache", site.paired)
    assert sync(made, server).ending is Ending.ACTIVATED
    return made


def sync(wall: Wall, server: ServerProcess, limits: NetworkLimits | None = None) -> SyncOutcome:
    with closing(HttpFetcher([server.base], token="secret", limits=limits)) as fetcher:
        return wall.sync(fetcher)


def publish(site: Site, server: ServerProcess) -> int:
    version = site.publish(OLD, NEW)
    site.write_to(server)
    return version


def codes(outcome: SyncOutcome) -> set[str]:
    return {fault.code for fault in outcome.faults}


@pytest.mark.parametrize("target", ["root", "freshness", "manifest", "blob"])
@pytest.mark.parametrize("fault", MATRIX)
def test_the_wall_stays_the_cause_is_named_and_the_newest_comes_after(
    server: ServerProcess,
    site: Site,
    wall: Wall,
    fault: str,
    target: str,
) -> None:
    before, newest = wall.shows(), publish(site, server)
    if target == "root":  # no new root is the usual case; here there is one
        site.publisher.rotate("publisher")
        site.sign()
        site.write_to(server)
    held, running = descriptors(), threads()
    server.fault(target, fault)
    outcome = sync(wall, server, SHORT if fault in SLOW else None)
    assert codes(outcome) == {MATRIX[fault][target == "blob"]}, outcome
    assert not outcome.is_good
    assert outcome.version == (newest if target == "blob" else None)
    assert wall.shows() == wall.floor() == before
    assert (descriptors(), threads()) == (held, running)
    server.fault("*", None)
    assert sync(wall, server).ending is Ending.ACTIVATED
    assert wall.shows() == wall.floor() == newest


def test_a_naive_client_takes_the_same_lies_for_success(server: ServerProcess, site: Site) -> None:
    """The negative control: these faults are real, and only the checks of ours see them."""
    import requests

    for fault in ("length too small", "portal in disguise", "swapped", "empty"):
        server.fault("blob", fault)
        answer = requests.get(f"{server.base}/player/v1/blobs/{digest_of(OLD)}", timeout=5)
        assert answer.status_code == 200
        assert answer.content != OLD
    server.fault("manifest", "gzip bomb")
    answer = requests.get(f"{server.base}/player/v1/manifest", timeout=5)
    assert len(answer.content) > BOMB_BYTES


def test_without_a_server_for_a_month_the_wall_goes_on(
    server: ServerProcess, site: Site, wall: Wall
) -> None:
    """N01, and N21: refused again and again, back in between, with nothing growing."""
    with ServerProcess(server.folder.parent / "flapping") as flapping:
        held, running, before = descriptors(), threads(), wall.shows()
        with closing(HttpFetcher([flapping.base])) as fetcher:
            for flap in range(8):
                if flap % 2:
                    site.write_to(flapping)
                    assert wall.sync(fetcher).is_good
                    flapping.stop()
                else:
                    flapping.stop()
                    assert codes(wall.sync(fetcher)) == {"OFFLINE"}
                    flapping.start()
                assert wall.shows() == before
        flapping.stop()
        assert threads() == running
        assert len(descriptors()) <= len(held)


def test_a_range_that_is_ignored_begins_again_and_is_right(
    server: ServerProcess, site: Site, wall: Wall
) -> None:
    """N15."""
    newest = publish(site, server)
    half_a_blob(wall)
    server.fault("blob", "range ignored")
    outcome = sync(wall, server)
    assert (outcome.ending, outcome.bytes_fetched) == (Ending.ACTIVATED, len(NEW))
    assert wall.shows() == newest


@pytest.mark.parametrize("fault", ["other version", "swapped", "wrong range"])
def test_a_range_of_another_version_is_dropped_and_the_blob_begins_again(
    server: ServerProcess, site: Site, wall: Wall, fault: str
) -> None:
    """N16: refused by its validator or its place, or, if it lies about both, by the digest."""
    newest = publish(site, server)
    half_a_blob(wall)
    server.fault("blob", fault, times=1)
    assert sync(wall, server).ending is Ending.ACTIVATED
    assert wall.shows() == newest
    asked = [line.split()[1] for line in server.requests() if digest_of(NEW) in line]
    assert asked == [f"bytes={len(NEW) // 2}-", "-"]


def half_a_blob(wall: Wall) -> None:
    with wall.store.part(digest_of(NEW), len(NEW)) as part:
        part.append(NEW[: len(NEW) // 2])


def test_a_cut_transfer_goes_on_by_range_in_the_same_pass_and_after_a_restart(
    server: ServerProcess, site: Site, wall: Wall
) -> None:
    """N04, N07, N08."""
    newest = publish(site, server)
    server.requests()
    server.fault("blob", "rst", times=2)
    outcome = sync(wall, server)
    assert (outcome.ending, outcome.bytes_fetched) == (Ending.ACTIVATED, len(NEW))
    assert wall.shows() == newest
    asked = [line.split()[1] for line in server.requests() if digest_of(NEW) in line]
    assert asked == ["-", "bytes=100000-", "bytes=150000-"]


def test_documents_of_yesterday_are_refused_or_no_news(
    server: ServerProcess, site: Site, wall: Wall
) -> None:
    """N17: a proxy on the way answers from its memory."""
    old = site.documents()
    newest = publish(site, server)
    assert sync(wall, server).ending is Ending.ACTIVATED
    for name, body in old.items():
        server.put(name, body)
    assert codes(sync(wall, server)) == {"ROLLBACK"}
    assert wall.shows() == newest
    server.put("freshness", site.freshness)  # this one came fresh, the manifest did not
    latest = site.publish(NEW)
    server.put("freshness", site.freshness)
    assert codes(sync(wall, server)) == {"HASH"}
    assert wall.shows() == newest
    site.write_to(server)
    assert sync(wall, server).is_good
    assert wall.shows() == latest


def test_a_thin_link_is_slow_and_not_given_up(
    server: ServerProcess, site: Site, wall: Wall
) -> None:
    """N20: 40 kB/s, far above the least rate; three transfers share it."""
    newest = publish(site, server)
    server.fault("blob", "limited")
    assert sync(wall, server).ending is Ending.ACTIVATED
    assert wall.shows() == newest


def test_the_token_goes_with_every_request_and_into_no_message(
    server: ServerProcess, site: Site, wall: Wall
) -> None:
    server.fault("*", "status 401")
    outcome = sync(wall, server)
    assert "pair the screen again" in outcome.faults[0].sentence
    assert "secret" not in str(outcome)
