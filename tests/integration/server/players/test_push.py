"""A box that listens is told at once, whichever process of the server the news came from."""

from collections.abc import Iterator

from content_cache.server_sent import ServerEvent, server_events
from tests.simulators.server_acts import act


def events(box, **headers: str) -> Iterator[ServerEvent]:
    """What a box hears, its pings left out."""
    headers = {"Authorization": f"Bearer {box.token}", **headers}
    with box.session.get(box.url("push"), headers=headers, stream=True, timeout=60) as answer:
        assert answer.status_code == 200, answer.text
        yield from server_events(answer.iter_content(None), "push")


def test_a_publication_of_another_process_is_heard(site):
    made = site()
    heard = events(made.box)
    assert next(heard).name is None  # the welcome: it is connected
    version = act(made.server.home, "publish", made.screen)
    told = next(event for event in heard if event.name)
    assert (told.name, told.last_id) == ("look", str(version))
    heard.close()


def test_whoever_comes_back_is_told_what_it_missed(site):
    made = site()
    heard = events(made.box, **{"Last-Event-ID": "1"})
    assert next(event for event in heard if event.name).name == "look"
    heard.close()


def test_what_is_wanted_is_said_and_stands_in_the_next_heartbeat(site):
    made = site()
    heard = events(made.box)
    next(heard)
    act(made.server.home, "want", made.screen, "screenshot")
    told = next(event for event in heard if event.name)
    assert (told.name, told.data) == ("wanted", '["screenshot"]')
    answer = made.box.post("heartbeat", {"boot": "boot-of-a-test"})
    assert answer.json()["wanted"] == ["screenshot"]
    heard.close()


def test_a_revoked_token_ends_its_connection_and_is_refused(site):
    made = site()
    heard = events(made.box)
    next(heard)
    act(made.server.home, "revoke", made.screen)
    assert [event for event in heard if event.name] == []
    assert made.box.get("freshness").status_code == 401
