"""Tokens die, roots are pinned, keys are used up: what a box does then, and never does."""

import base64
import json
import logging

import pytest

from content_cache.disk import RealDisk
from content_cache.generations import Generations
from manifest.trust_state import decode_state, fingerprint, root_of
from tests.integration.agent.conftest import TestBox
from tests.integration.agent.test_pairing import pair
from tests.simulators.content_server import ContentServer
from tests.simulators.publisher import Publisher
from tests.simulators.site import Site

KEY = "one-time-key-0123456789"


def test_an_enrolment_key_pairs_without_a_person(box: TestBox, server: ContentServer) -> None:
    server.enrolment_keys.add(KEY)
    box.configure(server.url, server__enrolment_key=f'"{KEY}"')
    agent = box.agent()
    _wait_s, outcome = agent.round(box.stop)
    agent.close()
    assert outcome is not None
    assert box.shows() == server.site.version
    assert server.enrolment_keys == set()


@pytest.mark.expects_log("the server refuses server.enrolment_key")
def test_a_key_that_was_used_gives_way_to_a_code(box: TestBox, server: ContentServer) -> None:
    box.configure(server.url, server__enrolment_key=f'"{KEY}"')
    agent = box.agent()
    _wait_s, outcome = agent.round(box.stop)
    assert outcome is None
    assert agent.board.now.code == server.code()
    card = box.bulletin().pairing
    assert card is not None
    assert card.key_refused, "whoever stands before the slate sees why there is a code"
    agent.close()


@pytest.mark.expects_log("the server will not pair this box")
def test_a_server_that_pairs_nobody_is_told_of_and_asked_seldom(
    box: TestBox, server: ContentServer
) -> None:
    server.instead = lambda _method, _name: (403, b"{}", "application/json")
    agent = box.agent()
    wait_s, outcome = agent.round(box.stop)
    assert outcome is None
    assert wait_s >= 60
    assert [fault.code for fault in agent.parts.ledger.open] == ["PAIRING"]
    agent.close()


@pytest.mark.expects_log("the server refuses this box's token")
def test_a_revoked_token_stops_nothing_and_the_box_asks_for_a_new_one(
    box: TestBox, server: ContentServer
) -> None:
    pair(box, server)
    before = box.shows()
    server.tokens.clear()
    agent = box.agent()
    _wait_s, outcome = agent.round(box.stop)
    assert outcome is not None
    assert [fault.code for fault in outcome.faults] == ["TOKEN_REFUSED"]
    assert box.shows() == before, "what plays goes on"
    agent.round(box.stop)
    assert agent.board.now.code == server.code()
    assert agent.board.now.token_refused
    card = box.bulletin().pairing
    assert card is not None
    assert (card.code, card.is_paired) == (server.code(), False)
    server.claim(card.code)
    version = server.publish(b"after the new pairing")
    agent.round(box.stop)
    assert box.shows() == version
    assert agent.board.now.code == ""
    agent.close()


@pytest.mark.expects_log("the server refuses this box's token")
def test_a_token_that_works_again_needs_no_person(box: TestBox, server: ContentServer) -> None:
    pair(box, server)
    tokens, server.tokens = server.tokens, set()
    agent = box.agent()
    agent.round(box.stop)
    server.tokens = tokens
    agent.round(box.stop)
    assert not agent.board.now.token_refused
    assert agent.board.now.code == ""
    agent.close()


@pytest.mark.expects_log("the server refuses this box's token")
def test_a_hacked_server_cannot_bring_a_root_of_its_own_by_refusing_the_token(
    box: TestBox, server: ContentServer, site: Site
) -> None:
    """It has the database and the network, and no root key: the box pairs, and follows nothing."""
    pair(box, server)
    ours, before = fingerprint(site.publisher.roots[-1]), box.shows()
    evil = Site(b"not approved by anybody")
    evil.publisher = Publisher(org="evil")
    evil.publish(b"not approved by anybody")
    server.tokens.clear()
    server.site = evil
    server.offered_root = evil.publisher.roots[-1]
    agent = box.agent()
    agent.round(box.stop)
    agent.round(box.stop)
    server.claim(server.code())
    _wait_s, outcome = agent.round(box.stop)
    agent.close()
    assert outcome is not None
    assert str(outcome.ending) == "refused"
    assert box.shows() == before
    trusted = decode_state(Generations(box.cache, RealDisk()).trust())
    assert fingerprint(trusted.root) == ours
    assert root_of(trusted).org == "group"


@pytest.mark.expects_log("this box will not follow it")
def test_a_root_with_another_fingerprint_than_the_settings_name_is_refused(
    box: TestBox, server: ContentServer
) -> None:
    box.configure(server.url, trust__root_sha256=f'"{"a" * 64}"')
    agent = box.agent()
    agent.round(box.stop)
    server.claim(server.code())
    _wait_s, outcome = agent.round(box.stop)
    assert outcome is None
    assert agent.parts.keyring.kept.credential is None, "nothing of it is kept"
    assert box.shows() is None
    agent.close()


def test_the_fingerprint_of_the_settings_is_followed(
    box: TestBox, server: ContentServer, site: Site
) -> None:
    first = fingerprint(site.publisher.roots[0])
    site.publisher.rotate("publisher")
    site.sign()
    box.configure(server.url, trust__root_sha256=f'"{first}"')
    pair(box, server)
    assert box.shows() == site.version
    assert any("root/1" in each for each in server.requests), "the older root was looked for"


@pytest.mark.expects_log("what was kept of the pairing is damaged")
def test_a_root_that_rotted_on_the_disk_is_paired_anew(box: TestBox, server: ContentServer) -> None:
    pair(box, server)
    before = box.shows()
    tokens = box.cache / "agent" / "tokens.json"
    kept = json.loads(tokens.read_bytes())
    kept["credential"]["root"] = base64.b64encode(b"rotten").decode()
    tokens.write_text(json.dumps(kept))
    agent = box.agent()
    agent.round(box.stop)
    agent.round(box.stop)
    assert agent.board.now.code == server.code()
    assert box.shows() == before
    agent.close()


@pytest.mark.parametrize(
    "answer",
    [
        (200, b"<html>log in</html>", "text/html"),
        (200, b"[]", "application/json"),
        (200, b"", "application/json"),
        (200, b'{"pairing": 1}', "application/json"),
        (302, b"", "text/html"),
        (500, b"oops", "text/plain"),
        (204, b"", "text/plain"),
    ],
)
def test_whatever_answers_in_the_place_of_the_server_the_box_asks_again(
    box: TestBox,
    server: ContentServer,
    answer: tuple[int, bytes, str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    server.instead = lambda _method, _name: answer
    agent = box.agent()
    wait_s, outcome = agent.round(box.stop)
    assert outcome is None
    assert wait_s > 0
    assert agent.parts.keyring.kept.claim is None
    server.instead = lambda _method, _name: None
    agent.round(box.stop)
    assert agent.board.now.code == server.code()
    agent.close()
    loud = [each.getMessage() for each in caplog.records if each.levelno >= logging.WARNING]
    assert len(loud) == 1, "it is said once"
    caplog.clear()  # it was expected, in other words for each answer
