"""A box comes to its screen: by a code, by a key, once more when its token died; never by a lie."""

import pytest

from manifest.trust_state import fingerprint
from tests.integration.agent.conftest import TestBox
from tests.simulators.content_server import ContentServer
from tests.simulators.site import Site


def pair(box: TestBox, server: ContentServer) -> None:
    agent = box.agent()
    agent.round(box.stop)
    server.claim(server.code())
    agent.round(box.stop)
    agent.close()


def test_an_unpaired_box_shows_the_code_and_plays_once_it_is_claimed(
    box: TestBox, server: ContentServer, site: Site
) -> None:
    agent = box.agent()
    wait_s, outcome = agent.round(box.stop)
    assert outcome is None
    assert wait_s == pytest.approx(1.0), "it asks again soon"
    card = box.bulletin().pairing
    assert card is not None
    assert card.code == server.code()
    assert card.server == f"{server.url}/pair"
    assert len(card.qr) == len(card.qr[0]) >= 21
    server.claim(card.code)
    _wait_s, outcome = agent.round(box.stop)
    assert outcome is not None
    assert str(outcome.ending) == "activated"
    assert box.shows() == site.version
    card = box.bulletin().pairing
    assert card is not None
    assert card.is_paired
    assert card.code == ""
    assert card.fingerprint == fingerprint(site.publisher.roots[-1])
    agent.close()


def test_the_token_file_is_readable_by_the_agent_alone(box: TestBox, server: ContentServer) -> None:
    pair(box, server)
    tokens = box.cache / "agent" / "tokens.json"
    assert tokens.stat().st_mode & 0o777 == 0o600


def test_a_code_outlives_a_restart(box: TestBox, server: ContentServer) -> None:
    first = box.agent()
    first.round(box.stop)
    first.close()
    code = server.code()
    second = box.agent()
    second.round(box.stop)
    second.close()
    assert server.code() == code
    assert len(server.boxes) == 1


def test_a_code_that_expired_is_replaced(box: TestBox, server: ContentServer) -> None:
    agent = box.agent()
    agent.round(box.stop)
    server.boxes.clear()
    agent.round(box.stop)
    agent.round(box.stop)
    card = box.bulletin().pairing
    assert card is not None
    assert card.code == server.code()
    agent.close()
